// npm run l10n: holds l10n/bundle.l10n.json against the strings in the source, and package.nls.json
// against the keys in package.json. With --write it writes the bundle.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { filesUnder, packageJson, root } from './lib/project.mjs';

const bundleFile = path.join(root, 'l10n/bundle.l10n.json');

async function bundleOfSource() {
  const { getL10nJson } = await import('@vscode/l10n-dev');
  const sources = filesUnder('src/extension').map((file) => ({
    extension: '.ts',
    contents: readFileSync(path.join(root, file), 'utf8'),
  }));
  const strings = await getL10nJson(sources);
  const sorted = Object.entries(strings).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

function keyProblems() {
  const used = new Set();
  const collect = (value) => {
    if (typeof value === 'string') {
      const key = /^%([^%]+)%$/u.exec(value)?.[1];
      if (key !== undefined) used.add(key);
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(collect);
  };
  collect(packageJson());
  const there = new Set(Object.keys(JSON.parse(read('package.nls.json') ?? '{}')));
  return [
    ...[...used].filter((key) => !there.has(key)).map((key) => `package.nls.json lacks ${key}`),
    ...[...there].filter((key) => !used.has(key)).map((key) => `package.json does not use ${key}`),
  ];
}

function read(file) {
  try {
    return readFileSync(path.resolve(root, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

await ensureInstalled();
const wanted = await bundleOfSource();
const problems = keyProblems();
if (process.argv.includes('--write')) {
  mkdirSync(path.dirname(bundleFile), { recursive: true });
  writeFileSync(bundleFile, wanted);
} else if (read(bundleFile) !== wanted) {
  problems.push('l10n/bundle.l10n.json differs from the source: npm run l10n -- --write');
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

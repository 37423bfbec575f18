// npm run bench: prints the rows of DESIGN.md §11 that exist so far, keeps them in docs/bench.json,
// and says which got worse by half.   npm run bench -- 100 10000   other sizes
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { root, run } from './lib/project.mjs';

const kept = path.join(root, 'docs/bench.json');
const sizes = process.argv.slice(2);
await ensureInstalled();
const { buildTests } = await import('../esbuild.mjs');
await buildTests(() => false);
const bench = path.join(root, 'dist-test/tools/bench.main.js');
const args = [bench, ...(sizes.length > 0 ? sizes : ['100', '10000'])];
const { status, output } = await run(process.execPath, args, { capture: true, timeout: 900_000 });
const lines = output.trimEnd().split('\n');
if (status !== 0) {
  console.error(output);
  process.exit(1);
}
console.log(lines.slice(0, -1).join('\n'));
const now = JSON.parse(lines.at(-1));
const before = readKept();
for (const [what, value] of Object.entries(now))
  if (before[what] !== undefined && value > before[what] * 1.5)
    console.log(`WORSE by half: ${what}: ${before[what]} before, ${value} now`);
writeFileSync(kept, `${JSON.stringify({ ...before, ...now }, null, 2)}\n`);

function readKept() {
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

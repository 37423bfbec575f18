// Bundles the extension, the CLI with the extension's worker, and the webview to dist/, the tests to dist-test/.
//   node esbuild.mjs [--production] [--tests] [--watch]
import { build, context } from 'esbuild';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesUnder, root } from './scripts/lib/project.mjs';
import { sizeFailures, sizeReport } from './scripts/lib/sizes.mjs';

// jsonc-parser's main is UMD, which no bundler can follow.
const mainFields = ['module', 'main'];
const wasm = path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm');

/** @param {boolean} production @returns {import('esbuild').BuildOptions[]} */
function productBundles(production) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    charset: 'utf8',
  };
  const node = {
    ...common,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields,
    outdir: 'dist',
  };
  return [
    { ...node, entryPoints: { extension: 'src/extension/main.ts' }, external: ['vscode'] },
    { ...node, entryPoints: { cli: 'src/cli/main.ts' } },
    {
      ...common,
      entryPoints: { timeline: 'src/webview/main.ts' },
      outdir: 'dist/webview',
      platform: 'browser',
      format: 'iife',
      // Chromium of VS Code 1.100, the oldest that is supported.
      target: 'chrome132',
      conditions: [production ? 'production' : 'development'],
    },
  ];
}

/**
 * @param {(file: string) => boolean} wanted picks among the test files
 * @returns {import('esbuild').BuildOptions}
 */
function testBundle(wanted) {
  const isTest = /^test\/(unit|cli|engine|sync|agreement|faults|host|ui)\/.*\.test\.ts$/u;
  const isTool = /^test\/(host\/index|tools\/[^/]*\.main)\.ts$/u;
  return {
    absWorkingDir: root,
    entryPoints: filesUnder('test').filter(
      (file) => isTool.test(file) || (isTest.test(file) && wanted(file)),
    ),
    outbase: 'test',
    outdir: 'dist-test',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields,
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'silent' },
    keepNames: true,
    external: ['vscode', 'mocha', 'playwright-core', 'typescript', 'fast-check', '@vscode/*'],
  };
}

async function copyAssets() {
  await mkdir(path.join(root, 'dist/webview'), { recursive: true });
  await copyFile(wasm, path.join(root, 'dist/sql-wasm.wasm'));
  // A name of its own, so that nobody takes a thread for the program.
  await writeFile(path.join(root, 'dist/worker.js'), "require('./cli.js');\n");
  const icons = path.join(root, 'node_modules/@vscode/codicons/dist');
  for (const file of ['codicon.css', 'codicon.ttf'])
    await copyFile(path.join(icons, file), path.join(root, 'dist/webview', file));
}

/** The engine looks for its wasm beside the bundle that it is part of. */
async function copyTestAssets() {
  const bundles = filesUnder('dist-test').filter((file) => file.endsWith('.js'));
  const folders = new Set(bundles.map((file) => path.dirname(file)));
  for (const folder of folders) await copyFile(wasm, path.join(root, folder, 'sql-wasm.wasm'));
}

/** Builds dist/, minified and without source maps for production. */
export async function buildProduct({ production = false } = {}) {
  // Files are replaced, not removed first: a window or a test may have them open.
  await copyAssets();
  await Promise.all(productBundles(production).map((one) => build(one)));
  await chmod(path.join(root, 'dist/cli.js'), 0o755);
  if (production) await removeFiles('dist', (file) => file.endsWith('.map'));
}

async function removeFiles(folder, unwanted) {
  for (const file of filesUnder(folder).filter(unwanted)) await rm(path.join(root, file));
}

/** Builds dist-test/ from nothing: one bundle for each wanted test file, and the tools. */
export async function buildTests(wanted = () => true) {
  await rm(path.join(root, 'dist-test'), { recursive: true, force: true });
  await build(testBundle(wanted));
  await copyTestAssets();
}

async function watch() {
  await copyAssets();
  const bundles = productBundles(false);
  const contexts = await Promise.all(bundles.map((one) => context({ ...one, logLevel: 'info' })));
  await Promise.all(contexts.map((one) => one.watch()));
}

async function main(flags) {
  if (flags.has('--watch')) return watch();
  const production = flags.has('--production');
  await buildProduct({ production });
  if (flags.has('--tests')) await buildTests();
  if (!production) return;
  console.log(await sizeReport());
  const failures = await sizeFailures();
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(new Set(process.argv.slice(2))).catch((error) => {
    // esbuild has printed its own messages with the places.
    if (!error.errors) console.error(error);
    process.exitCode = 1;
  });
}

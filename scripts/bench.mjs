// Measures the rows of DESIGN.md §11, keeps their ratios in docs/bench.json, and says which got worse
// by half since then. How to read the table: docs/BENCH.md.
//   npm run bench                   100, 10,000 and 100,000 events
//   npm run bench -- 100 2000       other sizes
//   npm run bench -- --markdown     the table in Markdown
//   npm run bench -- --dry-run      leaves docs/bench.json as it is
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { root, run } from './lib/project.mjs';
import { nodeProgram } from './lib/vscodeServer.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    markdown: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
  },
});

const kept = path.join(root, 'docs/bench.json');
const limit = 20 * 60_000;

await ensureInstalled();
// A folder of its own: a test run beside this one makes dist-test anew.
const program = mkdtempSync(path.join(root, 'node_modules/.prompt-audit-bench-'));
try {
  await buildInto(program);
  const now = path.join(program, 'values.json');
  const sizes = positionals.length > 0 ? positionals : ['100', '10000', '100000'];
  const { status, timedOut } = await run(
    process.execPath,
    [
      path.join(program, 'bench.main.js'),
      ...sizes,
      `--values=${now}`,
      `--worker=${path.join(program, 'worker.js')}`,
      ...(await sqliteArguments()),
      ...(values.markdown ? ['--markdown'] : []),
    ],
    { timeout: limit },
  );
  if (timedOut) console.error('The bench did not end in time and was stopped.');
  if (status === 0) compare(JSON.parse(readFileSync(now, 'utf8')));
  else process.exitCode = 1;
} finally {
  rmSync(program, { recursive: true, force: true });
}

async function buildInto(outdir) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    // The worker lies beside the program under its own name, as in dist/: verify finds it there.
    entryPoints: { 'bench.main': 'test/tools/bench.main.ts', worker: 'src/worker/main.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'silent' },
  });
  const wasm = path.join(root, 'node_modules/sql.js/dist/sql-wasm.wasm');
  await copyFile(wasm, path.join(outdir, 'sql-wasm.wasm'));
  // Where no worker lies beside it, it does everything on one thread.
  const alone = path.join(outdir, 'alone');
  mkdirSync(alone);
  for (const name of ['bench.main.js', 'sql-wasm.wasm'])
    await copyFile(path.join(outdir, name), path.join(alone, name));
}

/** Native SQLite is in Node 24. Without it, as without a network, its columns stay empty. */
async function sqliteArguments() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return [`--node24=${process.execPath}`];
  try {
    return [`--node24=${await nodeProgram(24, console.log)}`];
  } catch (error) {
    console.error(`No comparison with native SQLite: ${error.message}`);
    return [];
  }
}

function compare(now) {
  const before = readKept();
  for (const [what, value] of Object.entries(now))
    if (before[what] !== undefined && value > before[what] * 1.5)
      console.log(`WORSE by half: ${what}: ${before[what]} before, ${value} now`);
  if (values['dry-run']) return;
  writeFileSync(kept, `${JSON.stringify({ ...before, ...now }, null, 2)}\n`);
}

function readKept() {
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { filesUnder, root, run, tool } from './project.mjs';

const minute = 60_000;
export const newestVsCode = '4.139.1';
export const oldestVsCode = '4.100.3';

/** Which test files of the engine are about what git's history did: observation, import, coverage, hooks. */
function isHistory(file) {
  return /\/(observe|import|coverage|hooks|redaction|purge)\w*\.test\.js$/u.test(file);
}

/** Every suite in the order in which it runs; `milliseconds` is when it is ended as hanging. */
export const suites = [
  { name: 'unit', kind: 'unit', milliseconds: 10 * minute },
  { name: 'cli', kind: 'cli', milliseconds: 12 * minute },
  // Real git, processes that are killed, every byte flipped: slower than test:fast may be. Two halves, beside each other.
  { name: 'engine', kind: 'engine', milliseconds: 35 * minute, has: (file) => !isHistory(file) },
  { name: 'history', kind: 'engine', milliseconds: 35 * minute, has: isHistory },
  // Ten clones at once, networks that fail, hostile branches: on git servers over file, ssh and HTTP.
  { name: 'sync', kind: 'sync', milliseconds: 35 * minute },
  // docs/verify.py and this program on every golden ledger and many tampered ones.
  { name: 'agreement', kind: 'agreement', milliseconds: 15 * minute },
  // A fixed share of all faults; `--whole` runs all of them.
  { name: 'faults', kind: 'faults', milliseconds: 20 * minute },
  { name: 'host', kind: 'host', milliseconds: 10 * minute, version: newestVsCode },
  { name: 'host-oldest', kind: 'host', milliseconds: 10 * minute, version: oldestVsCode },
  { name: 'ui', kind: 'ui', milliseconds: 20 * minute },
];

/** Milliseconds of a test that names none itself; a machine may be busy with the other suites. */
const timeouts = { engine: minute, ui: 2 * minute };

/**
 * Runs one suite from dist-test/. A suite that crashes, hangs or runs nothing has one failure more.
 * With `capture` its output is in the result, instead of on the terminal.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: { title: string, error?: string }[], output: string, problem?: string }>}
 */
export async function runSuite(suite, { grep, capture = false } = {}) {
  const results = path.join(root, 'test-results', `${suite.name}.json`);
  rmSync(results, { force: true });
  // What an earlier run kept would be taken for this one's.
  if (suite.kind === 'ui')
    rmSync(path.join(root, 'test-results/screenshots'), { recursive: true, force: true });
  const command = suite.kind === 'host' ? hostCommand(suite.version) : mochaCommand(suite, grep);
  if (command === null) return { ...nothing, failed: 1, output: '', problem: 'there are no tests' };
  const ended = await run(process.execPath, command, {
    capture,
    timeout: suite.milliseconds,
    env: {
      ...process.env,
      PROMPT_AUDIT_RESULTS: results,
      PROMPT_AUDIT_GREP: grep ?? '',
      NODE_OPTIONS: '',
    },
  });
  return { ...judge(ended, results, grep !== undefined), output: ended.output };
}

function mochaCommand({ kind, has = () => true }, grep) {
  const files = filesUnder(`dist-test/${kind}`).filter(
    (file) => file.endsWith('.test.js') && has(file),
  );
  if (files.length === 0) return null;
  return [
    '--enable-source-maps',
    tool('mocha', 'bin/mocha.js'),
    '--reporter',
    path.join(root, 'scripts/lib/mochaReporter.cjs'),
    ...(kind in timeouts ? ['--timeout', String(timeouts[kind])] : []),
    ...(grep === undefined ? [] : ['--grep', grep]),
    ...files,
  ];
}

function hostCommand(version) {
  return ['--enable-source-maps', path.join(root, 'dist-test/tools/runHost.main.js'), version];
}

const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] };

function judge(process, results, partial) {
  const { ended, passed, failed, skipped, tests } = existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { ended: false, ...nothing, tests: [] };
  const failures = tests.filter(({ outcome }) => outcome === 'failed');
  const fail = (problem) => ({ passed, failed: failed + 1, skipped, failures, problem });
  if (process.timedOut) return fail('it did not end in time and was stopped');
  if (!ended) return fail(`it ended with status ${process.status} before all its tests had run`);
  if (process.status !== 0 && failed === 0) return fail(`it ended with status ${process.status}`);
  if (passed + failed === 0 && !partial) return fail('it ran no test');
  return { passed, failed, skipped, failures };
}

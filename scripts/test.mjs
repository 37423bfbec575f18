// Runs the checks and the tests; typed alone, everything, from a fresh clone.
//   npm test                        all checks and suites
//   npm run test:fast               the suites unit and cli
//   npm run test:faults             every fault at every call of the ledger, instead of a share of them
//   npm test -- --only unit,host    some suites (unit, cli, engine, history, sync, agreement, faults, host, host-oldest, ui), without the checks
//   npm test -- --grep TEXT         only tests whose title matches
//   npm test -- --only unit FILE…   only test files whose path contains FILE
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { checks, runChecks } from './lib/checks.mjs';
import { ensurePrograms } from './lib/programs.mjs';
import { sizeFailures, sizeReport } from './lib/sizes.mjs';
import { runSuite, suites } from './lib/suites.mjs';
import { packVsix } from './lib/vsix.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fast: { type: 'boolean', default: false },
    only: { type: 'string' },
    grep: { type: 'string' },
    whole: { type: 'boolean', default: false },
  },
});

// test/tools/faults/share.ts asks for it.
if (values.whole) process.env.PROMPT_AUDIT_FAULTS = 'all';

const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, to be said once more at the end: the output above it is long. */
const failures = [];
const started = Date.now();

async function main() {
  const names = values.fast ? ['unit', 'cli'] : values.only?.split(',');
  const unknown = names?.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const known = suites.map((suite) => suite.name).join(', ');
    throw new Error(`There is no suite ${unknown}. The suites are: ${known}.`);
  }
  const chosen = suites.filter((suite) => names?.includes(suite.name) ?? true);
  await ensureInstalled();
  await ensurePrograms(new Set(chosen.map(({ kind }) => kind)));
  if (names === undefined) addFailures(await runChecks(checks));
  await buildFor(chosen);
  if (names === undefined) await checkSizes();
  await runAll(chosen);
  if (total.passed + total.failed === 0) throw new Error('No test ran.');
}

/** Suites that only need Node run beside each other, the longest first; those with a VS Code one after the other. */
async function runAll(chosen) {
  const needsEditor = (suite) => suite.kind === 'host' || suite.kind === 'ui';
  const light = chosen.filter((suite) => !needsEditor(suite));
  const waiting = light.toSorted((a, b) => b.milliseconds - a.milliseconds);
  const runner = async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift())
      await runOne(suite, { capture: light.length > 1 });
  };
  // More at once would only make each so slow that tests run into their limits.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, runner));
  for (const suite of chosen.filter(needsEditor)) await runOne(suite);
}

async function runOne(suite, { capture = false } = {}) {
  if (!capture) heading(suite.name);
  const result = await runSuite(suite, { grep: values.grep, capture });
  if (capture) heading(suite.name);
  console.log(result.output);
  if (result.problem) noteFailure(`The suite ${suite.name} failed: ${result.problem}.`);
  for (const { title, error } of result.failures)
    failures.push(`${suite.name}: ${title}\n${error ?? ''}`);
  console.log(`${suite.name}: ${result.passed} passed, ${result.failed} failed`);
  for (const key of Object.keys(total)) total[key] += result[key];
}

/** A check that fails counts as one failure; the tests run all the same. */
function addFailures(texts) {
  total.failed += texts.length;
  failures.push(...texts);
}

function noteFailure(text) {
  console.error(`\n${text}`);
  failures.push(text);
}

async function buildFor(chosen) {
  heading('build');
  // Only now: esbuild is there after the installation.
  const { buildProduct, buildTests } = await import('../esbuild.mjs');
  const kinds = new Set(chosen.map((suite) => suite.kind));
  const wanted = (file) =>
    kinds.has(file.split('/')[1]) &&
    (positionals.length === 0 || positionals.some((part) => file.includes(part)));
  // What ships is what is tested, so this is the production build.
  const needsProduct = [...kinds].some((kind) => !['unit', 'faults', 'agreement'].includes(kind));
  if (needsProduct) await buildProduct({ production: true });
  await buildTests(wanted);
  // The journeys run what a user installs.
  if (kinds.has('ui')) await packVsix('dist-test/packed.vsix');
}

async function checkSizes() {
  console.log(await sizeReport());
  const tooBig = await sizeFailures();
  for (const one of tooBig) console.error(one);
  addFailures(tooBig);
}

function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(3, 70 - text.length))}`);
}

try {
  await main();
} catch (error) {
  total.failed += 1;
  // esbuild has printed its own messages with the places.
  if (!error.errors) noteFailure(error.message);
}
if (failures.length > 0) {
  heading('what failed');
  for (const text of failures) console.error(`${text}\n`);
}
console.log(`\n${Math.round((Date.now() - started) / 1000)} s, ${total.skipped} skipped`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

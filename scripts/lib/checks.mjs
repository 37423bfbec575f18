import { run, tool } from './project.mjs';

/** What `npm test` checks before the tests; each is a name and a program of Node. */
export const checks = [
  { name: 'types', args: [tool('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'lint', args: [tool('eslint', 'bin/eslint.js'), '.', '--max-warnings=0'] },
  { name: 'format', args: [tool('prettier', 'bin/prettier.cjs'), '--check', '.'] },
  { name: 'l10n', args: ['scripts/l10n.mjs'] },
];

/** Runs the checks two at a time and prints what each says. Returns the name of each that failed, with what it said. */
export async function runChecks(list) {
  const waiting = [...list];
  const failures = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { status, output } = await run(process.execPath, check.args, { capture: true });
      console.log(`\n── ${check.name}: ${status === 0 ? 'ok' : 'FAILED'}`);
      if (status === 0) continue;
      console.log(output.trimEnd());
      failures.push(`${check.name}\n${output.trimEnd()}`);
    }
  };
  await Promise.all([worker(), worker()]);
  return failures;
}

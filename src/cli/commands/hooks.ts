import { realpath } from 'node:fs/promises';
import type { ExitStatus } from '../../core/errors.js';
import { hookNames, type HookName, type HookRow } from '../../git/hooksApi.js';
import { runHook } from '../../trail/hookRun.js';
import { hooks as gitHooks, type HooksAction } from '../../trail/hooks.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { failureOf } from '../failure.js';
import { printable } from '../printable.js';
import type { Paint } from '../style.js';
import { table } from '../table.js';
import { programName } from '../tool.js';
import { usageError } from '../usageError.js';

const actions = ['install', 'remove', 'status', 'run'] as const;
type Action = (typeof actions)[number];
const usageLine = 'install [--pre-commit] [--pre-push] [--strict] | remove | status | run HOOK';

export const hooksCommand: Command = {
  name: 'hooks',
  summary: 'Let git itself record before a commit and sync before a push.',
  usage: usageLine,
  details: [
    'Hooks that are there keep working, and run first. What husky runs gets the lines, too; for lefthook,',
    'pre-commit and folders that others share it says what to add. The hook pre-commit records what is staged',
    'and stops no commit; pre-push syncs, and a sync that fails stops the push only with --strict.',
    'run is what the hooks call. HOOK is pre-commit or pre-push.',
    'Exit status: 0 all are there (remove: gone), 1 not all of them, or something is left for you to do.',
  ],
  options: {
    'pre-commit': { type: 'boolean', help: 'Only this one; without both options both.' },
    'pre-push': { type: 'boolean', help: 'Only this one; without both options both.' },
    strict: { type: 'boolean', help: 'A sync that fails stops the push.' },
  },
  examples: [
    { line: 'hooks install', does: 'both' },
    { line: 'hooks remove', does: 'as it was before' },
  ],
  positionals: [1, 2],
  writes: false,
  async run(invocation) {
    const { positionals } = invocation;
    const action = actions.find((one) => one === positionals[0]);
    if (action === undefined) throw wrong('hooks takes install, remove or status.');
    const named = hookNames.filter((hook) => invocation.flag(hook));
    const strict = invocation.flag('strict');
    if (action === 'run') return runFromGit(invocation, strict && positionals[1] === 'pre-push');
    if (positionals.length > 1) throw wrong(`hooks ${action} takes no "${positionals[1]}".`);
    if (action !== 'install' && (named.length > 0 || strict))
      throw wrong(`hooks ${action} takes no option.`);
    const hooks = named.length === 0 ? hookNames : named;
    if (strict && !hooks.includes('pre-push')) throw wrong('--strict is for --pre-push.');
    const rows = await gitHooks(invocation.cwd, await actionOf(action, hooks, strict));
    await print(invocation, {
      query: { command: 'hooks', action, ...(action === 'install' ? { hooks, strict } : {}) },
      ledger: null,
      rows,
      human: () => textOf(rows, action, invocation.paint),
    });
    const wanted = action === 'remove' ? 'absent' : 'installed';
    return rows.every(({ state }) => state === wanted) ? 0 : 1;
  },
};

async function actionOf(
  action: Exclude<Action, 'run'>,
  hooks: readonly HookName[],
  strict: boolean,
): Promise<HooksAction> {
  if (action !== 'install') return { kind: action };
  const started = process.argv[1] ?? '';
  // npm puts a link on the PATH.
  const script = await realpath(started).catch(() => started);
  return { kind: 'install', hooks, strict, program: { node: process.execPath, script } };
}

/** What hooks call. git goes on whatever happens, unless `strict`. */
async function runFromGit(invocation: Invocation, strict: boolean): Promise<0 | ExitStatus> {
  const { positionals, terminal, trailOptions } = invocation;
  const hook = hookNames.find((one) => one === positionals[1]);
  if (hook === undefined) throw wrong('hooks run takes pre-commit or pre-push.');
  const options = { ...trailOptions, signing: 'auto' } as const;
  try {
    await runHook({ hook, options, env: terminal.env });
    return 0;
  } catch (error) {
    const { text } = failureOf(error, false);
    const what = hook === 'pre-commit' ? 'not recorded before the commit' : 'not synced';
    const end = strict ? ' The push stops here; to push all the same: git push --no-verify' : '';
    const line = text
      .replace(`${programName}: `, '')
      .replace(/\s*\n\s*/g, ' ')
      .trim();
    terminal.err(`${programName}: ${what}: ${line}${end}\n`);
    return strict ? 1 : 0;
  }
}

function textOf(rows: readonly HookRow[], action: Action, paint: Paint): string {
  const lines = rows.map((row) => [row.hook, stateOf(row, action), row.file ?? '']);
  const advice = [...new Set(rows.flatMap((row) => (row.advice === null ? [] : [row.advice])))];
  return table(lines, { paint }) + advice.map((one) => `${printable(one)}\n`).join('');
}

function stateOf({ state, isNew, strict }: HookRow, action: Action): string {
  const strictly = strict ? ' (strict)' : '';
  switch (state) {
    case 'installed':
      return `${action === 'install' && !isNew ? 'installed before' : 'installed'}${strictly}`;
    case 'absent':
      return isNew ? 'removed' : 'not installed';
    case 'by-hand':
      return 'left to you';
  }
}

function wrong(message: string): Error {
  return usageError(message, `Usage: ${programName} hooks ${usageLine}`);
}

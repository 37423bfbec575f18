import type { Compared, CompareInput } from '../../trail/compareApi.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import { clockCaveat } from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { comparedText } from '../comparedText.js';
import { assertKnownEnvironment } from '../knownEnvironment.js';
import { promptPath } from '../paths.js';
import { pathContext, targetOf } from '../target.js';
import { parseTime } from '../time.js';
import { usageError } from '../usageError.js';

export const diff: Command = {
  name: 'diff',
  summary: 'What differs between two versions, or between what was active at two times.',
  usage: 'PATH[@vN] [PATH[@vN]] | PATH --env ENV --from TIME [--to TIME] [--json]',
  details: [
    'With one version: what it changed against the one before it. Changed words are marked inside their lines:',
    '[-gone-] and {+new+}. Below stand the versions that led from one side to the other, with who and why.',
    'TIME is ISO 8601; without an offset it is local, a date alone means the start of that day.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'Compare what was active in this environment.' },
    from: { type: 'string', value: 'TIME', help: 'The older side: what was active then.' },
    to: { type: 'string', value: 'TIME', help: 'The newer side; without it: now.' },
  },
  examples: [
    {
      line: 'diff prompts/triage.prompt.md@v3 prompts/triage.prompt.md@v5',
      does: 'what changed from v3 to v5',
    },
    {
      line: 'diff prompts/triage.prompt.md --env production --from 2026-03-01 --to 2026-04-01',
      does: 'what changed in production in March',
    },
  ],
  positionals: [1, 2],
  writes: false,
  async run(invocation) {
    const trail = await invocation.trail();
    const input = await inputOf(invocation, trail);
    const compared = await trail.compare(input);
    const { diff: found, between, problems } = compared;
    await print(invocation, {
      query: { command: 'diff', ...input },
      ledger: await trail.point(),
      rows: [compared],
      counts: {
        removed: found?.removed ?? 0,
        added: found?.added ?? 0,
        between: between.length,
      },
      caveats: [...problems, ...caveatsOf(compared, input), ...(await doubtsOf(trail, input))],
      human: () => comparedText(compared, invocation.paint),
    });
    return problems.length === 0 ? 0 : 1;
  },
};

function caveatsOf({ before, after }: Compared, input: CompareInput): string[] {
  const isOther =
    before !== null && after !== null && before.version.prompt !== after.version.prompt;
  return [
    ...(isOther ? ['These are versions of two prompts: none led to the other.'] : []),
    ...('env' in input ? [clockCaveat] : []),
  ];
}

async function doubtsOf(trail: Trail, input: CompareInput): Promise<readonly string[]> {
  if (!('env' in input)) return [];
  const { path, env, from, to } = input;
  const found: string[] = [];
  for (const at of [from, to]) found.push(...(await trail.clockDoubts({ path, env, at })));
  return [...new Set(found)];
}

async function inputOf(invocation: Invocation, trail: Trail): Promise<CompareInput> {
  const [first = '', second] = invocation.positionals;
  const [env, from, to] = ['env', 'from', 'to'].map((option) => invocation.text(option));
  const context = pathContext(invocation, trail);
  if (env !== undefined) {
    if (second !== undefined || from === undefined)
      throw usageError(
        second === undefined ? 'diff --env needs --from TIME.' : 'diff --env takes one PATH.',
        'Type "prompt-audit help diff".',
      );
    await assertKnownEnvironment(trail, env);
    const now = invocation.terminal.now().toISOString();
    const times = {
      from: parseTime(from, '--from'),
      to: to === undefined ? now : parseTime(to, '--to'),
    };
    if (times.from > times.to)
      throw usageError(
        to === undefined ? '--from is a time that has not come.' : '--from is later than --to.',
        'Give the earlier time with --from.',
      );
    return { path: await promptPath(first, context), env, ...times };
  }
  if (from !== undefined || to !== undefined)
    throw usageError('--from and --to need --env ENV.', 'Type "prompt-audit help diff".');
  const named = await targetOf(first, context, trail);
  if (second !== undefined)
    return { before: named.name, after: (await targetOf(second, context, trail)).name };
  const version = await trail.version(named.name);
  const before = (await trail.versions(named.path)).find(
    ({ number }) => number === version.number - 1,
  );
  if (before === undefined)
    throw usageError(
      `${version.path} ${version.label} is the first version: there is none before it.`,
      'Name two versions, or see its text with: prompt-audit show PATH@v1',
    );
  return { before: before.id, after: version.id };
}

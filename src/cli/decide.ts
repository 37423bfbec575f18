import { PromptAuditError, type ExitStatus } from '../core/errors.js';
import type { DecisionKind } from '../core/event.js';
import { reasonText } from '../core/reasons.js';
import type { VersionRow } from '../core/rows.js';
import type { Trail } from '../trail/api.js';
import type { DecidedRow, DecisionWords } from '../trail/reviewApi.js';
import { print } from './answer.js';
import type { Invocation, OptionSpec } from './command.js';
import { confirmed, yesOption } from './confirm.js';
import { printable } from './printable.js';
import { pathContext, targetOf, type Target } from './target.js';
import { uncountedText } from './uncounted.js';
import { stateText, versionText } from './versionText.js';
import { fullPerson } from './words.js';

export const decideOptions: Readonly<Record<string, OptionSpec>> = {
  message: {
    type: 'string',
    short: 'm',
    value: 'TEXT',
    help: 'The reason; needed unless you approve.',
  },
  meaning: {
    type: 'string',
    value: 'TEXT',
    help: 'What your decision means, such as "medical review".',
  },
  yes: yesOption,
};

export const decideDetails: readonly string[] = [
  'A person at a terminal is asked first. A refused decision (exit status 1) is recorded as refused.',
  'Several versions are confirmed together; each is judged on its own.',
];

const verbs: Readonly<Record<DecisionKind, { asked: string; done: string; doing: string }>> = {
  approved: { asked: 'Approve', done: 'Approved', doing: 'approve' },
  'changes-requested': {
    asked: 'Request changes',
    done: 'Requested changes of',
    doing: 'request changes to',
  },
  rejected: { asked: 'Reject', done: 'Rejected', doing: 'reject' },
};

/** What `approve`, `request-changes` and `reject` have in common. */
export async function decide(
  invocation: Invocation,
  command: string,
  decision: DecisionKind,
): Promise<0 | ExitStatus> {
  const trail = await invocation.trail();
  const context = pathContext(invocation, trail);
  const targets: Target[] = [];
  for (const argument of invocation.positionals)
    targets.push(await targetOf(argument, context, trail));
  const { words, shown } = await asked(invocation, trail, targets, decision);
  const [one] = targets;
  if (targets.length > 1)
    return decideTogether(invocation, trail, { command, targets, words, shown });
  // What the person saw and confirmed, even if a newer version has come meanwhile.
  const target = shown[0]?.id ?? one!.name;
  const version = await trail.decide({ target, ...words });
  const uncounted = decision === 'approved' ? await uncountedText(trail, version) : '';
  await print(invocation, {
    query: { command, path: one!.path, version: one!.version, ...queryOf(words) },
    ledger: await trail.point(),
    rows: [version],
    human: () => decidedLine(version, words) + uncounted,
  });
  return 0;
}

interface Together {
  readonly command: string;
  readonly targets: readonly Target[];
  readonly words: DecisionWords;
  readonly shown: readonly VersionRow[];
}

async function decideTogether(
  invocation: Invocation,
  trail: Trail,
  { command, targets, words, shown }: Together,
): Promise<0 | ExitStatus> {
  const rows = await trail.decideAll({
    targets: shown.length > 0 ? shown.map(({ id }) => id) : targets.map(({ name }) => name),
    ...words,
  });
  const refused = rows.filter((row) => row.event === null);
  const uncounted: string[] = [];
  for (const { event, version } of rows)
    uncounted.push(
      event === null || words.decision !== 'approved'
        ? ''
        : await uncountedText(trail, version, event),
    );
  await print(invocation, {
    query: {
      command,
      targets: targets.map(({ path, version }) => ({ path, version })),
      ...queryOf(words),
    },
    ledger: await trail.point(),
    rows,
    counts: { refused: refused.length },
    human: () => rows.map((row, at) => togetherText(row, words) + uncounted[at]!).join(''),
  });
  return refused.length > 0 ? 1 : 0;
}

const queryOf = ({ envs }: DecisionWords): { envs?: readonly string[] } =>
  envs === undefined ? {} : { envs };

function togetherText(row: DecidedRow, words: DecisionWords): string {
  if (row.event !== null) return decidedLine(row.version, words);
  const what = `Refused to ${verbs[words.decision].doing} ${versionText(row.version)}, which was recorded:`;
  const reasons = row.refused.map((code) => `  - ${printable(reasonText(code))}\n`);
  return `${printable(what)}\n${reasons.join('')}`;
}

function decidedLine(version: VersionRow, { decision, identity, envs }: DecisionWords): string {
  const where = envs === undefined ? '' : ` for ${envs.join(', ')}`;
  return (
    `${printable(`${verbs[decision].done} ${versionText(version)}${where}: ${stateText(version)}`)}` +
    `${identity === 'unattended' ? ' (recorded as unattended)' : ''}.\n`
  );
}

async function asked(
  invocation: Invocation,
  trail: Trail,
  targets: readonly Target[],
  decision: DecisionKind,
): Promise<{ words: DecisionWords; shown: readonly VersionRow[] }> {
  const shown: VersionRow[] = [];
  const envs = invocation.texts('env');
  const identity = await confirmed(invocation, async () => {
    for (const target of targets) shown.push(await trail.version(target.name));
    const { me } = await trail.status();
    if (me === null) throw nobody();
    const where = envs.length === 0 ? '' : ` for ${envs.join(', ')}`;
    const question = `${verbs[decision].asked}${where} as ${fullPerson(me)}:`;
    const [one, ...others] = shown.map(versionText);
    if (others.length === 0) return `${question} ${one ?? ''}?`;
    return [
      question,
      ...shown.map((version) => `  ${versionText(version)}`),
      `All ${shown.length}?`,
    ];
  });
  const asks =
    identity === 'unattended' || decision !== 'approved'
      ? { reason: false, meanings: [] }
      : await trail.approvalAsks(shown.map(({ id }) => id));
  const needsReason = asks.reason || (decision !== 'approved' && identity !== 'unattended');
  const reason =
    invocation.text('message') ??
    (needsReason ? await invocation.terminal.ask('Reason: ') : undefined);
  const meaning = invocation.text('meaning') ?? (await askedMeaning(invocation, asks.meanings));
  const words: DecisionWords = {
    decision,
    identity,
    ...(reason === undefined ? {} : { reason }),
    ...(meaning === undefined ? {} : { meaning }),
    ...(envs.length === 0 ? {} : { envs }),
  };
  return { words, shown };
}

/** The policy names the texts: the person chooses one by its number. */
async function askedMeaning(
  { terminal }: Invocation,
  meanings: readonly string[],
): Promise<string | undefined> {
  if (meanings.length === 0) return undefined;
  const lines = meanings.map((text, i) => printable(`  ${i + 1}  ${text}`));
  const answer = await terminal.ask(`What it means:\n${lines.join('\n')}\nNumber: `);
  return meanings[Number(answer.trim()) - 1] ?? answer.trim();
}

function nobody(): PromptAuditError {
  return new PromptAuditError({
    code: 'identity.missing',
    message: 'git does not know who you are, so nobody can be named in the record.',
    remedy: 'Set git config user.name and git config user.email, then try again.',
  });
}

import { PromptAuditError, type ExitStatus } from '../core/errors.js';
import type { DecisionKind } from '../core/event.js';
import type { VersionRow } from '../core/rows.js';
import type { DecideInput, Trail } from '../trail/api.js';
import { print } from './answer.js';
import type { Invocation, OptionSpec } from './command.js';
import { confirmed } from './confirm.js';
import { printable } from './printable.js';
import { pathContext, targetOf, type Target } from './target.js';
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
  yes: { type: 'boolean', short: 'y', help: 'Do not ask; recorded as unattended.' },
};

export const decideDetails: readonly string[] = [
  'A person at a terminal is asked first. A refused decision (exit status 1) is recorded as refused.',
];

const verbs: Readonly<Record<DecisionKind, { asked: string; done: string }>> = {
  approved: { asked: 'Approve', done: 'Approved' },
  'changes-requested': { asked: 'Request changes', done: 'Requested changes of' },
  rejected: { asked: 'Reject', done: 'Rejected' },
};

/** What `approve`, `request-changes` and `reject` have in common. */
export async function decide(
  invocation: Invocation,
  command: string,
  decision: DecisionKind,
): Promise<0 | ExitStatus> {
  const trail = await invocation.trail();
  const target = await targetOf(
    invocation.positionals[0] ?? '',
    pathContext(invocation, trail),
    trail,
  );
  const input = await askedInput(invocation, trail, target, decision);
  const version = await trail.decide(input);
  const unattended = input.identity === 'unattended';
  await print(invocation, {
    query: { command, path: target.path, version: target.version },
    ledger: await trail.point(),
    rows: [version],
    human: () =>
      `${printable(`${verbs[decision].done} ${versionText(version)}: ${stateText(version)}`)}` +
      `${unattended ? ' (recorded as unattended)' : ''}.\n`,
  });
  return 0;
}

async function askedInput(
  invocation: Invocation,
  trail: Trail,
  target: Target,
  decision: DecisionKind,
): Promise<DecideInput> {
  let shown: VersionRow | undefined;
  const identity = await confirmed(invocation, async () => {
    shown = await trail.version(target.name);
    const { me } = await trail.status();
    if (me === null) throw nobody();
    return `${verbs[decision].asked} as ${fullPerson(me)}: ${versionText(shown)}?`;
  });
  const reason = invocation.text('message') ?? (await askedReason(invocation, decision, identity));
  const meaning = invocation.text('meaning');
  return {
    // What the person saw and confirmed, even if a newer version has come meanwhile.
    target: shown?.id ?? target.name,
    decision,
    identity,
    ...(reason === undefined ? {} : { reason }),
    ...(meaning === undefined ? {} : { meaning }),
  };
}

async function askedReason(
  invocation: Invocation,
  decision: DecisionKind,
  identity: DecideInput['identity'],
): Promise<string | undefined> {
  if (decision === 'approved' || identity === 'unattended') return undefined;
  return invocation.terminal.ask('Reason: ');
}

function nobody(): PromptAuditError {
  return new PromptAuditError({
    code: 'identity.missing',
    message: 'git does not know who you are, so nobody can be named in the record.',
    remedy: 'Set git config user.name and git config user.email, then try again.',
  });
}

import { env, l10n } from 'vscode';
import { sayDone } from '../ui/done.js';
import { isTrailNode } from '../views/nodes.js';
import type { CommandHandler } from './context.js';
import { EventArgument } from './eventArgument.js';
import { versionTarget } from './targets.js';

/** Copies the proof of the event that was clicked; of a version, of its proposal. */
export const copyProof: CommandHandler = async ({ sessions }, argument) => {
  const target = await eventOf(sessions, argument);
  if (target === undefined) {
    return;
  }
  const proof = await target.session.requireTrail().prove({ event: target.event });
  await env.clipboard.writeText(proof.text);
  sayDone(
    proof.provisional
      ? l10n.t('Copied the proof of event {0}. It is provisional until the next sync', proof.seq)
      : l10n.t('Copied the proof of event {0}', proof.seq),
  );
};

async function eventOf(
  sessions: Parameters<typeof versionTarget>[0],
  argument: unknown,
): Promise<EventArgument | undefined> {
  if (argument instanceof EventArgument) {
    return argument;
  }
  if (isTrailNode(argument) && (argument.kind === 'active' || argument.kind === 'breakGlass')) {
    return new EventArgument(argument.session, argument.row.deployment);
  }
  const target = await versionTarget(sessions, argument, l10n.t('Copy Proof'));
  return target && new EventArgument(target.session, target.version.id);
}

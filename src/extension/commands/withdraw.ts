import { l10n } from 'vscode';
import { actingPerson } from '../review/actingPerson.js';
import { versionLine } from '../review/confirmDecision.js';
import { confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText } from '../ui/quickInput.js';
import { personText, promptName, stateText } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { EventArgument } from './eventArgument.js';
import { versionTarget, type VersionTarget } from './targets.js';

/** Takes a version out of review for good: nobody can approve or deploy it any more. */
export const withdrawVersion: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Withdraw Version');
  const target =
    argument instanceof EventArgument
      ? await versionOfEvent(argument)
      : await versionTarget(sessions, argument, title);
  if (target === undefined) {
    return;
  }
  const { session, version } = target;
  const reason = await askText({
    title: `${title}: ${promptName(version.path)} ${version.label}`,
    prompt: l10n.t('Why is this version withdrawn?'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('A withdrawal needs a reason.'),
  });
  if (typeof reason !== 'string') {
    return;
  }
  const active =
    version.activeIn.length === 0
      ? []
      : [l10n.t('It stays active in {0}.', version.activeIn.join(', '))];
  const agreed = await confirmWarning({
    message: l10n.t('Withdraw as {0}?', personText(await actingPerson(session))),
    detail: [
      versionLine(version),
      l10n.t('Reason: {0}', reason),
      ...active,
      l10n.t('Nobody can approve or deploy it any more. This is recorded permanently.'),
    ].join('\n\n'),
    button: l10n.t('Withdraw'),
  });
  if (!agreed) {
    return;
  }
  const after = await recordIn(session, (trail) =>
    trail.withdraw({ target: version.id, reason, identity: 'git' }),
  );
  sayDone(l10n.t('{0} {1}: {2}', promptName(after.path), after.label, stateText(after.state)));
};

async function versionOfEvent({
  session,
  event,
}: EventArgument): Promise<VersionTarget | undefined> {
  const version = (await session.requireTrail().detail(event))?.version ?? null;
  return version === null ? undefined : { session, version };
}

import { l10n } from 'vscode';
import { givenLive, pickLive } from '../deploy/pickLive.js';
import { actingPerson } from '../review/actingPerson.js';
import { confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, goBack } from '../ui/quickInput.js';
import { personText, promptName, shortDigest } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { openSessions } from './targets.js';

/** Records that nothing of a prompt is active in an environment any more. */
export const undeploy: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Undeploy');
  const placeholder = l10n.t('What is taken out of use?');
  const live =
    givenLive(argument) ?? (await pickLive(openSessions(sessions), { title, placeholder }));
  if (live === undefined || live === goBack) {
    return;
  }
  const { session, row } = live;
  const { path, env, version } = row;
  const name = `${promptName(path)} ${version}`;
  const reason = await askText({
    title: `${title}: ${name}`,
    prompt: l10n.t('Why is it no longer active in {0}?', env),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('This needs a reason.'),
  });
  if (typeof reason !== 'string') {
    return;
  }
  const agreed = await confirmWarning({
    message: l10n.t('Record that nothing of {0} is active in {1} any more?', path, env),
    detail: [
      `${path} ${version} (${shortDigest(row.digest)}…)`,
      l10n.t('Reason: {0}', reason),
      l10n.t('Undeployed by {0}', personText(await actingPerson(session))),
      l10n.t('This is recorded permanently.'),
    ].join('\n\n'),
    button: l10n.t('Undeploy'),
  });
  if (agreed) {
    await recordIn(session, (trail) => trail.undeploy({ path, env, reason, identity: 'git' }));
    sayDone(l10n.t('{0} is not active in {1} any more', name, env));
  }
};

import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import { actingPerson } from '../review/actingPerson.js';
import { confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText } from '../ui/quickInput.js';
import { personText, promptName } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { promptTarget } from './targets.js';

/** Records that a prompt is used no more, anywhere. */
export const retirePrompt: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Retire Prompt');
  const target = await promptTarget(sessions, argument, title);
  if (!target) {
    return;
  }
  const { session, path } = target;
  const active = session.state.kind === 'ready' ? session.state.status.active : [];
  const where = active.filter((row) => row.path === path).map(({ env }) => env);
  if (where.length > 0) {
    throw new PromptAuditError({
      code: 'retire.active',
      message: l10n.t('{0} is still active in {1}.', path, where.join(', ')),
      remedy: l10n.t('Take it out of use there first: "Prompt Audit: Undeploy…".'),
    });
  }
  const reason = await askText({
    title: `${title}: ${promptName(path)}`,
    prompt: l10n.t('Why is this prompt used no more?'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('This needs a reason.'),
  });
  if (typeof reason !== 'string') {
    return;
  }
  const agreed = await confirmWarning({
    message: l10n.t('Retire {0}?', path),
    detail: [
      l10n.t('Its file and its history stay.'),
      l10n.t('Reason: {0}', reason),
      l10n.t('Retired by {0}', personText(await actingPerson(session))),
      l10n.t('This is recorded permanently.'),
    ].join('\n\n'),
    button: l10n.t('Retire'),
  });
  if (agreed) {
    await recordIn(session, (trail) => trail.retire({ path, reason, identity: 'git' }));
    sayDone(l10n.t('{0} is retired', promptName(path)));
  }
};

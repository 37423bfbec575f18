import { l10n } from 'vscode';
import { askProposal } from '../review/askProposal.js';
import { ensureSaved } from '../review/ensureSaved.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { approvalsText, promptName } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { promptTarget } from './targets.js';

export const recordRevision: CommandHandler = async ({ sessions, saves }, argument) => {
  const target = await promptTarget(sessions, argument, l10n.t('Record Revision'));
  if (!target || !(await ensureSaved(target, l10n.t('Save and Record')))) {
    return;
  }
  const { session, path } = target;
  saves.endGathering(session, path);
  const [result] = await recordIn(session, (trail) => trail.record([path]));
  sayDone(
    result?.outcome === 'recorded'
      ? l10n.t('Recorded {0}', promptName(path))
      : l10n.t('{0} is recorded already', promptName(path)),
  );
};

export const propose: CommandHandler = async ({ sessions, saves }, argument) => {
  const title = l10n.t('Propose Version');
  const target = await promptTarget(sessions, argument, title);
  if (!target || !(await ensureSaved(target, l10n.t('Save and Propose')))) {
    return;
  }
  const { session, path } = target;
  saves.endGathering(session, path);
  const said = await askProposal(session, l10n.t('{0}: {1}', title, path));
  if (said === undefined) {
    return;
  }
  const { note, reviewers } = said;
  const version = await recordIn(session, (trail) =>
    trail.propose({ path, note, ...(reviewers.length === 0 ? {} : { reviewers }) }),
  );
  sayDone(
    l10n.t(
      '{0} {1} waits for review: {2}',
      promptName(path),
      version.label,
      approvalsText(version),
    ),
  );
};

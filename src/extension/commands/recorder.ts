import { l10n } from 'vscode';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText } from '../ui/quickInput.js';
import { recorderPause } from '../views/recorderItem.js';
import type { CommandHandler } from './context.js';
import { sessionTarget } from './targets.js';

/** Stops recording saves and commits in this clone; asks why. */
export const pauseRecorder: CommandHandler = async ({ sessions, saves }, argument) => {
  const title = l10n.t('Pause Recorder');
  const running = sessions.all.filter((one) => one.trail !== null && recorderPause(one) === null);
  const session = await sessionTarget(sessions, argument, title, running);
  if (session === undefined) {
    return;
  }
  const reason = await askText({
    title,
    prompt: l10n.t('Why? Saves and commits are not recorded by this clone until you resume.'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('A pause needs a reason.'),
  });
  if (typeof reason !== 'string') {
    return;
  }
  // What was saved before belongs into the trail.
  await saves.flush();
  await recordIn(session, (trail) => trail.pauseRecorder({ reason }));
  sayDone(l10n.t('Recorder paused'));
};

export const resumeRecorder: CommandHandler = async ({ sessions }, argument) => {
  const paused = sessions.all.filter((one) => recorderPause(one) !== null);
  const session = await sessionTarget(sessions, argument, l10n.t('Resume Recorder'), paused);
  if (session === undefined) {
    return;
  }
  await recordIn(session, (trail) => trail.resumeRecorder());
  sayDone(l10n.t('Recorder resumed'));
};

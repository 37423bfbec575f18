import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import { pickReviewers } from '../review/pickReviewers.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, goBack, runSteps } from '../ui/quickInput.js';
import { promptName } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { versionTarget } from './targets.js';

/** Asks named people for their review of a version: it stands first in what waits for them. */
export const askForReview: CommandHandler = async ({ sessions }, argument) => {
  const target = await versionTarget(sessions, argument, l10n.t('Ask for Review'));
  if (!target) {
    return;
  }
  const { session, version } = target;
  const title = l10n.t('Ask for Review: {0} {1}', promptName(version.path), version.label);
  const asked = (version.requested ?? []).flatMap(({ email }) => email?.toLowerCase() ?? []);
  let people: readonly string[] = [];
  let note = '';
  const complete = await runSteps([
    async () => {
      const frame = { title, step: 1, totalSteps: 2, optional: false, asked };
      const answer = await pickReviewers(session, frame);
      people = typeof answer === 'object' ? answer : [];
      if (typeof answer === 'object' && answer.length === 0) {
        throw nobody();
      }
      return answer;
    },
    async () => {
      const answer = await askText({
        ...{ title, step: 2, totalSteps: 2, canGoBack: true, value: note },
        prompt: l10n.t('What should they look at? Press Enter for no note.'),
        placeholder: l10n.t('Note (optional)'),
      });
      note = answer === goBack ? note : (answer ?? '');
      return answer;
    },
  ]);
  if (!complete) {
    return;
  }
  const after = await recordIn(session, (trail) =>
    trail.requestReview({
      target: version.id,
      reviewers: people,
      identity: 'git',
      ...(note === '' ? {} : { note }),
    }),
  );
  const names = (after.requested ?? []).map(({ name }) => name).join(', ');
  sayDone(l10n.t('{0} {1}: asked {2}', promptName(after.path), after.label, names));
};

function nobody(): PromptAuditError {
  return new PromptAuditError({
    code: 'person.unknown',
    message: l10n.t('Nobody else is known here who could be asked.'),
    remedy: l10n.t('Name people or their addresses in the policy: "Prompt Audit: Open Policy".'),
  });
}

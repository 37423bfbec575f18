import { l10n } from 'vscode';
import type { DecisionKind } from '../../core/event.js';
import { approveTogether } from '../review/approveTogether.js';
import { lastApprovedBefore } from '../review/base.js';
import { confirmDecision } from '../review/confirmDecision.js';
import { askDecision } from '../review/decisionAnswers.js';
import { decisionWords } from '../review/decisionWords.js';
import { openVersionDiff } from '../review/diff.js';
import { selectedReviews, waitingEntries } from '../review/reviewTargets.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { goBack, pickMany, pickOne } from '../ui/quickInput.js';
import { promptName, stateText } from '../ui/words.js';
import type { CommandContext, CommandHandler } from './context.js';
import { givenVersion, promptTarget, type VersionTarget } from './targets.js';

export const review: CommandHandler = async (context, argument) => {
  const title = l10n.t('Review Version');
  const target = await reviewTarget(context, argument, title);
  if (target) {
    await decideOn(target, null);
  }
};

export const approve: CommandHandler = async (context, argument, selection) => {
  const selected = selectedReviews(selection);
  if (selected.length > 1) {
    await approveTogether(selected);
    return;
  }
  await decideAs(context, argument, 'approved', l10n.t('Approve'));
};

/** Of several versions at once, which checkboxes name where the tree does not. */
export const approveSeveral: CommandHandler = async ({ sessions }, _argument, selection) => {
  const selected = selectedReviews(selection);
  if (selected.length > 0) {
    await approveTogether(selected);
    return;
  }
  const chosen = await pickMany<VersionTarget>({
    title: l10n.t('Approve Several Versions'),
    placeholder: l10n.t('Which versions? You confirm them once, by name and digest.'),
    missing: l10n.t('Tick at least one version.'),
    items: waitingEntries(sessions, 'open'),
  });
  if (chosen !== undefined && chosen !== goBack) {
    await approveTogether(chosen);
  }
};

export const requestChanges: CommandHandler = async (context, argument) => {
  await decideAs(context, argument, 'changes-requested', l10n.t('Request Changes'));
};

export const reject: CommandHandler = async (context, argument) => {
  await decideAs(context, argument, 'rejected', l10n.t('Reject'));
};

async function decideAs(
  context: CommandContext,
  argument: unknown,
  decision: DecisionKind,
  title: string,
): Promise<void> {
  const target = await reviewTarget(context, argument, title);
  if (target) {
    await decideOn(target, decision);
  }
}

/** Shows the change behind the questions, asks what is missing, confirms, and records. */
async function decideOn(
  { session, version }: VersionTarget,
  given: DecisionKind | null,
): Promise<void> {
  const base = await lastApprovedBefore(session, version);
  await openVersionDiff({ session, version, base, preserveFocus: true });
  const asks = await session.requireTrail().approvalAsks([version.id]);
  const title = `${promptName(version.path)} ${version.label}`;
  for (;;) {
    const decision = given ?? (await pickDecision(title));
    if (decision === undefined) {
      return;
    }
    const answers = await askDecision({ decision, asks, title, first: given === null ? 2 : 1 });
    if (answers === goBack && given === null) {
      continue;
    }
    if (answers === undefined || answers === goBack) {
      return;
    }
    if (!(await confirmDecision({ session, version, decision, answers }))) {
      return;
    }
    const { path, label, state } = await recordIn(session, (trail) =>
      trail.decide({ ...decisionWords(decision, answers), target: version.id }),
    );
    sayDone(l10n.t('{0} {1}: {2}', promptName(path), label, stateText(state)));
    return;
  }
}

async function pickDecision(title: string): Promise<DecisionKind | undefined> {
  const answer = await pickOne<DecisionKind>({
    title,
    step: 1,
    placeholder: l10n.t('What do you decide?'),
    items: [
      { label: `$(pass) ${l10n.t('Approve')}`, value: 'approved' },
      { label: `$(request-changes) ${l10n.t('Request Changes')}`, value: 'changes-requested' },
      { label: `$(error) ${l10n.t('Reject')}`, value: 'rejected' },
    ],
  });
  return answer === goBack ? undefined : answer;
}

/** The version to decide on: what was clicked, or one of those that wait, mine first. */
async function reviewTarget(
  { sessions }: CommandContext,
  argument: unknown,
  title: string,
): Promise<VersionTarget | undefined> {
  const given = await givenVersion(sessions, argument);
  if (given !== null) {
    return given;
  }
  if (argument !== undefined) {
    const prompt = await promptTarget(sessions, argument, title);
    const [latest] = (await prompt?.session.requireTrail().versions(prompt.path, 1)) ?? [];
    return prompt && latest ? { session: prompt.session, version: latest } : undefined;
  }
  const answer = await pickOne<VersionTarget>({
    title,
    placeholder: l10n.t('Which version?'),
    items: waitingEntries(sessions, 'all'),
  });
  return answer === goBack ? undefined : answer;
}

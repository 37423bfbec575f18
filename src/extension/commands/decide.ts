import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { DecisionKind } from '../../core/event.js';
import type { ReviewRow, VersionRow } from '../../core/rows.js';
import { PromptAuditError } from '../../core/errors.js';
import { lastApprovedBefore } from '../review/base.js';
import { confirmDecision } from '../review/confirmDecision.js';
import { openVersionDiff } from '../review/diff.js';
import { shownReviews } from '../session/reviews.js';
import type { TrailSession } from '../session/trailSession.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, goBack, pickOne, runSteps, type PickEntry } from '../ui/quickInput.js';
import { ago } from '../ui/time.js';
import { approvalsText, promptName, stateText } from '../ui/words.js';
import type { CommandContext, CommandHandler } from './context.js';
import { givenVersion, openSessions, promptTarget, type VersionTarget } from './targets.js';

export const review: CommandHandler = async (context, argument) => {
  const title = l10n.t('Review Version');
  const target = await reviewTarget(context, argument, title);
  if (target) {
    await decideOn(target, null);
  }
};

export const approve: CommandHandler = async (context, argument) => {
  await decideAs(context, argument, 'approved', l10n.t('Approve'));
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
  let decision = given;
  let reason = '';
  const name = `${promptName(version.path)} ${version.label}`;
  const totalSteps = given === null ? 2 : 1;
  const complete = await runSteps([
    async () => {
      const answer = given ?? (await pickDecision(name, totalSteps));
      decision = answer ?? null;
      return answer;
    },
    async () => {
      const answer = await askReason(decision ?? 'approved', {
        title: name,
        canGoBack: given === null,
        step: totalSteps,
        totalSteps,
        value: reason,
      });
      reason = typeof answer === 'string' ? answer : reason;
      return answer;
    },
  ]);
  if (!complete || decision === null) {
    return;
  }
  const chosen: DecisionKind = decision;
  if (!(await confirmDecision({ session, version, decision: chosen, reason }))) {
    return;
  }
  const after = await recordIn(session, (trail) =>
    trail.decide({
      target: version.id,
      decision: chosen,
      identity: 'git',
      ...(reason === '' ? {} : { reason }),
    }),
  );
  sayDone(l10n.t('{0} {1}: {2}', promptName(after.path), after.label, stateText(after.state)));
}

async function pickDecision(title: string, totalSteps: number): Promise<DecisionKind | undefined> {
  const answer = await pickOne<DecisionKind>({
    title,
    step: 1,
    totalSteps,
    placeholder: l10n.t('What do you decide?'),
    items: [
      { label: `$(pass) ${l10n.t('Approve')}`, value: 'approved' },
      { label: `$(request-changes) ${l10n.t('Request Changes')}`, value: 'changes-requested' },
      { label: `$(error) ${l10n.t('Reject')}`, value: 'rejected' },
    ],
  });
  return answer === goBack ? undefined : answer;
}

async function askReason(
  decision: DecisionKind,
  frame: { title: string; canGoBack: boolean; step: number; totalSteps: number; value: string },
): Promise<string | typeof goBack | undefined> {
  if (decision === 'approved') {
    return await askText({
      ...frame,
      prompt: l10n.t('Comment on the approval. Press Enter for none.'),
      placeholder: l10n.t('Comment (optional)'),
    });
  }
  return await askText({
    ...frame,
    prompt:
      decision === 'rejected'
        ? l10n.t('Why is this version rejected?')
        : l10n.t('What has to change?'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('This decision needs a reason.'),
  });
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
  const mine: PickEntry<VersionTarget>[] = [];
  const others: PickEntry<VersionTarget>[] = [];
  for (const session of openSessions(sessions)) {
    const shown = shownReviews(session);
    mine.push(...shown.mine.map((row) => reviewEntry(session, row)));
    others.push(...[...shown.others, ...shown.changes].map((row) => reviewEntry(session, row)));
  }
  if (mine.length + others.length === 0) {
    throw new PromptAuditError({
      code: 'version.unknown',
      message: l10n.t('No version waits for a decision.'),
      remedy: l10n.t('A version waits after its author ran "Prompt Audit: Propose Version…".'),
    });
  }
  const items: (PickEntry<VersionTarget> | QuickPickItem)[] = [
    ...group(l10n.t('Waiting for me'), mine),
    ...group(l10n.t('Waiting for others'), others),
  ];
  const answer = await pickOne<VersionTarget>({
    title,
    placeholder: l10n.t('Which version?'),
    items,
  });
  return answer === goBack ? undefined : answer;
}

function group(
  label: string,
  entries: readonly PickEntry<VersionTarget>[],
): readonly (PickEntry<VersionTarget> | QuickPickItem)[] {
  return entries.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...entries];
}

function reviewEntry(session: TrailSession, row: ReviewRow): PickEntry<VersionTarget> {
  const version: VersionRow = row.version;
  return {
    label: `${promptName(version.path)} ${version.label}`,
    description: [approvalsText(version), version.proposedBy.name, ago(version.at)].join(' · '),
    ...(version.note === null ? {} : { detail: version.note }),
    value: { session, version },
  };
}

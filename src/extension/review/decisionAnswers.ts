import { l10n } from 'vscode';
import type { DecisionKind } from '../../core/event.js';
import type { ApprovalAsks } from '../../trail/approvalAsksApi.js';
import { askSteps, askText, pickMany, pickOne, type Answer } from '../ui/quickInput.js';

/** What somebody says with a decision, besides what it is. */
export interface DecisionAnswers {
  readonly reason: string;
  /** One of those that the policy names; null where it names none. */
  readonly meaning: string | null;
  /** Null: for all environments. */
  readonly envs: readonly string[] | null;
}

export const noAnswers: DecisionAnswers = { reason: '', meaning: null, envs: null };

/** Nothing that the policy would want with an approval. */
export const noAsks: ApprovalAsks = { reason: false, meanings: [], scoped: [] };

/** Asks for all that belongs to a decision; `first` is the number of the first step among all of the dialogue. */
export async function askDecision(input: {
  decision: DecisionKind;
  asks: ApprovalAsks;
  title: string;
  first: number;
}): Promise<Answer<DecisionAnswers>> {
  const { decision, title, first } = input;
  const asks = decision === 'approved' ? input.asks : noAsks;
  let { reason, meaning, envs } = noAnswers;
  const wanted: ((frame: Frame) => Promise<unknown>)[] = [];
  if (asks.scoped.length > 0) {
    wanted.push(async (frame) => {
      const answer = await pickEnvironments(frame, asks.scoped, envs);
      envs = typeof answer === 'object' ? answer : envs;
      return answer;
    });
  }
  if (asks.meanings.length > 0) {
    wanted.push(async (frame) => {
      const answer = await pickMeaning(frame, asks.meanings);
      meaning = typeof answer === 'string' ? answer : meaning;
      return answer;
    });
  }
  wanted.push(async (frame) => {
    const answer = await askReason(decision, asks.reason, { ...frame, value: reason });
    reason = typeof answer === 'string' ? answer : reason;
    return answer;
  });
  const totalSteps = first - 1 + wanted.length;
  const steps = wanted.map((ask, index) => {
    const step = first + index;
    return () => ask({ title, step, totalSteps, canGoBack: step > 1 });
  });
  const done = await askSteps(steps);
  return done === true ? { reason, meaning, envs } : done;
}

interface Frame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
}

async function pickEnvironments(
  frame: Frame,
  environments: readonly string[],
  before: readonly string[] | null,
): Promise<Answer<readonly string[]>> {
  return await pickMany<string>({
    ...frame,
    placeholder: l10n.t('For which environments do you approve it?'),
    missing: l10n.t(
      'The policy counts only approvals that name the environment. Tick at least one.',
    ),
    items: environments.map((value) => ({
      label: value,
      value,
      picked: before?.includes(value) ?? false,
    })),
  });
}

async function pickMeaning(frame: Frame, meanings: readonly string[]): Promise<Answer<string>> {
  return await pickOne<string>({
    ...frame,
    placeholder: l10n.t('What does your approval mean?'),
    items: meanings.map((value) => ({ label: value, value })),
  });
}

async function askReason(
  decision: DecisionKind,
  required: boolean,
  frame: Frame & { value: string },
): Promise<Answer<string>> {
  if (decision === 'approved') {
    return required
      ? await askText({
          ...frame,
          prompt: l10n.t('Why do you approve it? The policy wants a reason.'),
          placeholder: l10n.t('Reason'),
          missing: l10n.t('The policy wants a reason with each approval.'),
        })
      : await askText({
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

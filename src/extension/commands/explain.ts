import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { ExplainedDecision, ExplainedStep, Explanation } from '../../core/explainRows.js';
import type { EventId } from '../../core/ids.js';
import type { TrailSession } from '../session/trailSession.js';
import { goBack, pickOne, type PickEntry } from '../ui/quickInput.js';
import { ruleGroups } from '../verdict/ruleGroups.js';
import {
  decisionFault,
  decisionText,
  isOrdered,
  orderText,
  policyText,
  ruleName,
  stepReason,
  stepText,
} from '../verdict/verdictText.js';
import { isTrailNode } from '../views/nodes.js';
import type { CommandContext, CommandHandler } from './context.js';
import { EventArgument } from './eventArgument.js';
import { versionTarget } from './targets.js';

type Line = PickEntry<EventId | null> | QuickPickItem;

/** The verdict on a version, a decision or a deployment as a list: each line leads to the event that shows it. */
export const explain: CommandHandler = async (context, argument) => {
  const about = await eventOf(context, argument);
  if (about === undefined) {
    return;
  }
  const { session, event } = about;
  const explanation = await session.requireTrail().explain(event);
  if (explanation === null) {
    throw new PromptAuditError({
      code: 'event.unknown',
      message: l10n.t('This event is not in the ledger.'),
      remedy: l10n.t('Sync, and try again.'),
    });
  }
  const chosen = await pickOne<EventId | null>({
    title: l10n.t('Explain Verdict'),
    placeholder: l10n.t('Take a line to see the event that shows it'),
    items: lines(explanation),
  });
  if (chosen !== undefined && chosen !== goBack) {
    context.timeline.show(session, { event: chosen ?? event });
  }
};

interface About {
  readonly session: TrailSession;
  readonly event: EventId;
}

async function eventOf(
  { sessions }: CommandContext,
  argument: unknown,
): Promise<About | undefined> {
  if (argument instanceof EventArgument) {
    return argument;
  }
  if (isTrailNode(argument) && (argument.kind === 'active' || argument.kind === 'breakGlass')) {
    return { session: argument.session, event: argument.row.deployment };
  }
  const target = await versionTarget(sessions, argument, l10n.t('Explain Verdict'));
  return target && { session: target.session, event: target.version.id };
}

function lines(explanation: Explanation): readonly Line[] {
  const { event, text, allowed, policy, later } = explanation;
  const ordered = isOrdered(event);
  const [said, ...why] = text.split(/(?<=\.) /);
  const rules = ruleGroups(explanation).flatMap(({ rule, steps, decisions }): Line[] => [
    separator(ruleName(rule)),
    ...steps.map(stepLine),
    ...decisions.map((one) => decisionLine(one, ordered)),
  ]);
  const facts = later.map((fact): Line => ({
    label: `$(history) ${fact.text}`,
    description: fact.order === 'unknown' ? orderText('unknown') : '',
    value: fact.event.id,
  }));
  return [
    {
      label: `${allowed === false ? '$(error)' : '$(law)'} ${said ?? ''}`,
      ...(why.length === 0 ? {} : { detail: why.join(' ') }),
      value: event.id,
    },
    ...(allowed === null
      ? []
      : [{ label: `$(law) ${policyText(policy)}`, value: policy.adoption?.id ?? null }]),
    ...rules,
    ...(facts.length === 0
      ? []
      : [separator(l10n.t('Later facts, which change nothing of this verdict')), ...facts]),
  ];
}

function stepLine(step: ExplainedStep): Line {
  const passed = step.outcome === 'pass';
  const why = stepReason(step);
  return {
    label: `${passed ? '$(pass)' : '$(error)'} ${stepText(step)}`,
    description: passed ? l10n.t('passed') : l10n.t('failed'),
    ...(why === null ? {} : { detail: why }),
    value: step.events[0] ?? null,
  };
}

function decisionLine(one: ExplainedDecision, ordered: boolean): Line {
  const fault = decisionFault(one);
  return {
    label: `$(person) ${decisionText(one, ordered)}`,
    ...(fault === null ? {} : { detail: fault }),
    value: one.event,
  };
}

function separator(label: string): QuickPickItem {
  return { label, kind: QuickPickItemKind.Separator };
}

import type { MarkdownString } from 'vscode';
import type { EventId } from '../../core/ids.js';
import type { TrailSession } from '../session/trailSession.js';
import { ruleGroups } from '../verdict/ruleGroups.js';
import { ruleName, stepReason, stepText } from '../verdict/verdictText.js';

const mostFailed = 4;
const mostLater = 3;

/** Adds the verdict in short: each rule, what failed of it, and what came later. Without it where it cannot be had. */
export async function withVerdict(
  session: TrailSession,
  event: EventId,
  tooltip: MarkdownString,
): Promise<MarkdownString> {
  const explanation = await session.trail?.explain(event).catch(() => null);
  if (!explanation || explanation.allowed === null) {
    return tooltip;
  }
  const add = (icon: string, text: string): void => {
    tooltip.appendMarkdown(`$(${icon}) `).appendText(text).appendMarkdown('\n\n');
  };
  tooltip.appendMarkdown('---\n\n');
  add('law', explanation.text);
  for (const { rule, passed, steps } of ruleGroups(explanation)) {
    add(passed ? 'pass' : 'error', ruleName(rule));
    for (const step of steps.filter(({ outcome }) => outcome === 'fail').slice(0, mostFailed)) {
      tooltip
        .appendMarkdown('- ')
        .appendText(stepReason(step) ?? stepText(step))
        .appendMarkdown('\n\n');
    }
  }
  for (const fact of explanation.later.slice(0, mostLater)) {
    add('history', fact.text);
  }
  return tooltip;
}

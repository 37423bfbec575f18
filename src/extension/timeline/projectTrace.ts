import type { Explanation } from '../../core/explainRows.js';
import type { VerdictTrace } from '../../webview/protocol.js';
import { ruleGroups } from '../verdict/ruleGroups.js';
import {
  decisionFault,
  decisionText,
  isOrdered,
  policyText,
  ruleName,
  stepReason,
  stepText,
} from '../verdict/verdictText.js';
import { line, lineOrNull } from './lines.js';

const mostRules = 40;
const mostLines = 60;

/** The trace of a verdict in words, for the detail pane; null where nothing judges such an event. */
export function toTrace(explanation: Explanation): VerdictTrace | null {
  const { event, text, allowed, policy, later } = explanation;
  if (allowed === null) {
    return null;
  }
  const ordered = isOrdered(event);
  return {
    text: line(text),
    allowed,
    policy: line(policyText(policy)),
    adoption: policy.adoption?.id ?? null,
    rules: ruleGroups(explanation)
      .slice(0, mostRules)
      .map(({ rule, passed, steps, decisions }) => ({
        name: line(ruleName(rule)),
        passed,
        steps: steps.slice(0, mostLines).map((step) => ({
          passed: step.outcome === 'pass',
          text: line(stepText(step)),
          why: lineOrNull(stepReason(step)),
          event: step.events[0] ?? null,
        })),
        decisions: decisions.slice(0, mostLines).map((one) => ({
          counts: one.counts,
          text: line(decisionText(one, ordered)),
          why: lineOrNull(decisionFault(one)),
          event: one.event,
        })),
      })),
    later: later.slice(0, mostLines).map((fact) => ({
      text: line(fact.text),
      event: fact.event.id,
      isAfter: fact.order === 'after',
    })),
  };
}

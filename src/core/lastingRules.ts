import type { ApprovalRule, Policy } from './policy.js';

const originals = new WeakMap<ApprovalRule, ApprovalRule>();
const lastingRules = new WeakMap<ApprovalRule, ApprovalRule>();

/** A rule as it asks whether a version was approved once: expiry and a newer policy do not undo that. */
export function lastingRule(rule: ApprovalRule): ApprovalRule {
  if (rule.expires === null && rule.otherPolicy) return rule;
  return copyOf(lastingRules, rule, { expires: null, otherPolicy: true });
}

const seenRules = new WeakMap<ApprovalRule, ApprovalRule>();

/** The same where somebody must have looked: a rule that asks for nobody says of no version that it was seen. */
export function seenRule(rule: ApprovalRule): ApprovalRule {
  const lasting = lastingRule(rule);
  return rule.required > 0 ? lasting : copyOf(seenRules, lasting, { required: 1 });
}

function copyOf(
  known: WeakMap<ApprovalRule, ApprovalRule>,
  rule: ApprovalRule,
  changes: Partial<ApprovalRule>,
): ApprovalRule {
  let copy = known.get(rule);
  if (copy === undefined) {
    known.set(rule, (copy = { ...rule, ...changes }));
    originals.set(copy, originalOf(rule));
  }
  return copy;
}

/** The rule as the policy has it. */
export const originalOf = (rule: ApprovalRule): ApprovalRule => originals.get(rule) ?? rule;

const texts = new WeakMap<ApprovalRule, string>();

/** Whether a rule is the general one of its policy, or says the same. */
export function isGeneralRule(rule: ApprovalRule, { approvals }: Policy): boolean {
  const original = originalOf(rule);
  return original === approvals || textOf(original) === textOf(approvals);
}

function textOf(rule: ApprovalRule): string {
  let text = texts.get(rule);
  if (text === undefined) {
    text = JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
    texts.set(rule, text);
  }
  return text;
}

import { l10n } from 'vscode';
import type { ExplainedDecision, ExplainedPolicy, ExplainedStep } from '../../core/explainRows.js';
import type { EventRow } from '../../core/rows.js';
import type { Order } from '../../core/trace.js';
import { decisionName } from '../ui/decisionNames.js';
import { factWords } from '../ui/reasonWords.js';
import { ago } from '../ui/time.js';

/** A rule as headings call it. */
export function ruleName(rule: string | null): string {
  return rule ?? l10n.t('General rule');
}

/** What one check asked and found, without its outcome. */
export function stepText({ check, wanted, got }: ExplainedStep): string {
  const asked = wanted === null || wanted === 'yes' ? [] : [l10n.t('asks for {0}', wanted)];
  const found = got === null ? [] : [l10n.t('has {0}', got)];
  // The bundle has the checks in the user's language, where there is one.
  return [l10n.t(check), ...asked, ...found].join(' · ');
}

/** Why a check failed; null where it did not. */
export function stepReason({ outcome, code }: ExplainedStep): string | null {
  return outcome === 'fail' && code !== null ? factWords(code) : null;
}

/** How a decision was taken; `ordered` where something is judged that came at a time. */
export function decisionText(one: ExplainedDecision, ordered: boolean): string {
  return [
    `${one.by.name}: ${decisionName(kindOf(one.decision))}, ${one.version}, ${ago(one.at)}`,
    ...(one.counts ? [l10n.t('counts')] : []),
    ...(ordered ? [orderText(one.order)] : []),
  ].join(' · ');
}

/** Why a decision does not count; null where it does. */
export function decisionFault({ faults }: ExplainedDecision): string | null {
  return faults.length === 0
    ? null
    : l10n.t('does not count: {0}', faults.map(factWords).join('; '));
}

export function orderText(order: Order): string {
  switch (order) {
    case 'before':
      return l10n.t('proven to come before');
    case 'after':
      return l10n.t('came afterwards');
    case 'unknown':
      return l10n.t('nobody can tell which came first');
  }
}

/** Which policy judged, in one line. */
export function policyText({ adoption, source, commit, readable }: ExplainedPolicy): string {
  if (adoption === null) {
    return l10n.t('No policy was adopted before it: the default one judges.');
  }
  const from =
    source === 'protected-branch'
      ? l10n.t('from the protected branch')
      : l10n.t('from a working tree');
  return [
    l10n.t('Judged by the policy that {0} brought in {1}', adoption.who.name, ago(adoption.at)),
    commit === null ? from : l10n.t('{0}, commit {1}', from, commit.slice(0, 7)),
    ...(readable ? [] : [l10n.t('its text cannot be read')]),
  ].join(' · ');
}

/** A verdict is asked for what came at a time, and for versions as they stand now. */
export function isOrdered({ type }: EventRow): boolean {
  return type !== 'version.proposed';
}

function kindOf(decision: string): Parameters<typeof decisionName>[0] {
  return decision === 'rejected' || decision === 'changes-requested' ? decision : 'approved';
}

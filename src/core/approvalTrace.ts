import { RequirementJudge, type ApprovalQuestion } from './requirementJudge.js';
import { approvedBefore, trackOf, type Track, type VersionInScope } from './contributors.js';
import type { DecisionKind } from './event.js';
import { identitiesIn } from './identities.js';
import type { EventId } from './ids.js';
import { lastingRule, originalOf, seenRule } from './lastingRules.js';
import type { ApprovalRule, ChangeKind } from './policy.js';
import type { ReasonCode } from './reasons.js';
import { isForPath, requirementsFor, type Requirement } from './requirements.js';
import { standingDecisions, withstood } from './standing.js';
import type { Decision, DecisionTrace, Trace, TraceStep } from './trace.js';
import { changesSince } from './versionChanges.js';
import type { Placed } from './state.js';

/** What was found of a version's approvals. */
export interface ApprovalTrace extends Trace {
  /** The decisions that count for some requirement, one a person each. */
  readonly counted: readonly Decision[];
}

/**
 * Looks at everything that is asked of a version's approvals for an environment. `tellsOthers`: also at approvals of other
 * versions where some are missing, which no step says anything of.
 */
export function traceApprovals(
  question: ApprovalQuestion,
  requirements: readonly Requirement[] = requirementsOf(question),
  tellsOthers = true,
): ApprovalTrace {
  const identities = identitiesIn(question);
  const standing = standingDecisions(question, identities);
  const all = [...standing.values()].flat();
  const { version, scope } = question;
  const withdrawn = version.withdrawals.filter((w) => scope(w.seq));
  const steps: TraceStep[] = [
    blockStep('withdrawn', 'version.withdrawn', withdrawn),
    blockStep('rejected', 'version.rejected', all.filter(isA('rejected'))),
    blockStep('changes-requested', 'changes.requested', all.filter(isA('changes-requested'))),
  ];
  const against = withstood(question, identities, standing);
  if (against.length > 0) steps.push(failed('signed-stands', 'decision.signedStands', against));
  const judge = new RequirementJudge(question, identities, standing);
  steps.push(judge.comments(requirements));
  const decisions: DecisionTrace[] = [];
  const counted = new Map<EventId, Decision>();
  for (const requirement of requirements) {
    const found = judge.judge(requirement, tellsOthers);
    steps.push(...found.steps);
    decisions.push(...found.decisions);
    for (const decision of found.counted) counted.set(decision.event.id, decision);
  }
  return { steps, decisions, asked: requirements, counted: [...counted.values()] };
}

const isA =
  (kind: DecisionKind) =>
  ({ event }: Decision): boolean =>
    event.header.refs.decision === kind;

function blockStep(
  check: TraceStep['check'],
  code: ReasonCode,
  against: readonly Placed[],
): TraceStep {
  const events = against.map(({ event }) => event.id);
  const step = failed(check, code, events);
  return events.length > 0 ? step : { ...step, outcome: 'pass', code: null };
}

function failed(
  check: TraceStep['check'],
  code: ReasonCode,
  events: readonly EventId[],
): TraceStep {
  return { rule: null, check, outcome: 'fail', code, events, wanted: null, got: null };
}

/** What is asked of a version, wherever it goes or for the environment of the question. */
export function requirementsOf(question: ApprovalQuestion): readonly Requirement[] {
  const { state, policy } = question;
  return requirementsFor({
    ...question,
    env: question.env ?? null,
    changes: ({ approvals }) => changesOf(question, trackOf(state, { rule: approvals, policy })),
  });
}

/** What a version changes against each last one that a rule's own approvals hold to be good; all where none is. */
function changesOf(question: ApprovalQuestion, track: Track): ReadonlySet<ChangeKind> {
  const [newest, ...others] = approvedBefore(question, track);
  const { version } = question;
  const changes = changesSince(version, newest);
  if (others.length === 0) return changes;
  return new Set([newest, ...others].flatMap((base) => [...changesSince(version, base)]));
}

/** Whether a version was approved once by the rule of a track: expiry and a newer policy do not undo that. */
export function wasApproved(input: VersionInScope, track: Track): boolean {
  return isApprovedBy(input, track, lastingRule);
}

/** The same, and somebody looked at it: a rule that asks for nobody takes nobody's contribution away. */
export function wasSeen(input: VersionInScope, track: Track): boolean {
  return isApprovedBy(input, track, seenRule);
}

function isApprovedBy(
  input: VersionInScope,
  { extra }: Track,
  asks: (rule: ApprovalRule) => ApprovalRule,
): boolean {
  const { policy, version, scope } = input;
  const rule = asks(extra?.rule ?? policy.approvals);
  if (!scope(version.seq) || version.decisions.length < rule.required) return false;
  const question = { ...input, env: null, at: null, act: null, places: null };
  const asked = extra === null ? generalOf(question, rule) : [ownOf(policy, rule)];
  return isPassed(traceApprovals(question, asked, false));
}

/** What is asked of every version of a prompt, whatever it changes and wherever it goes. */
function generalOf(input: VersionInScope, rule: ApprovalRule): readonly Requirement[] {
  const { policy } = input;
  const found: Requirement[] = [{ extra: null, rule }];
  for (const extra of policy.rules)
    if (extra.environments.length === 0 && extra.changes.length === 0 && isForPath(input, extra))
      found.push({ extra, rule: lastingRule(extra.approvals) });
  return found;
}

/** What a rule of `rules`, or an environment's own, asks wherever it is asked. */
function ownOf({ rules, environments }: VersionInScope['policy'], rule: ApprovalRule): Requirement {
  const original = originalOf(rule);
  const extra = rules.find(({ approvals }) => approvals === original) ?? null;
  const envs =
    extra?.environments ??
    environments.filter(({ approvals }) => approvals === original).map(({ name }) => name);
  return { extra, rule, ...(envs.length > 0 ? { envs } : {}) };
}

/** Whether no step failed. */
export function isPassed({ steps }: Pick<Trace, 'steps'>): boolean {
  return steps.every(({ outcome }) => outcome !== 'fail');
}

import { RequirementJudge, type ApprovalQuestion } from './requirementJudge.js';
import { approvedBefore, trackOf, type Track, type VersionInScope } from './contributors.js';
import type { DecisionKind } from './event.js';
import { identitiesIn } from './identities.js';
import type { EventId } from './ids.js';
import type { ApprovalRule, ChangeKind } from './policy.js';
import type { ReasonCode } from './reasons.js';
import { isForPath, requirementsFor, type Requirement } from './requirements.js';
import { standingDecisions } from './standing.js';
import type { Decision, DecisionTrace, Trace, TraceStep } from './trace.js';
import { changesSince } from './versionChanges.js';
import type { Placed } from './state.js';

/** What was found of a version's approvals. */
export interface ApprovalTrace extends Trace {
  /** The decisions that count for some requirement, one a person each. */
  readonly counted: readonly Decision[];
}

/** Looks at everything that is asked of a version's approvals for an environment. */
export function traceApprovals(
  question: ApprovalQuestion,
  requirements: readonly Requirement[] = requirementsOf(question),
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
  const judge = new RequirementJudge(question, identities, standing);
  steps.push(judge.comments(requirements));
  const decisions: DecisionTrace[] = [];
  const counted = new Map<EventId, Decision>();
  for (const requirement of requirements) {
    const found = judge.judge(requirement);
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
  const outcome = against.length > 0 ? 'fail' : 'pass';
  const events = against.map(({ event }) => event.id);

  return {
    rule: null,
    check,
    outcome,
    code: events.length > 0 ? code : null,
    events,
    wanted: null,
    got: null,
  };
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
export function wasApproved(input: VersionInScope, { extra }: Track): boolean {
  const { policy, version, scope } = input;
  const rule = extra?.rule ?? policy.approvals;
  if (!scope(version.seq) || version.decisions.length < rule.required) return false;
  const question = { ...input, env: null, at: null, act: null };
  return isPassed(
    traceApprovals(question, extra === null ? generalOf(input) : [extraOf(policy, rule)]),
  );
}

/** What is asked of every version of a prompt, whatever it changes and wherever it goes. */
function generalOf(input: VersionInScope): readonly Requirement[] {
  const { policy } = input;
  const found: Requirement[] = [{ extra: null, rule: lasting(policy.approvals) }];
  for (const extra of policy.rules)
    if (extra.environments.length === 0 && extra.changes.length === 0 && isForPath(input, extra))
      found.push({ extra, rule: lasting(extra.approvals) });
  return found;
}

function extraOf({ rules }: VersionInScope['policy'], rule: ApprovalRule): Requirement {
  const extra = rules.find(({ approvals }) => approvals === rule) ?? null;
  const envs = extra?.environments ?? [];
  return { extra, rule: lasting(rule), ...(envs.length > 0 ? { envs } : {}) };
}

const lastingRules = new WeakMap<ApprovalRule, ApprovalRule>();

function lasting(rule: ApprovalRule): ApprovalRule {
  if (rule.expires === null && rule.otherPolicy) return rule;
  let same = lastingRules.get(rule);
  if (same === undefined)
    lastingRules.set(rule, (same = { ...rule, expires: null, otherPolicy: true }));
  return same;
}

/** Whether no step failed. */
export function isPassed({ steps }: Pick<Trace, 'steps'>): boolean {
  return steps.every(({ outcome }) => outcome !== 'fail');
}

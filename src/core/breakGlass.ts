import type {
  BreakGlassReview,
  BreakGlassRow,
  BreakGlassState,
  UncountedReview,
} from './deploymentRows.js';
import { environmentRule } from './environmentRule.js';
import type { EventOf, ReviewOutcome } from './event.js';
import { upTo } from './eventRows.js';
import { identitiesIn } from './identities.js';
import { versionLabel } from './labels.js';
import type { Actor } from './persons.js';
import type { BreakGlassRule, Policy } from './policy.js';
import { defaultPolicy } from './policyFile.js';
import { policyInScope } from './policyInScope.js';
import type { ReasonCode } from './reasons.js';
import { hasRole } from './roles.js';
import { isSigned } from './signatures.js';
import {
  ancestorsOf,
  everything,
  type DeploymentRecord,
  type LedgerState,
  type Placed,
  type PromptRecord,
  type Scope,
} from './state.js';

type Reviewed = Placed<EventOf<'deployment.reviewed'>>;

/** Where the policy of then has no such rule, or is gone: anybody else may review, at any time. */
const unruled: BreakGlassRule = { roles: [], review: null, reviewers: [] };

/**
 * What came of a break-glass deployment, by the policy in scope of it. `now`: ISO 8601; what is due by then is overdue.
 */
export function breakGlassRow(
  input: { readonly state: LedgerState; readonly syncedSize: number; readonly now: string },
  prompt: PromptRecord,
  deployment: DeploymentRecord,
): BreakGlassRow {
  const { state, syncedSize, now } = input;
  const { header, body } = deployment.event;
  const { refs } = header;
  const { rule } = rulesOf(state, deployment);
  const due = dueAt(deployment, rule);
  const counted: Reviewed[] = [];
  const uncounted: UncountedReview[] = [];
  for (const review of prompt.reviewed) {
    if (review.event.header.refs.deployment !== deployment.id) continue;
    const reasons = reviewFaults(state, deployment, recordedReview(state, review));
    if (reasons.length === 0) counted.push(review);
    else uncounted.push({ event: review.event.id, by: personOf(state, review), reasons });
  }
  const decisive = decisiveOf(state, counted);
  const version = state.versions.get(refs.version)!;
  return {
    deployment: deployment.id,
    path: prompt.path ?? '(redacted path)',
    prompt: prompt.id,
    env: refs.env,
    version: versionLabel(version, syncedSize),
    digest: refs.digest,
    at: deployment.at,
    deployedBy: personOf(state, deployment),
    outcome: refs.outcome,
    reason: body?.note ?? null,
    reference: body?.reference ?? null,
    state: stateOf(decisive, due, now),
    due,
    reviewers: rule.reviewers,
    review: decisive === undefined ? null : reviewOf(state, decisive, due),
    uncounted,
  };
}

/** The break-glass deployments of a ledger, newest first; `prompt` null: of all prompts. */
export function breakGlassRows(
  input: Parameters<typeof breakGlassRow>[0] & {
    readonly prompt: PromptRecord | null;
    readonly env: string | null;
  },
): readonly BreakGlassRow[] {
  const { state, prompt, env } = input;
  const prompts = prompt === null ? [...state.prompts.values()] : [prompt];
  return prompts
    .flatMap((one) =>
      one.deployments
        .filter(({ breakGlass, ...d }) => breakGlass && (env === null || d.env === env))
        .map((deployment) => ({ one, deployment })),
    )
    .sort((a, b) => b.deployment.seq - a.deployment.seq)
    .map(({ one, deployment }) => breakGlassRow(input, one, deployment));
}

/** Whether it is not settled: nobody reviewed it, or somebody objected and nobody accepted it knowing that. */
export const isUnsettled = ({ state }: Pick<BreakGlassRow, 'state'>): boolean =>
  state !== 'accepted';

/** Whether it waits for somebody's first review. */
export const isWaiting = ({ state }: Pick<BreakGlassRow, 'state'>): boolean =>
  state === 'open' || state === 'overdue';

/** A review that is recorded, or who is about to make one. */
export interface ReviewAsked {
  readonly who: Actor;
  readonly name: string;
  readonly outcome: ReviewOutcome;
  /** What the reviewer had seen. */
  readonly scope: Scope;
  /** Whether a person was asked, or signed it; null: that is not known yet. */
  readonly isAttended: boolean | null;
}

/** Why a review of a break-glass deployment counts for nothing; empty where it counts. */
export function reviewFaults(
  state: LedgerState,
  deployment: DeploymentRecord,
  asked: ReviewAsked,
): readonly ReasonCode[] {
  const { who, name, outcome, scope, isAttended } = asked;
  const { policy, rule } = rulesOf(state, deployment);
  const deployer = deployment.event.header.who;
  const faults: ReasonCode[] = [];
  if (!scope(deployment.seq)) faults.push('review.unordered');
  const identities = identitiesIn({ state, policy, scope });
  if (outcome === 'objected') {
    // Anybody can write that two ids are one person: that must not take an objection away.
    if (who.ids.some((id) => identities.isOwn(id, deployer))) faults.push('review.own');
  } else {
    const now = identitiesIn({ state, policy, scope: everything });
    if (identities.isSame(who, deployer) || now.isSame(who, deployer)) faults.push('review.own');
  }
  if (identities.isAgent(who, name)) faults.push('reviewer.agent');
  if (!hasRole(who, rule.reviewers, policy, identities)) faults.push('reviewer.role');
  const approvals = environmentRule(policy, deployment.env)?.approvals;
  const isStrict = approvals !== undefined && (approvals.signed || !approvals.unattended);
  if (isStrict && isAttended === false) faults.push('review.unattended');
  return faults;
}

/** A review as its own event has it. */
export function recordedReview(state: LedgerState, { seq, event }: Reviewed): ReviewAsked {
  const { who, refs } = event.header;
  const scope = ancestorsOf(state, seq);
  // A body that was redacted says nothing any more of who was asked.
  const isAttended = event.body?.identity === 'git' || isSigned(state, event.id, everything);
  const { name } = state.persons.ref(who, scope);
  return { who: state.persons.actor(who, scope), name, outcome: refs.outcome, scope, isAttended };
}

function rulesOf(
  state: LedgerState,
  deployment: DeploymentRecord,
): { readonly policy: Policy; readonly rule: BreakGlassRule } {
  const scope = ancestorsOf(state, deployment.seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const rule = environmentRule(policy, deployment.env)?.breakGlass ?? unruled;
  return { policy, rule };
}

/** Times are compared as texts, which years of five digits would not stand. */
const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function dueAt({ event }: DeploymentRecord, { review }: BreakGlassRule): string | null {
  if (review === null) return null;
  const due = Date.parse(event.header.at) + review;
  return new Date(Math.min(due, lastTime)).toISOString();
}

/**
 * The newest one, but for an objection that whoever accepted had not seen: only who knows of it may settle it.
 */
function decisiveOf(state: LedgerState, counted: readonly Reviewed[]): Reviewed | undefined {
  const objection = counted.findLast(
    (one) =>
      one.event.header.refs.outcome === 'objected' &&
      !counted.some(
        (other) =>
          other.event.header.refs.outcome === 'accepted' &&
          state.causality.isAncestor(one.seq, other.seq),
      ),
  );
  return objection ?? counted.at(-1);
}

function stateOf(decisive: Reviewed | undefined, due: string | null, now: string): BreakGlassState {
  if (decisive !== undefined) return decisive.event.header.refs.outcome;
  return due !== null && due <= now ? 'overdue' : 'open';
}

function reviewOf(state: LedgerState, review: Reviewed, due: string | null): BreakGlassReview {
  const { id, header, body } = review.event;
  return {
    event: id,
    by: personOf(state, review),
    at: header.at,
    outcome: header.refs.outcome,
    findings: body?.findings ?? null,
    late: due !== null && header.at > due,
  };
}

const personOf = (state: LedgerState, { seq, event }: Placed): BreakGlassRow['deployedBy'] =>
  state.persons.ref(event.header.who, upTo(seq));

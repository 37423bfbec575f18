import { contributors, versionVerdict, type ApprovalVerdict } from './approvals.js';
import { defaultPolicy } from './policyFile.js';
import type { EventOf } from './event.js';
import { identitiesIn } from './identities.js';
import type { EventId } from './ids.js';
import { versionLabel } from './labels.js';
import { orderOf, type ApprovalQuestion } from './requirementJudge.js';
import { revocationsOf } from './revocations.js';
import type { ApprovalOrder, LaterNote } from './approvalOrder.js';
import type { ActiveRow } from './rows.js';
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
import { deploymentDetails } from './deploymentDetails.js';
import { upTo } from './eventRows.js';
import { environmentRule } from './environmentRule.js';
import { policyWithEnvironment } from './formerEnvironment.js';
import { retirementsOf } from './promotion.js';
import { withRedactions } from './redactionRefs.js';
import { takenByRedaction } from './takenByRedaction.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';

/** A deployment and the event that ended its time, if any. */
export interface DeploymentSpan {
  readonly deployment: DeploymentRecord;
  readonly env: string;
  /** By the recorders' clocks, of imported tags by git's claim; `to` null while it lasts. */
  readonly from: string;
  readonly to: string | null;
  readonly endedBy: DeploymentRecord | Placed<EventOf<'deployment.ended'>> | null;
}

/** What was found of a prompt when it had so many deployments and ends: both only grow. */
const found = new WeakMap<
  PromptRecord,
  { readonly of: string; spans: readonly DeploymentSpan[] }
>();

/** Every successful deployment of a prompt with what ended it, in the agreed order. */
export function deploymentSpans(prompt: PromptRecord): readonly DeploymentSpan[] {
  const of = `${prompt.deployments.length} ${prompt.ended.length}`;
  const known = found.get(prompt);
  if (known?.of === of) return known.spans;
  const spans = spansOf(prompt);
  found.set(prompt, { of, spans });
  return spans;
}

function spansOf(prompt: PromptRecord): readonly DeploymentSpan[] {
  const spans: DeploymentSpan[] = [];
  const ends = new Map<EventId, Placed<EventOf<'deployment.ended'>>>();
  for (const end of prompt.ended.toReversed()) ends.set(end.event.header.refs.deployment, end);
  const nextIn = new Map<string, DeploymentRecord>();
  for (const deployment of prompt.deployments.toReversed()) {
    const { id, env, at, succeeded } = deployment;
    if (!succeeded) continue;
    const next = nextIn.get(env);
    const end = ends.get(id);
    const isEnded = end !== undefined && (next === undefined || end.seq < next.seq);
    const to = isEnded ? endedAt(end) : (next?.at ?? null);
    spans.push({ deployment, env, from: at, to, endedBy: (isEnded ? end : next) ?? null });
    nextIn.set(env, deployment);
  }
  return spans.reverse();
}

/** By the recorder's clock; of an imported tag when that claims to have been made. */
function endedAt({ event: { header } }: Placed<EventOf<'deployment.ended'>>): string {
  return header.refs.claimedAt ?? header.at;
}

/** The time of one deployment; of one that failed no time at all. Undefined where there is none. */
export function spanOf(state: LedgerState, id: EventId): DeploymentSpan | undefined {
  const prompt = state.deployments.get(id);
  const deployment = prompt?.deployments.find((one) => one.id === id);
  if (prompt === undefined || deployment === undefined) return undefined;
  const { env, at, succeeded } = deployment;
  if (!succeeded) return { deployment, env, from: at, to: at, endedBy: null };
  return deploymentSpans(prompt).find((span) => span.deployment.id === id);
}

/** What is active now, one deployment an environment. */
export function activeDeployments(prompt: PromptRecord): readonly DeploymentRecord[] {
  return deploymentSpans(prompt)
    .filter((span) => span.endedBy === null)
    .map((span) => span.deployment);
}

/** Which deployments `active` asks for. */
export interface ActiveQuery {
  readonly prompt: PromptRecord | null;
  readonly env: string | null;
  /** ISO 8601 UTC; null: now. Compared with the recorders' clocks, which are claims. */
  readonly at: string | null;
}

/** The deployments that were active at a time, by prompt in order of registration. */
export function activeRows(
  state: LedgerState,
  syncedSize: number,
  query: ActiveQuery,
): readonly ActiveRow[] {
  const prompts = query.prompt === null ? [...state.prompts.values()] : [query.prompt];
  return prompts.flatMap((prompt) =>
    deploymentSpans(prompt)
      .filter(({ env, from, to, endedBy }) => {
        if (query.env !== null && env !== query.env) return false;
        if (query.at === null) return endedBy === null;
        return from <= query.at && (to === null || to > query.at);
      })
      .map((span) => activeRow(state, syncedSize, span)),
  );
}

function isSignedThroughout(
  state: LedgerState,
  deployment: EventId,
  approvals: ApprovalVerdict['counted'],
  scope: Scope,
): boolean {
  return (
    isSigned(state, deployment, everything) &&
    approvals.every(({ event }) => isSigned(state, event.id, scope))
  );
}

/**
 * What the ancestors of a deployment, and its descendants, say of the approvals that it needed. What else spoke against
 * it, such as a rejection, is no matter of their order.
 */
function orderOfApprovals({ approved, trace, ignored }: ApprovalVerdict): ApprovalOrder {
  const isMissing = trace.steps.some(
    ({ check, outcome }) => outcome === 'fail' && (check === 'approvals' || check === 'quota'),
  );
  if (approved || !isMissing) return 'proven';
  return ignored.some(({ code }) => code === 'approval.unordered') ? 'unknown' : 'after';
}

/** Of a verdict, what is about approvals: a rejection beside them does not say when they came. */
function approvalsOf({
  reasons,
  trace,
}: ApprovalVerdict): Pick<ApprovalVerdict, 'reasons' | 'trace'> {
  const about = new Set(['approvals', 'quota', 'person']);
  return {
    reasons,
    trace: { ...trace, steps: trace.steps.filter(({ check }) => about.has(check)) },
  };
}

/** What was said against a version that its deployer had not seen. */
function laterOf(
  question: ApprovalQuestion & { readonly act: number },
  span: DeploymentSpan,
): Pick<ActiveRow, 'later'> {
  const { state, version, act } = question;
  const identities = identitiesIn({ ...question, scope: everything });
  const against = version.decisions.flatMap((decision): Against[] => {
    const { decision: kind } = decision.event.header.refs;
    const revoked = revocationsOf(state, decision, everything, identities);
    return kind === 'approved'
      ? revoked.map((placed) => ({ what: 'revoked', placed }))
      : revoked.length > 0
        ? []
        : [{ what: kind, placed: decision }];
  });
  for (const placed of version.withdrawals) against.push({ what: 'withdrawn', placed });
  for (const id of retirementsOf(state, version.prompt, everything)) {
    const seq = state.seqOf(id)!;
    // Who ends a deployment and retires the prompt then does as they should.
    if (span.endedBy === null || orderOf(question, seq, act) === 'unknown')
      against.push({ what: 'retired', placed: { seq, event: state.event(seq) } });
  }
  const later = against.flatMap(({ what, placed: { seq, event } }): LaterNote[] => {
    const order = orderOf(question, seq, act);
    return order === 'before' ? [] : [{ what, event: event.id, order }];
  });
  return later.length === 0 ? {} : { later };
}

interface Against {
  readonly what: LaterNote['what'];
  readonly placed: Placed;
}

/** Whether it is still active where the policy of now has no environment any more. */
function isOutside(state: LedgerState, { env, endedBy }: DeploymentSpan): boolean {
  const now = endedBy === null ? policyInScope(state, everything) : null;
  if (now === null || environmentRule(now, env) !== undefined) return false;
  return policyWithEnvironment(state, everything, env) !== null;
}

/** A deployment's row. Who approved is judged by what the deployer had seen (DESIGN.md §7). */
export function activeRow(state: LedgerState, syncedSize: number, span: DeploymentSpan): ActiveRow {
  const { seq, event } = span.deployment;
  const { refs, who } = event.header;
  const version = state.versions.get(refs.version)!;
  const scope = ancestorsOf(state, seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const adoption = adoptionInScope(state, scope);
  // Without the policy of that time nothing is proven, whatever the default would say.
  const readable = adoption?.event.body !== null;
  const { env } = refs;
  const question = { state, version, policy, scope, env, at: event.header.at, act: seq };
  const verdict = versionVerdict(question);
  const order = orderOfApprovals(verdict);
  const asApprovals = { ...question, verdict: approvalsOf(verdict), policy: null };
  const taken = order === 'proven' && readable ? null : takenByRedaction(asApprovals);
  // Its tag came before all that is recorded here: nobody approved it for that.
  const isImported = refs.commit !== undefined;
  const counted = isImported ? [] : verdict.counted;
  return {
    path: version.prompt.path ?? '(redacted path)',
    prompt: version.prompt.id,
    env: refs.env,
    version: versionLabel(version, syncedSize),
    digest: refs.digest,
    deployment: event.id,
    from: span.from,
    to: span.to,
    authors: [...contributors({ state, version, policy, scope })].map((id) =>
      state.persons.ref(id, scope),
    ),
    approvers: counted.map((d) => state.persons.ref(d.event.header.who, scope)),
    deployedBy: state.persons.ref(who, upTo(seq)),
    order: isImported || !readable || taken !== null ? 'unknown' : order,
    ...(isImported || taken === null ? {} : { redactedBy: taken }),
    ...laterOf(question, span),
    ...(isOutside(state, span) ? { outsidePolicy: true } : {}),
    rollback: refs.rollbackOf !== null,
    breakGlass: refs.breakGlass,
    ...deploymentDetails(state, syncedSize, span),
    ...(refs.commit === undefined ? {} : { imported: refs.commit }),
    policySource: isImported ? null : (adoption?.event.body?.source ?? null),
    ...(isSignedThroughout(state, event.id, verdict.counted, scope) ? { signed: true } : {}),
    ...withRedactions(state, [event.id, refs.digest]),
  };
}

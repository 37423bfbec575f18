import {
  contributors,
  lastApprovedBefore,
  versionVerdict,
  type ApprovalVerdict,
} from './approvals.js';
import { decisionVerdict } from './decisionVerdict.js';
import { upTo } from './eventRows.js';
import { identitiesIn, type Identities } from './identities.js';
import type { PersonId } from './ids.js';
import { versionLabel } from './labels.js';
import { withRedactions } from './redactionRefs.js';
import type { Actor } from './persons.js';
import type { Policy } from './policy.js';
import type { ReasonCode } from './reasons.js';
import { openRequests } from './requestedReviewers.js';
import type { ApprovalQuestion } from './requirementJudge.js';
import { revocationsOf } from './revocations.js';
import type { DecisionRow, ReviewRow, VersionRow, VersionState } from './rows.js';
import { isSigned } from './signatures.js';
import { Settlement, settlingRuleOf } from './settledTalk.js';
import { ancestorsOf, everything, type LedgerState, type VersionRecord } from './state.js';
import { activeDeployments } from './activeRows.js';

/** What rows are made from: all facts known now, and how far the ledger is synced. */
export interface View {
  readonly state: LedgerState;
  /** The policy that judges now. */
  readonly policy: Policy;
  /** Events up to this seq cannot move any more. */
  readonly syncedSize: number;
  /** Now, ISO 8601: approvals may have expired by then. Default: none has. */
  readonly at?: string;
}

export function versionRow(view: View, version: VersionRecord): VersionRow {
  const { state } = view;
  const input = questionOf(view, version);
  const verdict = versionVerdict(input);
  const identities = identitiesIn(input);
  const { header, body } = version.event;
  // Once approved, a version's authors are those that its last approver could see.
  const approval = verdict.approved ? verdict.counted.at(-1) : undefined;
  const authorship = approval === undefined ? everything : ancestorsOf(state, approval.seq);
  const openComments = settlementFor(view, version).unsettled().length;
  return {
    id: version.event.id,
    prompt: version.prompt.id,
    path: version.prompt.path ?? body?.path ?? '(redacted path)',
    number: version.number,
    label: versionLabel(version, view.syncedSize),
    digest: header.refs.digest,
    note: body?.note ?? null,
    proposedBy: state.persons.ref(header.who, upTo(version.seq)),
    at: header.at,
    contributors: [...contributors({ ...input, scope: authorship })].map((id) =>
      state.persons.ref(id, authorship),
    ),
    state: stateOf(version, verdict),
    decisions: version.decisions.map((decision) => decisionRow(state, decision, identities)),
    approvals: {
      given: verdict.counted.length,
      required: requiredOf(verdict),
    },
    ...requestedOf(view, version, identities),
    activeIn: activeDeployments(version.prompt)
      .filter((d) => d.event.header.refs.version === version.event.id)
      .map((d) => d.event.header.refs.env),
    ...(version.prompt.retired ? { promptRetired: true } : {}),
    ...(openComments > 0 ? { openComments } : {}),
    ...withRedactions(state, [version.event.id, header.refs.digest]),
  };
}

/** Which threads are settled for a version, by all that is known and the policy that judges now. */
export function settlementFor(view: View, version: VersionRecord): Settlement {
  const input = questionOf(view, version);
  return new Settlement(input, identitiesIn(input), settlingRuleOf(view.policy));
}

function questionOf({ state, policy, at }: View, version: VersionRecord): ApprovalQuestion {
  return { state, policy, version, scope: everything, env: null, at: at ?? null };
}

function decisionRow(
  state: LedgerState,
  decision: VersionRecord['decisions'][number],
  identities: Identities,
): DecisionRow {
  const { seq, event } = decision;
  const envs = event.header.refs.envs ?? null;
  const [revoked] = revocationsOf(state, decision, everything, identities);
  return {
    id: event.id,
    decision: event.header.refs.decision,
    by: state.persons.ref(event.header.who, upTo(seq)),
    at: event.header.at,
    meaning: event.body?.meaning ?? '',
    reason: event.body?.reason ?? null,
    unattended: event.body?.identity === 'unattended',
    ...(envs === null ? {} : { envs }),
    ...(revoked === undefined ? {} : { revoked: revoked.event.id }),
    ...(isSigned(state, event.id, everything) ? { signed: true } : {}),
    ...withRedactions(state, [event.id]),
  };
}

/** Of several rules the one that asks for the most people. */
function requiredOf({ trace }: ApprovalVerdict): number {
  const wanted = trace.steps.map((step) => (step.check === 'approvals' ? Number(step.wanted) : 0));
  return Math.max(...wanted);
}

function requestedOf(
  { state, policy }: View,
  version: VersionRecord,
  identities: Identities,
): Pick<VersionRow, 'requested'> {
  const open = openRequests({ state, policy, version }, identities);
  return open.length === 0 ? {} : { requested: open.map((id) => state.persons.ref(id)) };
}

/** The newest version of each prompt that waits for a decision or for changes; those first that ask this person. */
export function reviewRows(view: View, me: Actor | null): readonly ReviewRow[] {
  const rows: ReviewRow[] = [];
  for (const prompt of view.state.prompts.values()) {
    const newest = prompt.versions.at(-1);
    if (newest === undefined || prompt.retired) continue;
    const version = versionRow(view, newest);
    const isOpen = version.state === 'waiting' || version.state === 'changes-requested';
    // An approved one waits for whoever is asked, and for whom an environment's own rule still needs.
    const mayWait =
      version.state === 'approved' &&
      (version.requested !== undefined || lacksApprovals(view, newest));
    if (!isOpen && !mayWait) continue;
    const row = reviewRow(view, newest, version, me);
    if (isOpen || row.waitsForMe) rows.push(row);
  }
  return rows.sort((a, b) => Number(b.requestedOfMe ?? false) - Number(a.requestedOfMe ?? false));
}

function reviewRow(
  view: View,
  record: VersionRecord,
  version: VersionRow,
  me: Actor | null,
): ReviewRow {
  const input = questionOf(view, record);
  const base = lastApprovedBefore(input);
  const identities = identitiesIn(input);
  const blockedBecause =
    me === null
      ? ['identity.missing']
      : decisionVerdict({ ...input, who: me, decision: 'approved' }).reasons.map((r) => r.code);
  const isMine = (id: PersonId): boolean => me !== null && identities.isSame(me, id);
  const requestedOfMe = (version.requested ?? []).some(({ id }) => isMine(id));
  const needed = version.state === 'waiting' || requestedOfMe || lacksApprovals(view, record);
  const mayDecide = version.state !== 'changes-requested' && blockedBecause.length === 0;
  return {
    version,
    base: base === undefined ? null : versionRow(view, base),
    waitsForMe: needed && mayDecide && !hasDecided(input, isMine),
    ...(requestedOfMe ? { requestedOfMe } : {}),
    blockedBecause,
  };
}

/** Whether some environment asks for more than its general approval gave a version. */
function lacksApprovals(view: View, version: VersionRecord): boolean {
  const input = questionOf(view, version);
  return view.policy.environments.some(
    ({ name, approvals }) =>
      (approvals !== view.policy.approvals || view.policy.rules.length > 0) &&
      !versionVerdict({ ...input, env: name }).approved,
  );
}

/** What takes the worth of an approval so that its own person has to give it anew. */
const renewable: ReadonlySet<ReasonCode> = new Set([
  'approval.expired',
  'approval.policy',
  'approval.revoked',
  'approval.otherVersion',
  'approval.superseded',
]);

/** Whether a person has a decision on a version that they need not make again. */
function hasDecided(input: ApprovalQuestion, isMine: (id: PersonId) => boolean): boolean {
  const { decisions } = versionVerdict(input).trace;
  const own = decisions.filter(
    ({ by, version }) => version === input.version.event.id && isMine(by),
  );
  return own.some(({ faults }) => !faults.some((fault) => renewable.has(fault)));
}

function stateOf(version: VersionRecord, verdict: ApprovalVerdict): VersionState {
  if (verdict.approved) return 'approved';
  const codes = verdict.reasons.map((r) => r.code);
  if (codes.includes('version.withdrawn')) return 'withdrawn';
  if (codes.includes('version.rejected')) return 'rejected';
  if (codes.includes('changes.requested')) return 'changes-requested';
  return version === version.prompt.versions.at(-1) ? 'waiting' : 'superseded';
}

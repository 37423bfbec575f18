import {
  approvalVerdict,
  contributors,
  lastApprovedBefore,
  type VersionInScope,
} from './approvals.js';
import { decisionVerdict } from './verdicts.js';
import { upTo } from './eventRows.js';
import { versionLabel } from './labels.js';
import { withRedactions } from './redactionRefs.js';
import type { Actor } from './persons.js';
import type { Policy } from './policy.js';
import type { ReviewRow, VersionRow, VersionState } from './rows.js';
import { isSigned } from './signatures.js';
import { ancestorsOf, everything, type LedgerState, type VersionRecord } from './state.js';
import { activeDeployments } from './activeRows.js';

/** What rows are made from: all facts known now, and how far the ledger is synced. */
export interface View {
  readonly state: LedgerState;
  /** The policy that judges now. */
  readonly policy: Policy;
  /** Events up to this seq cannot move any more. */
  readonly syncedSize: number;
}

export function versionRow(view: View, version: VersionRecord): VersionRow {
  const { state, policy } = view;
  const input: VersionInScope = { state, policy, version, scope: everything };
  const verdict = approvalVerdict({ ...input, rule: policy.approvals });
  const { header, body } = version.event;
  // Once approved, a version's authors are those that its last approver could see.
  const approval = verdict.approved ? verdict.counted.at(-1) : undefined;
  const authorship = approval === undefined ? everything : ancestorsOf(state, approval.seq);
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
    decisions: version.decisions.map(({ seq, event }) => ({
      id: event.id,
      decision: event.header.refs.decision,
      by: state.persons.ref(event.header.who, upTo(seq)),
      at: event.header.at,
      meaning: event.body?.meaning ?? '',
      reason: event.body?.reason ?? null,
      unattended: event.body?.identity === 'unattended',
      ...(isSigned(state, event.id, everything) ? { signed: true } : {}),
      ...withRedactions(state, [event.id]),
    })),
    approvals: {
      given: verdict.counted.length,
      required: policy.approvals.required,
    },
    activeIn: activeDeployments(version.prompt)
      .filter((d) => d.event.header.refs.version === version.event.id)
      .map((d) => d.event.header.refs.env),
    ...withRedactions(state, [version.event.id, header.refs.digest]),
  };
}

/** The newest version of each prompt that waits for a decision or for changes. */
export function reviewRows(view: View, me: Actor | null): readonly ReviewRow[] {
  const rows: ReviewRow[] = [];
  for (const prompt of view.state.prompts.values()) {
    const newest = prompt.versions.at(-1);
    if (newest === undefined || prompt.retired) continue;
    const version = versionRow(view, newest);
    if (version.state !== 'waiting' && version.state !== 'changes-requested') continue;
    rows.push(reviewRow(view, newest, version, me));
  }
  return rows;
}

function reviewRow(
  view: View,
  record: VersionRecord,
  version: VersionRow,
  me: Actor | null,
): ReviewRow {
  const { state, policy } = view;
  const input = { state, policy, version: record, scope: everything };
  const base = lastApprovedBefore(input);
  const blockedBecause =
    me === null
      ? ['identity.missing']
      : decisionVerdict({
          ...input,
          who: me,
          decision: 'approved',
        }).reasons.map((r) => r.code);
  const decided = me !== null && version.decisions.some((d) => state.persons.isSame(me, d.by.id));
  return {
    version,
    base: base === undefined ? null : versionRow(view, base),
    waitsForMe: version.state === 'waiting' && blockedBecause.length === 0 && !decided,
    blockedBecause,
  };
}

function stateOf(
  version: VersionRecord,
  verdict: ReturnType<typeof approvalVerdict>,
): VersionState {
  if (verdict.approved) return 'approved';
  const codes = verdict.reasons.map((r) => r.code);
  if (codes.includes('version.withdrawn')) return 'withdrawn';
  if (codes.includes('version.rejected')) return 'rejected';
  if (codes.includes('changes.requested')) return 'changes-requested';
  return version === version.prompt.versions.at(-1) ? 'waiting' : 'superseded';
}

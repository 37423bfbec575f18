import { decisionVerdict } from '../decisionVerdict.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import type { ReasonCode } from '../reasons.js';
import { signatureRows } from '../signatures.js';
import { ancestorsOf, everything, type LedgerState } from '../state.js';
import { columns } from './columns.js';
import { decisionColumns, decisionRow } from './decisionRow.js';
import { approvalsIn, type DecisionOn } from './decisions.js';
import { periodCaveats, type Answering } from './ground.js';

const ofAuthority: ReadonlySet<ReasonCode> = new Set([
  'approver.role',
  'approver.owner',
  'approver.agent',
]);

/**
 * Q11: approvals by somebody who had no role, or was no owner, that counts for anything by the policy which they had seen,
 * and those whose only signatures do not count (`signature.` and the status of rows.ts).
 */
export const unauthorisedApprovals: Answering = (ground, params) => {
  const all = approvalsIn(ground, params);
  const faulty = all
    .map((one) => ({ one, codes: faultsOf(ground.state, one) }))
    .filter(({ codes }) => codes.length > 0);
  const found = faulty.filter(({ one, codes }) => !isUntold(ground.state, one, codes));
  const untold = faulty.length - found.length;
  return {
    columns: [...decisionColumns, columns.reasons],
    rows: found.map(({ one, codes }) => ({ ...decisionRow(ground, one), reasons: codes })),
    population: { of: 'approvals', count: all.length },
    counts: { untold },
    areExceptions: true,
    caveats: [...untoldCaveats(untold), ...periodCaveats(params)],
  };
};

const untoldCaveats = (untold: number): readonly string[] =>
  untold === 0
    ? []
    : [
        `Of ${untold} other ${untold === 1 ? 'approval' : 'approvals'} nobody can tell any more whether their person had the right to: who they were, or what the version's path was, is gone.`,
      ];

/**
 * Whether every fault may be there only because the declaration of the approver, on whose address roles hang, or the path is
 * gone. Looks at the bodies, not at redactions: as known before a redaction, what it took is gone, too.
 */
function isUntold(
  state: LedgerState,
  { version, decision }: DecisionOn,
  codes: readonly string[],
): boolean {
  const scope = ancestorsOf(state, decision.seq);
  const person = state.persons.same(decision.event.header.who, scope);
  const isPersonGone = [...state.seqsOfType('person.declared')].some((seq) => {
    const event = state.event(seq);
    return (
      event.bodyText === null &&
      scope(seq) &&
      event.type === 'person.declared' &&
      event.known &&
      state.persons.same(event.header.refs.person, scope) === person
    );
  });
  const isPathGone = version.event.body === null;
  return codes.every((code) => {
    if (code === 'approver.owner') return isPersonGone || isPathGone;
    return isPersonGone && (code === 'approver.role' || code === 'signature.other-person');
  });
}

function faultsOf(state: LedgerState, { version, decision }: DecisionOn): readonly string[] {
  const { seq, event } = decision;
  const { refs, who, writer } = event.header;
  const scope = ancestorsOf(state, seq);
  const verdict = decisionVerdict({
    state,
    policy: policyInScope(state, scope) ?? defaultPolicy,
    version,
    scope,
    who: state.persons.actor(who, scope),
    decision: 'approved',
    envs: refs.envs ?? null,
    writer,
  });
  const codes = verdict.reasons.map(({ code }) => code).filter((code) => ofAuthority.has(code));
  const signatures = signatureRows(state, event.id, everything);
  const last = signatures.at(-1);
  if (last === undefined || signatures.some(({ status }) => status === 'good')) return codes;
  return [...codes, `signature.${last.status}`];
}

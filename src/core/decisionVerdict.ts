import { requirementsOf } from './approvalTrace.js';
import { trackFor, trackOf, writersOf } from './contributors.js';
import type { DecisionKind } from './event.js';
import { filesInScope, identitiesIn, type Identities } from './identities.js';
import type { WriterId } from './ids.js';
import type { Actor } from './persons.js';
import type { ApprovalRule } from './policy.js';
import type { ReasonCode } from './reasons.js';
import type { ApprovalQuestion } from './requirementJudge.js';
import { ownedPaths, type Requirement } from './requirements.js';
import { hasRole, isOwner } from './roles.js';
import type { CheckName } from './trace.js';
import { notAsked, stepOf, verdictOf, type Verdict } from './verdicts.js';

/** A decision that somebody wants to make. */
export interface WantedDecision extends ApprovalQuestion {
  readonly who: Actor;
  readonly decision: DecisionKind;
  /** For which environments; null: for all. Default: null. */
  readonly envs?: readonly string[] | null;
  /** What the person gives with it; left out where nobody was asked yet: then nothing is missing. */
  readonly words?: { readonly reason: string | null; readonly meaning: string };
  /** The clone that records it; default: not looked at. */
  readonly writer?: WriterId | null;
}

/** What the policy says of a decision that is not made yet. */
export interface DecisionVerdict extends Verdict {
  /** Of which an approval must have one, where a rule says so; empty: any. */
  readonly meanings: readonly string[];
}

/**
 * Whether a person may make this decision on a version. Only approvals are restricted: one that would count for
 * nothing is refused, and so is one without the words that some rule wants for which it could count.
 */
export function decisionVerdict(input: WantedDecision): DecisionVerdict {
  const { version, scope } = input;
  const withdrawn = version.withdrawals.filter((w) => scope(w.seq)).map((w) => w.event.id);
  const steps = [stepOf('withdrawn', withdrawn.length > 0 ? 'version.withdrawn' : null, withdrawn)];
  if (input.decision !== 'approved')
    return { ...verdictOf({ steps, decisions: [], asked: [] }), meanings: [] };
  const identities = identitiesIn(input);
  const [id] = input.who.ids;
  const name = id === undefined ? '' : input.state.persons.ref(id, scope).name;
  const isAgent = identities.isAgent(input.who, name);
  steps.push(stepOf('agent', isAgent ? 'approver.agent' : null, []));
  const requirements = askedRequirements(input);
  const faults = requirements.map((one) => personalFaults(input, identities, one));
  const open = requirements.filter((_, at) => faults[at]!.length === 0);
  const codes = new Set([
    ...(open.length === 0 ? decisive(faults) : []),
    ...missingWords(input, open),
  ]);
  for (const { check, code, isAsked } of checks) {
    const events = code === 'approver.contributed' ? [version.event.id] : [];
    if (codes.has(code)) steps.push(stepOf(check, code, events));
    else
      steps.push(
        requirements.some(({ rule }) => isAsked(rule)) ? stepOf(check, null, []) : notAsked(check),
      );
  }
  const meanings = new Set(open.flatMap(({ rule }) => rule.meanings));
  return { ...verdictOf({ steps, decisions: [], asked: requirements }), meanings: [...meanings] };
}

interface Check {
  readonly check: CheckName;
  readonly code: ReasonCode;
  readonly isAsked: (rule: ApprovalRule) => boolean;
}

const checks: readonly Check[] = [
  { check: 'approver-role', code: 'approver.role', isAsked: (rule) => rule.roles.length > 0 },
  { check: 'approver-owner', code: 'approver.owner', isAsked: (rule) => rule.codeowners },
  {
    check: 'approver-contributed',
    code: 'approver.contributed',
    isAsked: (rule) => !rule.contributors,
  },
  { check: 'scope', code: 'approval.scope', isAsked: (rule) => rule.scoped },
  { check: 'same-clone', code: 'approval.sameClone', isAsked: (rule) => !rule.sameClone },
  { check: 'reason', code: 'approval.reason', isAsked: (rule) => rule.reason },
  { check: 'meaning', code: 'approval.meaning', isAsked: (rule) => rule.meanings.length > 0 },
];

/** Everything that an approval of this version could count for. */
function askedRequirements(input: WantedDecision): readonly Requirement[] {
  const { policy, envs = null } = input;
  const names = envs ?? policy.environments.map(({ name }) => name);
  const found = names.flatMap((env) => requirementsOf({ ...input, env }));
  const all = envs === null ? [...requirementsOf({ ...input, env: null }), ...found] : found;
  return [...new Map(all.map((one) => [one.rule, one])).values()];
}

/** Why nothing that this person says here can count for a requirement. */
function personalFaults(
  input: WantedDecision,
  identities: Identities,
  requirement: Requirement,
): readonly ReasonCode[] {
  const { state, policy, scope, who, writer = null } = input;
  const { rule, extra } = requirement;
  const faults: ReasonCode[] = [];
  if (!hasRole(who, rule.roles, policy, identities)) faults.push('approver.role');
  if (rule.codeowners) {
    const { codeowners } = input.files ?? filesInScope(state, scope);
    const track = trackOf(state, extra && { rule: extra.approvals, policy });
    const owns = (path: string): boolean => isOwner(who, [path], codeowners, policy, identities);
    if (ownedPaths(input, track)?.every(owns) !== true) faults.push('approver.owner');
  }
  if (!rule.contributors) {
    const track = trackFor(state, policy, requirement);
    if ([...writersOf(input, track)].some((id) => identities.isSame(who, id)))
      faults.push('approver.contributed');
  }
  if (rule.scoped && (input.envs ?? null) === null) faults.push('approval.scope');
  if (!rule.sameClone && writer !== null && hasRecorded(input, writer))
    faults.push('approval.sameClone');
  return faults;
}

function hasRecorded({ state, version }: WantedDecision, writer: WriterId): boolean {
  return state
    .withBytes(version.event.header.refs.digest)
    .some((one) => one.writer === writer && state.typeAt(one.seq) !== 'revision.observed');
}

/** What stands in the way everywhere; where each requirement has another fault, all of them. */
function decisive(faults: readonly (readonly ReasonCode[])[]): readonly ReasonCode[] {
  const all = [...new Set(faults.flat())];
  const common = all.filter((code) => faults.every((own) => own.includes(code)));
  return common.length > 0 ? common : all;
}

function missingWords(
  { words }: WantedDecision,
  open: readonly Requirement[],
): readonly ReasonCode[] {
  if (words === undefined) return [];
  const codes: ReasonCode[] = [];
  if (words.reason === null && open.some(({ rule }) => rule.reason)) codes.push('approval.reason');
  const isWrong = ({ rule }: Requirement): boolean =>
    rule.meanings.length > 0 && !rule.meanings.includes(words.meaning);
  if (open.some(isWrong)) codes.push('approval.meaning');
  return codes;
}

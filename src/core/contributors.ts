import { wasSeen } from './approvalTrace.js';
import { writersSince } from './bytesSince.js';
import { countBefore } from './causality.js';
import { identitiesIn, type AdoptedFiles, type Identities } from './identities.js';
import type { PersonId } from './ids.js';
import { isGeneralRule, originalOf } from './lastingRules.js';
import type { ApprovalRule, ExtraRule, Policy } from './policy.js';
import { defaultPolicy } from './policyFile.js';
import { adoptionInScope, policyInScope } from './policyInScope.js';
import {
  ancestorsOf,
  type LedgerState,
  type PromptRecord,
  type Scope,
  type VersionRecord,
} from './state.js';
import type { Decision } from './trace.js';

/** A version, and the policy and the facts by which it is judged. */
export interface VersionInScope {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  readonly policy: Policy;
  readonly scope: Scope;
  /** `.mailmap` and CODEOWNERS; default: those that were adopted in scope. */
  readonly files?: AdoptedFiles;
}

/**
 * By which rule older versions count as approved, so that what was in them is nobody's contribution any more, and
 * what was found out by it. A rule of `rules`, or an environment's own, looks at approvals that it counts itself:
 * nobody approves for it what they wrote since then.
 */
export interface Track {
  /** Null: the general rule of the policy that the writer of each decision had seen. */
  readonly extra: { readonly rule: ApprovalRule; readonly policy: Policy } | null;
  /** Whether decisions are their own contributors', by seq. */
  readonly own: Map<number, boolean>;
  /** The contributors before approvals, by seq; only where policies say who is who. */
  readonly writers: Map<number, ReadonlySet<PersonId>>;
  /** For how many decisions of the whole ledger `writers` has those of a prompt. */
  readonly written: WeakMap<PromptRecord, number>;
  readonly settled: WeakMap<PromptRecord, Settled>;
}

interface Settled {
  /** How many decisions there were in the whole ledger then. */
  decisions: number;
  /** The versions that may have an approval by somebody who did not contribute, in their order. */
  readonly versions: VersionRecord[];
}

interface Tracks {
  readonly general: Track;
  readonly extra: WeakMap<ApprovalRule, Track>;
}

const knownTracks = new WeakMap<LedgerState, Tracks>();

/** The track of a rule of a policy's `rules` or environments; null: the general one. */
export function trackOf(state: LedgerState, extra: Track['extra']): Track {
  let tracks = knownTracks.get(state);
  if (tracks === undefined) {
    const general = { extra: null, own: state.ownDecisions, ...nothingKnown() };
    tracks = { general, extra: new WeakMap() };
    knownTracks.set(state, tracks);
  }
  if (extra === null) return tracks.general;
  let track = tracks.extra.get(extra.rule);
  if (track === undefined) {
    track = { extra, own: new Map(), ...nothingKnown() };
    tracks.extra.set(extra.rule, track);
  }
  return track;
}

const nothingKnown = (): Pick<Track, 'settled' | 'writers' | 'written'> => ({
  settled: new WeakMap(),
  writers: new Map(),
  written: new WeakMap(),
});

/** The track by which contributions count for a rule of a policy: its own, unless it is the general one. */
export function trackFor(
  state: LedgerState,
  policy: Policy,
  { extra, rule }: { readonly extra: ExtraRule | null; readonly rule: ApprovalRule },
): Track {
  if (extra !== null) return trackOf(state, { rule: extra.approvals, policy });
  return trackOf(state, isGeneralRule(rule, policy) ? null : { rule: originalOf(rule), policy });
}

/** The contributors to a version by the ids that they used, for the rule of a track. */
export function writersOf(input: VersionInScope, track: Track): Set<PersonId> {
  const { state, version, scope } = input;
  const { causality } = state;
  const writers = writersSince(state, version, approvedBefore(input, track));
  const holders = state.withBytes(version.event.header.refs.digest);
  // Whoever had the bytes from an older event did not write them; who made them beside the proposal did.
  const isBeside = (seq: number): boolean =>
    scope(seq) &&
    state.typeAt(seq) !== 'revision.observed' &&
    !holders.some((other) => causality.isAncestor(other.seq, seq));
  for (const { seq, by, coAuthors = [] } of holders) {
    if (seq !== version.seq && !causality.isAncestor(seq, version.seq) && !isBeside(seq)) continue;
    for (const person of [by, ...coAuthors]) writers.add(person);
  }
  return writers;
}

/**
 * The approved versions that the writer of this one had seen, the newest number first, without those that another of
 * them had seen: nearly always one. A function of the ancestors, so it does not matter in which order they arrived.
 */
export function approvedBefore(
  input: VersionInScope,
  track: Track,
  isApproved: (input: VersionInScope, track: Track) => boolean = wasSeen,
): readonly VersionRecord[] {
  const { state, version } = input;
  const { causality } = state;
  const found: VersionRecord[] = [];
  const candidates = candidatesOf(input, version.prompt, track, isApproved === wasSeen);
  for (let at = countBefore(candidates, version.seq) - 1; at >= 0; at--) {
    const one = candidates[at]!;
    if (!causality.isAncestor(one.seq, version.seq)) continue;
    if (found.some((newer) => causality.isAncestor(one.seq, newer.seq))) continue;
    if (!isApproved({ ...input, version: one }, track)) continue;
    found.push(one);
    if (causality.firstUnseen(one.seq) === one.seq) break;
  }
  return found;
}

/** The versions that can be approved at all, in their order. */
export function candidatesOf(
  { state, policy }: { readonly state: LedgerState; readonly policy: Policy },
  prompt: PromptRecord,
  track: Track,
  isSeen = false,
): readonly VersionRecord[] {
  const rule = track.extra?.rule ?? policy.approvals;
  const settled = settledVersions(state, prompt, track);
  // Without contributors' own approvals, only versions with a decision by somebody else can be approved.
  return rule.contributors || (rule.required === 0 && !isSeen) ? prompt.versions : settled;
}

/**
 * Finds out hadContributed for all approvals of a prompt, the oldest first: each answer needs only those of
 * older ones, so the recursion stays flat however many versions there are. Returns the versions
 * of which some decision may be an approval by somebody else.
 */
function settledVersions(
  state: LedgerState,
  prompt: PromptRecord,
  track: Track,
): readonly VersionRecord[] {
  const settled = track.settled.get(prompt) ?? { decisions: 0, versions: [] };
  if (settled.decisions === state.decisions.size) return settled.versions;
  track.settled.set(prompt, settled);
  settled.decisions = state.decisions.size;
  const open: { version: VersionRecord; decision: Decision }[] = [];
  const approvable = new Set(settled.versions);
  for (const version of prompt.versions) {
    for (const decision of version.decisions) {
      const own = track.own.get(decision.seq);
      if (own === undefined) open.push({ version, decision });
      else if (!own && !approvable.has(version)) {
        approvable.add(version);
        insert(settled.versions, version);
      }
    }
  }
  open.sort((a, b) => a.decision.seq - b.decision.seq);
  for (const { version, decision } of open) {
    if (decision.event.header.refs.decision !== 'approved') {
      // Nobody asks about these: known, so that they are not looked at again.
      track.own.set(decision.seq, true);
    } else if (!hadContributed(state, version, decision, track) && !approvable.has(version)) {
      approvable.add(version);
      insert(settled.versions, version);
    }
  }
  return settled.versions;
}

/** Nearly always at the end. */
function insert(versions: VersionRecord[], version: VersionRecord): void {
  const at = versions.findLastIndex((other) => other.number < version.number);
  versions.splice(at + 1, 0, version);
}

/**
 * Whether a decision was its own contributor's. A function of the decision's ancestors alone, so it is
 * remembered; that also keeps the recursion over older versions from growing with each of them.
 */
export function hadContributed(
  state: LedgerState,
  version: VersionRecord,
  decision: Decision,
  track: Track,
): boolean {
  const known = track.own.get(decision.seq);
  if (known !== undefined) return known;
  const input = asDecided(state, version, decision, track);
  const identities = identitiesIn(input);
  const own = includesPerson(writersOf(input, track), decision.event.header.who, identities);
  track.own.set(decision.seq, own);
  return own;
}

/** The same by who is who in another scope: what a policy or `.mailmap` says later of two addresses counts, too. */
export function isContributorIn(
  state: LedgerState,
  version: VersionRecord,
  decision: Decision,
  track: Track,
  identities: Identities,
): boolean {
  if (hadContributed(state, version, decision, track)) return true;
  if (!identities.hasTables) return false;
  const writers = writersBefore(state, version, decision, track);
  return includesPerson(writers, decision.event.header.who, identities);
}

/** The contributors by what stood before an approval; those of all approvals of its prompt the oldest first. */
function writersBefore(
  state: LedgerState,
  version: VersionRecord,
  decision: Decision,
  track: Track,
): ReadonlySet<PersonId> {
  const { prompt } = version;
  if (track.written.get(prompt) !== state.decisions.size) {
    track.written.set(prompt, state.decisions.size);
    const open = prompt.versions.flatMap((one) =>
      one.decisions.flatMap((other) =>
        other.event.header.refs.decision === 'approved' && !track.writers.has(other.seq)
          ? [{ version: one, decision: other }]
          : [],
      ),
    );
    open.sort((a, b) => a.decision.seq - b.decision.seq);
    for (const one of open) writersBefore(state, one.version, one.decision, track);
  }
  let writers = track.writers.get(decision.seq);
  if (writers === undefined) {
    writers = writersOf(asDecided(state, version, decision, track), track);
    track.writers.set(decision.seq, writers);
  }
  return writers;
}

function asDecided(
  state: LedgerState,
  version: VersionRecord,
  decision: Decision,
  { extra }: Track,
): VersionInScope {
  const scope = ancestorsOf(state, decision.seq);
  if (extra !== null) return { state, version, scope, policy: extra.policy };
  const adoption = adoptionInScope(state, scope);
  const policy =
    policyInScope(state, scope) ?? (adoption?.event.body === null ? unreadable : defaultPolicy);
  return { state, version, scope, policy };
}

function includesPerson(
  writers: ReadonlySet<PersonId>,
  who: PersonId,
  identities: Identities,
): boolean {
  if (writers.has(who)) return true;
  const me = identities.same(who);
  return [...writers].some((id) => identities.same(id) === me);
}

/** In place of a redacted policy: with it nothing was approved, so nobody escapes being a contributor. */
const unreadable: Policy = {
  ...defaultPolicy,
  approvals: { ...defaultPolicy.approvals, required: Number.POSITIVE_INFINITY },
};

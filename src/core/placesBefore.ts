import { wasApproved } from './approvalTrace.js';
import { countBefore } from './causality.js';
import type { Track, VersionInScope } from './contributors.js';
import { movesOf } from './moves.js';
import type { Policy } from './policy.js';
import { ancestorsOf, type LedgerState, type PromptRecord, type VersionRecord } from './state.js';

/** Where a version was proposed; null: what says so is gone, and nobody can tell. */
type Place = string | null;

/**
 * Where versions before this one were proposed, as far as `isAsked` asks for their places: the last ones that the rule
 * of a track itself had approved, and those since that somebody approved. So a rule is left behind by its own
 * approvals only, and not by a proposal at another place.
 */
export function placesBefore(
  input: VersionInScope,
  track: Track,
  isAsked: (place: Place) => boolean,
): readonly Place[] {
  const { state, version, scope, policy } = input;
  if (!placesOf(state, version.prompt).some(isAsked)) return [];
  const { last, since } = seenBy(input, track);
  const isAnybodys = (one: VersionRecord): boolean =>
    policy.approvals.required === 0 ||
    one.decisions.some(({ seq, event }) => scope(seq) && event.header.refs.decision === 'approved');
  const found = [...last, ...since.filter(isAnybodys)];
  return [...new Set(found.flatMap((one) => placesOfVersion(input, one)))].filter(isAsked);
}

/** What stood before a version, by what its proposer had seen. */
interface Seen {
  /** Those that the rule of a track had approved, without older ones. */
  readonly last: readonly VersionRecord[];
  /** Those after them. */
  readonly since: readonly VersionRecord[];
}

const nothing: Seen = { last: [], since: [] };

/**
 * A function of the version's ancestors alone, so it is remembered. The oldest first: whether an older version was
 * approved may ask the same of it, and so the recursion stays flat.
 */
function seenBy(input: VersionInScope, track: Track): Seen {
  const { state, version } = input;
  const { causality } = state;
  const known = knownFor(input, track);
  const { versions } = version.prompt;
  for (let at = 0; at <= countBefore(versions, version.seq); at++) {
    const one = versions[at];
    if (one === undefined || known.has(one)) continue;
    if (one !== version && !causality.isAncestor(one.seq, version.seq)) continue;
    known.set(one, seenByOne(input, track, one, known));
  }
  return known.get(version) ?? nothing;
}

function seenByOne(
  input: VersionInScope,
  track: Track,
  version: VersionRecord,
  known: ReadonlyMap<VersionRecord, Seen>,
): Seen {
  const { causality } = input.state;
  const scope = ancestorsOf(input.state, version.seq);
  const direct: VersionRecord[] = [];
  const { versions } = version.prompt;
  for (let at = countBefore(versions, version.seq) - 1; at >= 0; at--) {
    const one = versions[at]!;
    if (!causality.isAncestor(one.seq, version.seq)) continue;
    if (direct.some(({ seq }) => causality.isAncestor(one.seq, seq))) continue;
    direct.push(one);
    if (causality.firstUnseen(one.seq) === one.seq) break;
  }
  const last = new Set<VersionRecord>();
  const since = new Set<VersionRecord>();
  for (const one of direct) {
    if (wasApproved({ ...input, version: one, scope }, track)) {
      last.add(one);
      continue;
    }
    const before = known.get(one) ?? nothing;
    for (const other of before.last) last.add(other);
    for (const other of [...before.since, one]) since.add(other);
  }
  return { last: [...last], since: [...since] };
}

type Known = Map<VersionRecord, Seen>;

const knownSeen = new WeakMap<
  Track,
  WeakMap<Policy, WeakMap<object, { readonly redactions: number; readonly known: Known }>>
>();

function knownFor({ state, policy, files }: VersionInScope, track: Track): Known {
  const byPolicy = entry(knownSeen, track, () => new WeakMap());
  const byFiles = entry(byPolicy, policy, () => new WeakMap());
  const key = files ?? state;
  const redactions = state.redactions.length;
  const now = byFiles.get(key);
  if (now?.redactions === redactions) return now.known;
  const known: Known = new Map();
  byFiles.set(key, { redactions, known });
  return known;
}

function entry<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

interface PromptPlaces {
  readonly versions: number;
  readonly redactions: number;
  readonly places: readonly Place[];
}

const promptPlaces = new WeakMap<PromptRecord, PromptPlaces>();

/** All places at which versions of a prompt were proposed: nearly always one. */
function placesOf({ redactions }: LedgerState, prompt: PromptRecord): readonly Place[] {
  const known = promptPlaces.get(prompt);
  const { versions } = prompt;
  if (known?.versions === versions.length && known.redactions === redactions.length)
    return known.places;
  const places = [...new Set(versions.map(({ event }) => event.body?.path ?? null))];
  // Of what is gone any place may be meant: then each version is looked at.
  const all = places.includes(null) ? [...new Set([...places, ...prompt.places])] : places;
  promptPlaces.set(prompt, {
    versions: versions.length,
    redactions: redactions.length,
    places: all,
  });
  return all;
}

/** Where a version may have been proposed: without its body at any place that is known by then. */
function placesOfVersion(
  { state, version: judged }: VersionInScope,
  { prompt, event }: VersionRecord,
): readonly Place[] {
  if (event.body) return [event.body.path];
  const isBefore = ({ seq }: { readonly seq: number }): boolean =>
    state.causality.isAncestor(seq, judged.seq);
  const moves = movesOf(state, prompt).filter(isBefore);
  const others = [...prompt.versions.filter(isBefore), judged].flatMap(
    (one) => one.event.body?.path ?? [],
  );
  const known = moves.flatMap((move): Place[] =>
    move.event.body ? [move.event.body.from, move.event.body.to] : [null],
  );
  const places = [...new Set<Place>([...known, ...others])];
  return places.length === 0 ? [null] : places;
}

import picomatch from 'picomatch';
import { trackOf, type Track, type VersionInScope } from './contributors.js';
import type { ApprovalRule, ChangeKind, ExtraRule } from './policy.js';
import { environmentRule } from './environmentRule.js';
import { movesOf } from './moves.js';
import { placesBefore } from './placesBefore.js';

/** One set of approvals that a version must have; every one by itself. */
export interface Requirement {
  /** Of an entry of `rules`; null: the environment's own, or the general one. */
  readonly extra: ExtraRule | null;
  readonly rule: ApprovalRule;
  /** Environments for which approvals must have been given; default: that of the question. */
  readonly envs?: readonly string[];
}

/** What is asked of a version for an environment; null: of every version, wherever it goes. */
export function requirementsFor(
  input: VersionAtPlaces & {
    readonly env: string | null;
    /** What the version changes, as far as a rule asks. */
    readonly changes: (rule: ExtraRule) => ReadonlySet<ChangeKind>;
  },
): readonly Requirement[] {
  const { policy, env } = input;
  const own = env === null ? undefined : environmentRule(policy, env);
  const found: Requirement[] = [{ extra: null, rule: own?.approvals ?? policy.approvals }];
  for (const extra of policy.rules) {
    if (!isForEnvironment(extra, env) || !isForPath(input, extra)) continue;
    if (extra.changes.length > 0) {
      const changes = input.changes(extra);
      if (!extra.changes.some((kind) => changes.has(kind))) continue;
    }
    found.push({ extra, rule: extra.approvals });
  }
  return found;
}

function isForEnvironment({ environments }: ExtraRule, env: string | null): boolean {
  return environments.length === 0 || (env !== null && environments.includes(env));
}

/** A version in scope, and where its text stands. */
export interface VersionAtPlaces extends VersionInScope {
  /** In place of where its prompt was moved since. Null, the default: by the moves in scope. */
  readonly places?: readonly string[] | null;
}

/**
 * Whether a rule is for a version: by where it was proposed, where its text stands, and where approved versions
 * before it were that this rule has not approved since.
 */
export function isForPath(input: VersionAtPlaces, { paths, approvals }: ExtraRule): boolean {
  if (paths.length === 0) return true;
  const matches = matcherOf(paths);
  const places = pathsInScope(input);
  // Without its path nobody can tell: a redaction must not take a rule away.
  if (places.length === 0 || places.some(matches)) return true;
  const track = trackOf(input.state, { rule: approvals, policy: input.policy });
  return placesBefore(input, track, (place) => place === null || matches(place)).length > 0;
}

const matchers = new WeakMap<readonly string[], (path: string) => boolean>();

function matcherOf(globs: readonly string[]): (path: string) => boolean {
  let matches = matchers.get(globs);
  if (matches === undefined) {
    matches = picomatch([...globs], { dot: true });
    matchers.set(globs, matches);
  }
  return matches;
}

/** Where a version was proposed, and where its text stands; empty where the body that says the first is gone. */
function pathsInScope({
  state,
  version,
  scope,
  places = null,
}: VersionAtPlaces): readonly string[] {
  const proposed = version.event.body?.path;
  if (proposed === undefined) return [];
  if (places !== null) return [...new Set([proposed, ...places])];
  const moves = movesOf(state, version.prompt).filter(
    ({ seq }) => scope(seq) && !state.causality.isAncestor(seq, version.seq),
  );
  return [...new Set([proposed, ...moves.flatMap(({ event }) => event.body?.to ?? [])])];
}

/** The paths of which an approver has to be an owner, for a rule of a track; null where nobody can tell one. */
export function ownedPaths(input: VersionAtPlaces, track: Track): readonly string[] | null {
  const paths = pathsInScope(input);
  const before = placesBefore(input, track, (place) => place !== paths[0]);
  if (paths.length === 0 || before.includes(null)) return null;
  return [...new Set([...paths, ...before.filter((path) => path !== null)])];
}

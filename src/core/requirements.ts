import picomatch from 'picomatch';
import type { EventOf } from './event.js';
import type { PromptId } from './ids.js';
import type { ApprovalRule, ChangeKind, ExtraRule, Policy } from './policy.js';
import type { LedgerState, Placed, PromptRecord, Scope, VersionRecord } from './state.js';
import { environmentRule } from './environmentRule.js';

/** One set of approvals that a version must have; every one by itself. */
export interface Requirement {
  /** Of an entry of `rules`; null: the environment's own, or the general one. */
  readonly extra: ExtraRule | null;
  readonly rule: ApprovalRule;
  /** Environments for which approvals must have been given; default: that of the question. */
  readonly envs?: readonly string[];
}

/** What is asked of a version for an environment; null: of every version, wherever it goes. */
export function requirementsFor(input: {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  readonly policy: Policy;
  readonly scope: Scope;
  readonly env: string | null;
  /** What the version changes, as far as a rule asks. */
  readonly changes: (rule: ExtraRule) => ReadonlySet<ChangeKind>;
}): readonly Requirement[] {
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

/** Whether a rule is for the prompt of a version, at any path that the version has had by the facts in scope. */
export function isForPath(
  input: {
    readonly state: LedgerState;
    readonly version: VersionRecord;
    readonly scope: Scope;
  },
  { paths }: ExtraRule,
): boolean {
  if (paths.length === 0) return true;
  const places = pathsInScope(input.state, input.version, input.scope);
  // Without its path nobody can tell: a redaction must not take a rule away.
  return places.length === 0 || places.some((path) => matcherOf(paths)(path));
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

/** Where a version was proposed, and where its prompt was moved since; empty where bodies that say so are gone. */
export function pathsInScope(
  state: LedgerState,
  version: VersionRecord,
  scope: Scope,
): readonly string[] {
  const proposed = version.event.body?.path;
  const moves = movesOf(state, version.prompt).filter(
    ({ seq }) => scope(seq) && !state.causality.isAncestor(seq, version.seq),
  );
  const places = moves.flatMap(({ event }) => event.body?.to ?? []);
  return proposed === undefined ? [] : [...new Set([proposed, ...places])];
}

type Move = Placed<EventOf<'prompt.moved'>>;

interface Moves {
  size: number;
  readonly byPrompt: Map<PromptId, Move[]>;
}

const knownMoves = new WeakMap<LedgerState, Moves>();

function movesOf(state: LedgerState, prompt: PromptRecord): readonly Move[] {
  let known = knownMoves.get(state);
  if (known === undefined) {
    known = { size: 0, byPrompt: new Map() };
    knownMoves.set(state, known);
    for (const seq of state.seqsOfType('prompt.moved')) addMove(state, known, seq);
    known.size = state.size;
  }
  for (; known.size < state.size; known.size++)
    if (state.typeAt(known.size + 1) === 'prompt.moved') addMove(state, known, known.size + 1);
  return known.byPrompt.get(prompt.id) ?? [];
}

function addMove(state: LedgerState, { byPrompt }: Moves, seq: number): void {
  const event = state.event(seq);
  const id = state.promptOfEvent(seq);
  if (!event.known || event.type !== 'prompt.moved' || id === undefined) return;
  const moves = byPrompt.get(id);
  if (moves === undefined) byPrompt.set(id, [{ seq, event }]);
  else moves.push({ seq, event });
}

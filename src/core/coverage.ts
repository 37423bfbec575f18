import { RefReach, spreadBits, type CommitNode } from './coverageReach.js';
import type { Digest, EventId, PromptId } from './ids.js';
import type { LedgerState } from './state.js';

/**
 * How the ledger knows bytes that git has at a path. `recorded`: saved or proposed. `pending`: the next sync of this
 * clone records them. `untracked`: the policy no longer takes the path for a prompt. `unread`: nothing can record them.
 */
export type CoverageState =
  'recorded' | 'observed' | 'imported' | 'pending' | 'missing' | 'untracked' | 'unread';

export const coverageStates: readonly CoverageState[] = [
  'recorded',
  'observed',
  'imported',
  'pending',
  'missing',
  'untracked',
  'unread',
];

/**
 * Why bytes are not covered. `before-start`: the trail starts behind their commits. `not-followed`: only refs have them
 * that observation does not follow. `passed-by`: an import or observation went by their commits.
 */
export type CoverageReason = 'before-start' | 'not-followed' | 'passed-by' | 'name' | 'too-large';

/** Bytes of a file that some commits of the walked refs have. */
export interface CoverageFile {
  readonly path: string;
  /** False: the name is not UTF-8. */
  readonly named: boolean;
  readonly blob: string;
  /** Places of the commits that brought it against their first parent, ascending. */
  readonly commits: readonly number[];
}

export interface CoverageInput {
  readonly state: LedgerState;
  /** Parents before children. */
  readonly commits: readonly CommitNode[];
  readonly files: readonly CoverageFile[];
  /** Those that count come first. Places of their commits. */
  readonly tips: readonly (number | undefined)[];
  /** How many of the refs count. */
  readonly counted: number;
  /** Null: too large to be a prompt. */
  readonly digests: ReadonlyMap<string, Digest | null>;
  /** Whether the policy takes a path for a prompt. */
  readonly tracks: (path: string) => boolean;
  /** Whether the next sync of this clone records these bytes for the prompt at a path. */
  readonly isPending: (path: string, digest: Digest) => boolean;
  /** Places of commits: what observation follows, where the trail starts, and where imports ended. */
  readonly followed: readonly number[];
  readonly starts: readonly number[];
  readonly imports: readonly number[];
  /** Leave out what only commits before the start have. */
  readonly fromStart: boolean;
}

export interface CoveredFile {
  readonly file: CoverageFile;
  readonly state: CoverageState;
  readonly why: CoverageReason | null;
  readonly digest: Digest | null;
  readonly prompt: PromptId | null;
  /** What proves that it is covered. */
  readonly event: EventId | null;
  /** Places of refs that count and have it; the first few. */
  readonly refs: readonly number[];
}

export interface Coverage {
  /** In the order of the walk. */
  readonly files: readonly CoveredFile[];
  /** Files that no ref which counts has. */
  readonly elsewhere: number;
  readonly beforeStart: number;
}

const [isFollowed, isBefore, isImported] = [1, 2, 4];
/** Refs that are named with a file. */
const mostRefs = 10;

/** Holds every (path, blob) of the history against the ledger. By topology alone: no date decides anything. */
export function coverageOf(input: CoverageInput): Coverage {
  const { commits, files, tips, counted } = input;
  const marked = (places: readonly number[], bit: number): [number, number][] =>
    places.map((place) => [place, bit]);
  const bits = spreadBits(commits, [
    ...marked(input.followed, isFollowed),
    ...marked(input.starts, isBefore),
    ...marked(input.imports, isImported),
  ]);
  const reach = new RefReach(commits, tips, mostRefs);
  const found: CoveredFile[] = [];
  let [elsewhere, beforeStart] = [0, 0];
  for (const file of files) {
    const refs = reach.refsOf(file.commits);
    if (refs[0] === undefined || refs[0] >= counted) elsewhere++;
    else if (input.fromStart && file.commits.every((at) => (bits[at]! & isBefore) !== 0))
      beforeStart++;
    else
      found.push({ file, refs: refs.filter((at) => at < counted), ...judged(input, file, bits) });
  }
  return { files: found, elsewhere, beforeStart };
}

type Judged = Omit<CoveredFile, 'file' | 'refs'>;

function judged(input: CoverageInput, file: CoverageFile, bits: Uint8Array): Judged {
  const { state, tracks } = input;
  const digest = input.digests.get(file.blob) ?? null;
  const prompt = file.named ? (state.promptAt(file.path)?.id ?? null) : null;
  const nothing = { digest, prompt, event: null };
  if (!file.named) return { ...nothing, state: 'unread', why: 'name' };
  const evidence = digest === null ? null : evidenceOf(state, file.path, digest);
  if (evidence !== null) return { digest, why: null, ...evidence };
  if (!tracks(file.path)) return { ...nothing, state: 'untracked', why: null };
  if (digest === null) return { ...nothing, state: 'unread', why: 'too-large' };
  if (input.isPending(file.path, digest)) return { ...nothing, state: 'pending', why: null };
  const has = (at: number, bit: number): boolean => (bits[at]! & bit) !== 0;
  const why = file.commits.every((at) => has(at, isBefore) && !has(at, isImported))
    ? 'before-start'
    : file.commits.some((at) => has(at, isFollowed))
      ? 'passed-by'
      : 'not-followed';
  return { ...nothing, state: 'missing', why };
}

const ranks: readonly CoverageState[] = ['imported', 'observed', 'recorded'];

/** The best evidence that the ledger has of these bytes for a prompt that is or was at this path. */
function evidenceOf(
  state: LedgerState,
  path: string,
  digest: Digest,
): Pick<CoveredFile, 'state' | 'event' | 'prompt'> | null {
  let best: { rank: number; event: EventId; prompt: PromptId } | null = null;
  for (const { seq, id } of state.withBytes(digest)) {
    const prompt = state.promptOfEvent(seq);
    const record = prompt === undefined ? undefined : state.prompts.get(prompt);
    if (prompt === undefined || record === undefined) continue;
    const event = state.event(seq);
    const body = event.known ? event.body : null;
    const saysPath = body !== null && 'path' in body && body.path === path;
    if (!record.places.includes(path) && !saysPath) continue;
    const isObserved = event.known && event.type === 'revision.observed';
    const isTag =
      event.known && event.type === 'version.proposed' && event.header.refs.commit != null;
    const isImported = isTag || (isObserved && event.body?.origin === 'imported');
    const rank = isImported ? 0 : isObserved ? 1 : 2;
    if (best === null || rank > best.rank) best = { rank, event: id, prompt };
  }
  return best && { state: ranks[best.rank]!, event: best.event, prompt: best.prompt };
}

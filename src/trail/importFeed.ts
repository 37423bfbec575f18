import { claimsOfCommit } from '../core/commitObject.js';
import type {
  BlobFacts,
  CommitClaims,
  HistoryChange,
  HistoryCommit,
} from '../core/historyCommit.js';
import {
  HistoryPlanner,
  type KnownHistory,
  type PlannedFact,
  type PlannedFile,
} from '../core/historyPlan.js';
import { report, type Watch } from '../core/watch.js';
import { HistoryObjects } from '../git/historyObjects.js';
import { WantedNames, type RawChange, type RawCommit } from '../git/historyRaw.js';
import { HistoryRenames, type Rename } from '../git/historyRenames.js';
import { walkHistory, WalkShape } from '../git/historyWalk.js';
import { listFilesOf } from '../git/objects.js';
import type { PromptMatcher } from '../prompts/matcher.js';
import { CopyJudge } from './importCopies.js';

export interface FeedInput {
  /** The root of the work tree. */
  readonly root: string;
  /** Full ids of commits. */
  readonly tips: readonly string[];
  /** Commits that count as gone through, with all that is before them. */
  readonly without?: readonly string[];
  readonly tracks: PromptMatcher;
  readonly known: KnownHistory;
  /** Commits whose tracked files are wanted at the end. */
  readonly keep?: ReadonlySet<string>;
  readonly watch?: Watch;
}

/** What a part of the history makes; parts end at the ends of commits. */
export interface FeedPart {
  readonly facts: readonly PlannedFact[];
  /** Commits that are gone through by now. */
  readonly done: number;
  readonly total: number;
  /** Of all these commits those that no other has as an ancestor. */
  readonly heads: readonly string[];
  /** Changes so far that could not be read. */
  readonly unread: number;
  /** Facts so far that the ledger had, and those of copies of commits. */
  readonly alreadyKnown: number;
  readonly copies: number;
  /** All these commits, parents before children. */
  readonly ids: ReadonlySet<string>;
  /** The files of the commits that were to be kept, as far as they are gone through. */
  readonly kept: ReadonlyMap<string, readonly KeptFile[]>;
}

/** A tracked file as a commit has it; its bytes may not be readable. */
export interface KeptFile extends PlannedFile {
  readonly bytes: BlobFacts | null;
}

/** So many facts make a part, or so many commits without any. */
const factsAtOnce = 500;
const commitsAtOnce = 4096;
const commitsBetweenReports = 128;

/**
 * Goes through a history and plans what it makes (core/historyPlan.ts): observation and import stand on it. Where
 * the walk begins behind `without`, the files of the commits there are taken as they are. Nothing is recorded here.
 * Throws `git.failed`, `git.missing`, `git.timeout`, `cancelled`.
 */
export async function* plannedHistory(input: FeedInput): AsyncGenerator<FeedPart> {
  const { root, watch } = input;
  const names = new WantedNames(input.tracks);
  const objects = new HistoryObjects(root);
  const renames = new HistoryRenames(root, names);
  try {
    const reader = new FeedReader(objects, renames);
    const shape = new WalkShape();
    const waiting: (Waiting | null)[] = [];
    for await (const commits of walkHistory(root, { ...input, names })) {
      report(watch, { what: 'import', done: shape.ids.size, total: null });
      for (const commit of commits) {
        shape.add(commit.id, commit.parents);
        waiting.push(reader.begin(commit));
      }
    }
    objects.finish();
    const planner = new HistoryPlanner(input.known, input.keep);
    await giveBoundaries(planner, input, shape);
    const feed = new Feed(planner, reader, shape, new CopyJudge(root, shape));
    for (let at = 0; at < waiting.length; at++) {
      const one = waiting[at]!;
      if (at % commitsBetweenReports === 0)
        report(watch, { what: 'import', done: at, total: waiting.length });
      await one.ready;
      await feed.take(one, renames);
      if (feed.isDue) yield feed.part();
      // What is done need not be kept.
      waiting[at] = null;
    }
    objects.check();
    renames.check();
    yield feed.part();
  } finally {
    objects.stop();
    renames.stop();
  }
}

/** Gathers what the planner gives. */
class Feed {
  readonly #planner: HistoryPlanner;
  readonly #reader: FeedReader;
  readonly #shape: WalkShape;
  readonly #judge: CopyJudge;
  readonly #heads: readonly string[];
  readonly #kept = new Map<string, readonly KeptFile[]>();
  #facts: PlannedFact[] = [];
  #done = 0;
  #told = 0;
  #unread = 0;

  constructor(planner: HistoryPlanner, reader: FeedReader, shape: WalkShape, judge: CopyJudge) {
    this.#planner = planner;
    this.#reader = reader;
    this.#shape = shape;
    this.#judge = judge;
    this.#heads = shape.heads;
  }

  get isDue(): boolean {
    return this.#facts.length >= factsAtOnce || this.#done - this.#told >= commitsAtOnce;
  }

  part(): FeedPart {
    const { alreadyKnown, copies, unread } = this.#planner;
    const [facts, done, total] = [this.#facts, this.#done, this.#shape.ids.size];
    this.#facts = [];
    this.#told = done;
    return {
      ...{ facts, done, total, alreadyKnown, copies, unread: unread + this.#unread },
      ...{ heads: this.#heads, ids: this.#shape.ids, kept: this.#kept },
    };
  }

  async take(waiting: Waiting, renames: HistoryRenames): Promise<void> {
    const { id, parents, changes } = waiting;
    const claims = changes.length === 0 ? null : (waiting.claims ?? noClaims);
    const children = this.#shape.childrenOf(id);
    let commit: HistoryCommit = { id, parents, children, changes, claims };
    if (parents.length > 1 && this.#planner.mayMove(commit))
      commit = { ...commit, changes: withRenames(changes, await renames.of(id, parents[0]!)) };
    const { bytes } = this.#reader;
    this.#judge.add(id, parents);
    for (const fact of this.#planner.add(commit, bytes)) await this.#settle(fact);
    const files = this.#planner.kept.get(id);
    if (files)
      this.#kept.set(
        id,
        files.map((file) => ({ ...file, bytes: bytes(file.blob) })),
      );
    this.#unread += waiting.unread;
    this.#done++;
  }

  async #settle({ likeness, ...fact }: PlannedFact): Promise<void> {
    if (likeness !== undefined) {
      if (!(await this.#judge.isAgain(likeness, fact.commit))) return this.#planner.drop(fact);
      this.#planner.keep(fact);
    }
    this.#facts.push(fact);
  }
}

async function giveBoundaries(
  planner: HistoryPlanner,
  { root, tracks }: FeedInput,
  shape: WalkShape,
): Promise<void> {
  for (const commit of shape.boundaries) {
    const files = (await listFilesOf(root, commit))
      .filter(({ mode, path }) => isRegular(mode) && tracks(path))
      .map(({ path, id }) => ({ path, blob: id }));
    planner.boundary(commit, files, shape.childrenOf(commit));
  }
}

/** A commit whose claims and bytes are on their way. */
interface Waiting {
  readonly id: string;
  readonly parents: readonly string[];
  readonly unread: number;
  changes: readonly HistoryChange[];
  claims: CommitClaims | null;
  ready: Promise<unknown> | null;
}

/** Asks for what the tracked changes of commits need; each blob once. */
class FeedReader {
  readonly #objects: HistoryObjects;
  readonly #renames: HistoryRenames;
  readonly #blobs = new Map<string, BlobFacts | null>();

  constructor(objects: HistoryObjects, renames: HistoryRenames) {
    this.#objects = objects;
    this.#renames = renames;
  }

  readonly bytes = (blob: string): BlobFacts | null => this.#blobs.get(blob) ?? null;

  begin(commit: RawCommit): Waiting {
    const { id, parents } = commit;
    const { changes, unread } = trackedChanges(commit);
    const waiting: Waiting = { id, parents, changes, unread, claims: null, ready: null };
    if (changes.length === 0) return waiting;
    for (const change of changes) {
      if (change.kind === 'drop' || this.#blobs.has(change.blob)) continue;
      const { blob } = change;
      this.#blobs.set(blob, null);
      this.#objects.blob(blob, (facts) => void this.#blobs.set(blob, facts));
    }
    // Answers come in the order of the questions: with that of the commit those for its bytes are there.
    const claims = new Promise<void>((done) =>
      this.#objects.commit(id, (found) => {
        waiting.claims = found;
        done();
      }),
    );
    const [parent, ...others] = parents;
    // A merge is looked at when it is known what its parents have.
    const mayMove =
      parent !== undefined && others.length === 0 && hasMoved(changes, commit.changes);
    const renamed = mayMove
      ? this.#renames
          .of(id, parent)
          .then((found) => void (waiting.changes = withRenames(changes, found)))
      : null;
    waiting.ready = renamed === null ? claims : Promise.all([claims, renamed]);
    return waiting;
  }
}

function trackedChanges(walked: RawCommit): { changes: HistoryChange[]; unread: number } {
  const changes: HistoryChange[] = [];
  let unread = 0;
  for (const one of walked.changes) {
    const here = isRegular(one.mode);
    // What a merge has of its other parents was counted there.
    if (here && one.path === null && walked.parents.length < 2) unread++;
    const change = changeOf(one, here);
    if (change !== null) changes.push(change);
  }
  return { changes, unread };
}

function changeOf(
  { path, blob, oldBlob, oldMode }: RawChange,
  here: boolean,
): HistoryChange | null {
  if (path === null) return null;
  const was = isRegular(oldMode);
  // A change of the mode alone is none of the bytes.
  if (here) return was && blob === oldBlob ? null : { kind: 'put', path, blob };
  return was ? { kind: 'drop', path } : null;
}

/** Only what is new at its path can have come from another one. */
function hasMoved(changes: readonly HistoryChange[], raw: readonly RawChange[]): boolean {
  return (
    changes.some(({ kind }) => kind === 'drop') &&
    raw.some(({ status, path }) => status === 'A' && path !== null)
  );
}

/** Of a deletion and an addition that git takes for a rename, one move. */
function withRenames(
  changes: readonly HistoryChange[],
  renames: readonly Rename[],
): readonly HistoryChange[] {
  const drops = new Set(changes.flatMap((c) => (c.kind === 'drop' ? [c.path] : [])));
  const moves = new Map<string, Rename>();
  for (const rename of renames) if (drops.has(rename.from)) moves.set(rename.path, rename);
  if (moves.size === 0) return changes;
  const left = new Set([...moves.values()].map(({ from }) => from));
  return changes.flatMap((change): HistoryChange[] => {
    if (change.kind === 'drop') return left.has(change.path) ? [] : [change];
    const rename = change.kind === 'put' ? moves.get(change.path) : undefined;
    return [rename === undefined ? change : { ...change, kind: 'move', from: rename.from }];
  });
}

/** Of a commit that git shows in the log and does not give. */
const noClaims = claimsOfCommit(new Uint8Array());

/** Links and submodules are no prompts. */
function isRegular(mode: string): boolean {
  return mode.startsWith('100');
}

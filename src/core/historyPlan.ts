import { sha256Hex } from './hash.js';
import { AlikeCommits, type Likeness } from './historyAlike.js';
import type { Digest, PromptId } from './ids.js';
import type {
  BlobFacts,
  ClaimedPerson,
  CommitClaims,
  HistoryCommit,
  TrackedFile,
} from './historyCommit.js';
import { PlannedPaths, type KnownPrompt } from './historyPlanPaths.js';

/** What the ledger knows already. Prompt ids are those that aliases stand for. */
export interface KnownHistory {
  /** The ledger's id. */
  readonly ledger: string;
  readonly prompts: readonly KnownPrompt[];
  /** The prompt that an event of the ledger names for a path as a commit left it. */
  promptOf(commit: string, path: string): PromptId | undefined;
  /** The commits of events with this key, which is a `commitKey` or a `copyKey`; each once. */
  commitsWith(key: string): readonly string[];
}

interface FactBase {
  readonly prompt: PromptId;
  readonly commit: string;
  readonly claims: CommitClaims;
  /** Left out where no other commit is like this one. */
  readonly likeness?: Likeness;
}

/** One event to record, in this order. `registered` stands before the first other fact of a new prompt. */
export type PlannedFact =
  | (FactBase & { readonly kind: 'registered'; readonly path: string })
  | (FactBase & {
      readonly kind: 'revision';
      readonly path: string;
      readonly digest: Digest;
      readonly size: number;
    })
  | (FactBase & { readonly kind: 'moved'; readonly from: string; readonly path: string })
  | (FactBase & { readonly kind: 'removed'; readonly path: string });

/** A tracked file of a commit, and the prompt that it is. */
export interface PlannedFile extends TrackedFile {
  readonly prompt: PromptId;
}

/** What an act on a prompt is known by, apart from its registration. */
export type FactKeyInput =
  | { readonly kind: 'revision'; readonly path: string; readonly digest: Digest }
  | { readonly kind: 'moved'; readonly from: string; readonly path: string }
  | { readonly kind: 'removed'; readonly path: string };

/** The key of a fact as part of its commit: whatever its prompt, there is one file at a path. */
export function commitKey(fact: FactKeyInput, commit: string): string {
  return `${commit}\0${detailOf(fact)}\0${fact.path}`;
}

/** The key that copies of a commit share (rebased, cherry-picked, amended): by prompt, address and time. */
export function copyKey(
  fact: FactKeyInput,
  prompt: PromptId,
  author: ClaimedPerson,
  authoredAt: string,
): string {
  const where = fact.kind === 'revision' ? '' : fact.path;
  const who = (author.email || author.name).toLowerCase();
  return `${prompt}\0${detailOf(fact)}\0${where}\0${who}\0${authoredAt}`;
}

/**
 * The id of a prompt that is first met in a commit. Clones that go through one history at the same time give it one
 * id, so that what they record comes together.
 */
export function promptIdOf(ledger: string, commit: string, path: string): PromptId {
  return sha256Hex(`prompt-audit/prompt\0${ledger}\0${commit}\0${path}`).slice(0, 32) as PromptId;
}

function detailOf(fact: FactKeyInput): string {
  if (fact.kind === 'revision') return fact.digest;
  return fact.kind === 'moved' ? `<${fact.from}` : '-';
}

/** A tracked file of a commit, and the prompt that it is; none while its bytes could never be read. */
interface Entry {
  readonly blob: string;
  readonly prompt: PromptId | undefined;
}

type Tree = Map<string, Entry>;

interface Standing {
  readonly tree: Tree;
  /** Children that were not added yet. */
  left: number;
}

/** What one commit is planned with. */
interface Scene {
  readonly commit: string;
  readonly claims: CommitClaims;
  /** Of the first parent, on the way to that of the commit. */
  readonly tree: Tree;
  /** Of the other parents. */
  readonly others: readonly Tree[];
  readonly bytes: (blob: string) => BlobFacts | null;
  /** Paths that the commit puts something to. */
  readonly puts: ReadonlySet<string>;
  readonly facts: PlannedFact[];
}

/**
 * Plans which events the history of tracked files makes. To be fed with commits, parents before children:
 *
 *     const planner = new HistoryPlanner(known);
 *     planner.boundary(parent, files, children); // for parents that are not walked: what is behind them is known
 *     for (const commit of walk) facts.push(...planner.add(commit, (blob) => facts of its bytes));
 *
 * Facts that the ledger has are left out. The planner goes on as if all that it gave was recorded. Of a fact with a
 * `likeness` it must be told what it is, before the next commit is added: a new act, which is to be recorded
 * (`keep`), or that of a copy of a commit (`drop`). Pure.
 */
export class HistoryPlanner {
  readonly #known: KnownHistory;
  readonly #keep: ReadonlySet<string>;
  readonly #paths: PlannedPaths;
  readonly #alike = new AlikeCommits();
  readonly #standing = new Map<string, Standing>();
  /** Changes whose bytes could not be read. */
  unread = 0;
  /** Facts that the ledger had. */
  alreadyKnown = 0;
  /** Facts of commits that are copies of one that was planned before. */
  copies = 0;
  /** The files of the commits that were to be kept. */
  readonly kept = new Map<string, readonly PlannedFile[]>();

  /** `keep`: commits whose files somebody wants to see. */
  constructor(known: KnownHistory, keep: ReadonlySet<string> = new Set()) {
    this.#known = known;
    this.#keep = keep;
    this.#paths = new PlannedPaths(known.prompts);
  }

  /** Whether the files of a commit are known still: it was added or given, and has children to come. */
  stands(commit: string): boolean {
    return this.#standing.has(commit);
  }

  /**
   * Whether a merge may have moved a file by itself: it has one at a place where none of its parents has it, and
   * lacks one that all of them have.
   */
  mayMove({ parents, changes }: HistoryCommit): boolean {
    const trees = parents.map((one) => this.#standing.get(one)?.tree ?? noFiles);
    return (
      changes.some((c) => c.kind === 'drop' && trees[0]!.has(c.path)) &&
      changes.some((c) => c.kind === 'put' && !trees.some((tree) => tree.has(c.path)))
    );
  }

  /** Gives the tracked files of a commit that is not walked. `children`: commits of the walk that name it as a parent. */
  boundary(commit: string, files: readonly TrackedFile[], children: number): void {
    const there = new Set(files.map(({ path }) => path));
    const tree: Tree = new Map();
    for (const { path, blob } of files) {
      const prompt =
        this.#known.promptOf(commit, path) ?? this.#paths.promptAt(path, (p) => there.has(p));
      tree.set(path, { blob, prompt });
    }
    this.#standing.set(commit, { tree, left: children });
  }

  /**
   * The facts that a commit adds. Its parents must have been added, or given as boundaries; others count as empty.
   * `bytes`: null for a blob that cannot be read.
   */
  add(commit: HistoryCommit, bytes: (blob: string) => BlobFacts | null): PlannedFact[] {
    const facts: PlannedFact[] = [];
    const { id, parents, claims, changes } = commit;
    const others = parents.slice(1).map((one) => this.#standing.get(one)?.tree ?? noFiles);
    const tree = this.#treeOn(parents);
    if (claims !== null) {
      const puts = new Set(changes.flatMap((c) => (c.kind === 'drop' ? [] : [c.path])));
      const scene = { commit: id, claims, tree, others, bytes, puts, facts };
      this.#apply(scene, changes);
    }
    for (const parent of parents) this.#done(parent);
    if (this.#keep.has(id)) this.kept.set(id, filesOf(tree));
    if (commit.children > 0) this.#standing.set(id, { tree, left: commit.children });
    return facts;
  }

  /** The tree of the first parent: itself where nobody else needs it, else a copy. */
  #treeOn([first]: readonly string[]): Tree {
    const standing = first === undefined ? undefined : this.#standing.get(first);
    if (standing === undefined) return new Map();
    return standing.left <= 1 ? standing.tree : new Map(standing.tree);
  }

  #done(parent: string): void {
    const standing = this.#standing.get(parent);
    if (standing === undefined) return;
    standing.left--;
    if (standing.left <= 0) this.#standing.delete(parent);
  }

  #apply(scene: Scene, changes: HistoryCommit['changes']): void {
    const { tree } = scene;
    const gone = new Map<string, Entry | undefined>();
    for (const change of changes) {
      if (change.kind === 'put') continue;
      const from = change.kind === 'move' ? change.from : change.path;
      gone.set(from, tree.get(from));
      tree.delete(from);
    }
    for (const change of changes) {
      if (change.kind === 'drop') this.#drop(scene, change.path, gone.get(change.path));
      else if (change.kind === 'put') this.#put(scene, change.path, change.blob, null);
      else {
        const entry = gone.get(change.from);
        this.#put(scene, change.path, change.blob, entry ? { from: change.from, entry } : null);
      }
    }
  }

  #put(
    scene: Scene,
    path: string,
    blob: string,
    moved: { readonly from: string; readonly entry: Entry } | null,
  ): void {
    const { tree, others } = scene;
    const theirs = others.flatMap((other) => other.get(path) ?? []);
    // A merge that takes the bytes of a parent adds nothing.
    const taken = theirs.find((entry) => entry.blob === blob);
    if (taken !== undefined) {
      tree.set(path, taken);
      if (moved !== null) this.#drop(scene, moved.from, moved.entry);
      return;
    }
    const before = tree.get(path) ?? theirs[0] ?? moved?.entry;
    const isMove = moved !== null && theirs.length === 0 && moved.entry.prompt !== undefined;
    if (moved !== null && !isMove) this.#drop(scene, moved.from, moved.entry);
    const isOnlyMove = isMove && moved.entry.blob === blob;
    const found = isOnlyMove ? null : scene.bytes(blob);
    if (found === null && !isOnlyMove) this.unread++;
    const prompt =
      found === null && before?.prompt === undefined
        ? undefined
        : this.#promptOf(scene, path, before);
    tree.set(path, { blob, prompt });
    if (prompt === undefined) return;
    if (isMove && moved.entry.prompt === prompt) this.#move(scene, prompt, moved.from, path);
    if (found === null) return;
    const fact = { kind: 'revision', path, ...found } as const;
    this.#give(scene, fact, prompt);
  }

  /** The prompt at a path as a commit leaves it; a new one where none is known. */
  #promptOf(scene: Scene, path: string, before: Entry | undefined): PromptId {
    const isThere = (other: string): boolean => scene.tree.has(other) || scene.puts.has(other);
    const known =
      this.#known.promptOf(scene.commit, path) ??
      before?.prompt ??
      this.#paths.promptAt(path, isThere);
    if (known !== undefined) return known;
    const prompt = promptIdOf(this.#known.ledger, scene.commit, path);
    this.#paths.register(prompt, path);
    scene.facts.push({ ...base(scene, prompt), kind: 'registered', path });
    return prompt;
  }

  #move(scene: Scene, prompt: PromptId, from: string, path: string): void {
    const fact = { kind: 'moved', from, path } as const;
    if (this.#give(scene, fact, prompt)) this.#paths.move(prompt, from, path);
  }

  /** A merge removes only what all its parents have. */
  #drop(scene: Scene, path: string, entry: Entry | undefined): void {
    const prompt = entry?.prompt;
    if (prompt === undefined || scene.others.some((other) => !other.has(path))) return;
    const fact = { kind: 'removed', path } as const;
    this.#give(scene, fact, prompt);
  }

  /** Gives the fact, unless it is known. True where it is surely a new act. */
  #give(scene: Scene, fact: GivenFact, prompt: PromptId): boolean {
    const { commit, facts } = scene;
    const made: ActFact = { ...base(scene, prompt), ...fact };
    const key = keyOf(made);
    if (this.#known.commitsWith(commitKey(fact, commit)).length > 0) {
      this.#alike.give(key, commit);
      this.alreadyKnown++;
      return false;
    }
    const likeness = this.#alike.likenessOf(key, commit, this.#known.commitsWith(key));
    facts.push(likeness === null ? made : { ...made, likeness });
    if (likeness === null) this.#alike.give(key, commit);
    return likeness === null;
  }

  /** Takes a fact with a `likeness` for an act of its own. */
  keep(fact: PlannedFact): void {
    if (fact.kind === 'registered') return;
    this.#alike.give(keyOf(fact), fact.commit);
    if (fact.kind === 'moved') this.#paths.move(fact.prompt, fact.from, fact.path);
  }

  /** Takes a fact with a `likeness` for that of a copy. */
  drop(fact: PlannedFact): void {
    if (fact.kind === 'registered') return;
    const key = keyOf(fact);
    if (this.#alike.isGiven(key)) this.copies++;
    else this.alreadyKnown++;
    this.#alike.copy(key, fact.commit);
  }
}

type ActFact = Exclude<PlannedFact, { readonly kind: 'registered' }>;

/** Without what it shares with the other facts of its commit. */
type GivenFact = ActFact extends infer F
  ? F extends ActFact
    ? Omit<F, keyof FactBase>
    : never
  : never;

function keyOf(fact: ActFact): string {
  return copyKey(fact, fact.prompt, fact.claims.author, fact.claims.authoredAt);
}

function filesOf(tree: Tree): readonly PlannedFile[] {
  return [...tree].flatMap(([path, { blob, prompt }]) =>
    prompt === undefined ? [] : [{ path, blob, prompt }],
  );
}

const noFiles: Tree = new Map();

function base({ commit, claims }: Scene, prompt: PromptId): FactBase {
  return { prompt, commit, claims };
}

import type { BlobFacts, CommitClaims } from '../core/historyCommit.js';
import { BatchParser, type ObjectRequest, type ObjectResult } from './historyBatch.js';
import { linesOf, startHistoryProcess, type HistoryProcess } from './historyProcess.js';
import { isObjectId } from './names.js';
import { isLeftAtRemote } from './objects.js';
import { defaultMaxBytes } from './storedBytes.js';

/** So many ids are written together. */
const idsAtOnce = 256;

interface Pending extends ObjectRequest {
  readonly done: (result: ObjectResult) => void;
}

/**
 * Reads commits and blobs through one git, in the order in which they are asked for. An answer is null for what is
 * not here, too large (blobs), or something else. git answers in blocks: the last ones come after `finish`. After an
 * error all answers are null, and `check` throws it.
 */
export class HistoryObjects {
  readonly #folder: string;
  readonly #maxBytes: number;
  #open: Pending[] = [];
  /** How many at the beginning of `#open` have their answers. */
  #answered = 0;
  #process: HistoryProcess | null = null;
  #unsent: string[] = [];
  #isFinished = false;
  #error: Error | null = null;
  /** The ids that are here, in a partial clone whose git gives up when it is asked for others. */
  #here: ReadonlySet<string> | null = null;

  /** Blobs above `maxBytes` count as not readable. */
  constructor(folder: string, maxBytes: number = defaultMaxBytes) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  blob(id: string, done: (facts: BlobFacts | null) => void): void {
    this.#ask({ id, type: 'blob', done: done as Pending['done'] });
  }

  commit(id: string, done: (claims: CommitClaims | null) => void): void {
    this.#ask({ id, type: 'commit', done: done as Pending['done'] });
  }

  /** Nothing more is asked for. */
  finish(): void {
    this.#isFinished = true;
    this.#send();
  }

  /** Throws what went wrong with git, if anything did. */
  check(): void {
    if (this.#error !== null) throw this.#error;
  }

  stop(): void {
    this.#process?.stop();
    this.#fail(null);
  }

  #ask(pending: Pending): void {
    const isAway = this.#here?.has(pending.id) === false;
    if (!isObjectId(pending.id) || isAway || this.#error !== null) return pending.done(null);
    this.#open.push(pending);
    this.#unsent.push(pending.id);
    if (this.#unsent.length >= idsAtOnce) this.#send();
  }

  #send(): void {
    if (this.#error !== null || (this.#process === null && this.#unsent.length === 0)) return;
    const git = (this.#process ??= this.#start());
    if (this.#unsent.length > 0) git.write(`${this.#unsent.join('\n')}\n`);
    this.#unsent = [];
    if (this.#isFinished) git.endInput();
  }

  #start(): HistoryProcess {
    const doing = 'read the objects of the history';
    const args = ['cat-file', '--batch', '--buffer'];
    const git = startHistoryProcess({ folder: this.#folder, doing, args });
    this.#listen(git).catch((error: Error) => this.#fail(error));
    return git;
  }

  async #listen(git: HistoryProcess): Promise<void> {
    const parser = new BatchParser(this.#maxBytes);
    const next = (): Pending | undefined => this.#open[this.#answered];
    const done = (result: ObjectResult): void => this.#open[this.#answered++]!.done(result);
    try {
      for await (const chunk of git.output()) {
        parser.take(chunk, next, done);
        if (this.#answered < 4096) continue;
        this.#open = this.#open.slice(this.#answered);
        this.#answered = 0;
      }
    } catch (error) {
      // Before 2.44 git cannot be told that what is not here is missing: it gives up.
      if (!isLeftAtRemote(error) || this.#here !== null) throw error;
      await this.#askAgain();
    }
  }

  /** Goes on with a new git, which is asked only for what is here. */
  async #askAgain(): Promise<void> {
    this.#here = await objectsHere(this.#folder);
    this.#process = null;
    const open = this.#open.slice(this.#answered);
    this.#answered = 0;
    this.#open = open.filter(({ id }) => this.#here!.has(id));
    this.#unsent = this.#open.map(({ id }) => id);
    for (const { id, done } of open) if (!this.#here.has(id)) done(null);
    this.#send();
  }

  #fail(error: Error | null): void {
    this.#error ??= error;
    for (const { done } of this.#open.splice(0).slice(this.#answered)) done(null);
    this.#answered = 0;
  }
}

/** The ids of all objects that are in this clone. */
async function objectsHere(folder: string): Promise<ReadonlySet<string>> {
  const args = [
    ...['cat-file', '--batch-all-objects', '--unordered', '--buffer'],
    '--batch-check=%(objectname)',
  ];
  const git = startHistoryProcess({ folder, doing: 'list the objects that are here', args });
  git.endInput();
  const here = new Set<string>();
  for await (const lines of linesOf(git)) for (const line of lines) here.add(line);
  return here;
}

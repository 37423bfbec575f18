import { startHistoryProcess, type HistoryProcess } from './historyProcess.js';
import { rawChange, unreadableHistory, type RawChange, type WantedNames } from './historyRaw.js';
import { isLeftAtRemote } from './objects.js';

/** A file that a commit has elsewhere than its parent. */
export type Rename = RawChange & { readonly from: string; readonly path: string };

interface Question {
  readonly commit: string;
  readonly parent: string;
  readonly found: Rename[];
  readonly done: (renames: readonly Rename[]) => void;
}

/** git repeats what is no id: so the end of an answer is seen, and nothing stays in its buffer. */
const marker = Buffer.from('.\n');
const colon = 0x3a;

/**
 * Finds renames from half of the bytes on, commit by commit, through one git. Most commits have none, and to look for
 * them in every merge takes longer than all the rest. After an error all answers are empty, and `check` throws it.
 */
export class HistoryRenames {
  readonly #folder: string;
  readonly #names: WantedNames;
  #open: Question[] = [];
  #process: HistoryProcess | null = null;
  #error: Error | null = null;
  /** A partial clone may lack what renames with edits are found by: then only equal bytes tell. */
  #similarity = '-M50%';

  constructor(folder: string, names: WantedNames) {
    this.#folder = folder;
    this.#names = names;
  }

  /** The renames of wanted files between a commit and one of its parents. */
  of(commit: string, parent: string): Promise<readonly Rename[]> {
    return new Promise((done) => {
      if (this.#error !== null) return done([]);
      this.#open.push({ commit, parent, found: [], done });
      this.#ask(commit, parent);
    });
  }

  /** Throws what went wrong with git, if anything did. */
  check(): void {
    if (this.#error !== null) throw this.#error;
  }

  /** To be called when no more is asked. */
  stop(): void {
    this.#process?.stop();
    this.#fail(null);
  }

  #ask(commit: string, parent: string): void {
    this.#process ??= this.#start();
    this.#process.write(`${commit} ${parent}\n${marker.toString()}`);
  }

  #start(): HistoryProcess {
    const git = startHistoryProcess({
      folder: this.#folder,
      doing: 'find the renames of a commit',
      args: [
        ...['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', this.#similarity],
        ...['--diff-filter=R', '--no-relative', '--no-ext-diff', '--no-textconv', '-O/dev/null'],
      ],
      config: ['diff.renameLimit=1000'],
    });
    this.#listen(git).catch((error: Error) => this.#fail(error));
    return git;
  }

  async #listen(git: HistoryProcess): Promise<void> {
    let rest: Buffer = Buffer.alloc(0);
    const fields: Buffer[] = [];
    try {
      for await (const chunk of git.output()) {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        let at = 0;
        for (;;) {
          // Only where a new entry may begin; names stand behind.
          const isStart = fields.length === 0 || fields[0]![0] !== colon;
          if (isStart && rest.subarray(at, at + marker.length).equals(marker)) {
            at += marker.length;
            fields.length = 0;
            this.#answered();
            continue;
          }
          const end = rest.indexOf(0, at);
          if (end < 0) break;
          fields.push(rest.subarray(at, end));
          at = end + 1;
          this.#take(fields);
        }
        rest = rest.subarray(at);
      }
    } catch (error) {
      if (!isLeftAtRemote(error) || this.#similarity === '-M100%') throw error;
      this.#similarity = '-M100%';
      this.#process = null;
      for (const { commit, parent, found } of this.#open) {
        found.length = 0;
        this.#ask(commit, parent);
      }
    }
  }

  /** The id of the commit, or the three fields of a rename. */
  #take(fields: Buffer[]): void {
    if (fields[0]![0] !== colon) {
      fields.length = 0;
      return;
    }
    if (fields.length < 3) return;
    const [meta, before, after] = fields as [Buffer, Buffer, Buffer];
    const from = this.#names.of(before)?.path ?? null;
    const path = this.#names.of(after)?.path ?? null;
    const change = rawChange(meta.toString('latin1'), from, path);
    fields.length = 0;
    const question = this.#open[0];
    if (question === undefined) throw unreadableHistory();
    if (from !== null && path !== null) question.found.push({ ...change, from, path });
  }

  #answered(): void {
    const question = this.#open.shift();
    if (question === undefined) throw unreadableHistory();
    question.done(question.found);
  }

  #fail(error: Error | null): void {
    this.#error ??= error;
    for (const { done } of this.#open.splice(0)) done([]);
  }
}

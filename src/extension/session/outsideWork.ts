import { stat } from 'node:fs/promises';
import type { Uri } from 'vscode';
import type { PromptRow } from '../../core/rows.js';
import { Disposable } from '../base/disposable.js';
import { Idle } from '../base/idle.js';
import { setting } from '../base/settings.js';
import type { RootLocation } from './location.js';

/** Milliseconds after which what commits did is recorded where there is nobody to sync with. */
const observeAfter = 2_000;

interface OutsideWorkInput {
  readonly location: RootLocation;
  /** Records what commits did, without a remote. */
  readonly observe: () => void;
}

/** What a status says of one repository. */
interface Seen {
  readonly prompts: readonly PromptRow[];
  readonly remote: string | null;
}

/** Tells what others did to the prompts of a repository from what was done in this editor. */
export class OutsideWork extends Disposable {
  /** State of the files as this editor saved them last. */
  private readonly saved = new Map<string, string>();
  private readonly idle: Idle;
  /** Stamp of the status for which observing was tried: what it cannot record is not tried again and again. */
  private tried: string | null = null;
  private paths: ReadonlySet<string> = new Set();

  constructor(private readonly input: OutsideWorkInput) {
    super();
    this.idle = this._register(new Idle(input.observe, observeAfter));
  }

  /** Prompts that another program changed, and no commit says who. */
  get changed(): ReadonlySet<string> {
    return this.paths;
  }

  /** The editor has written the file of a prompt just now. */
  async noteSave(path: string): Promise<void> {
    const mark = await markOf(this.input.location.uriOf(path));
    if (mark !== null) {
      this.saved.set(path, mark);
    }
  }

  /** Looks through a status, whose `stamp` changes with its content. */
  async look({ prompts, remote }: Seen, stamp: string | null): Promise<void> {
    const { location } = this.input;
    // Where nothing is recorded by itself, a change that is not recorded may be of this editor as well.
    const isRecorded = setting('autoRecord', location.uriOf('.')) === 'onSave';
    const found = new Set<string>();
    for (const { path, working, pending } of isRecorded ? prompts : []) {
      const isOpen = working === 'changed' && pending === undefined;
      if (isOpen && !(await this.isAsSaved(path, location.uriOf(path)))) {
        found.add(path);
      }
    }
    this.paths = found;
    const hasPending = prompts.some(({ pending }) => pending !== undefined);
    if (isRecorded && hasPending && remote === null && this.tried !== stamp) {
      this.tried = stamp;
      this.idle.touch();
    }
  }

  private async isAsSaved(path: string, uri: Uri): Promise<boolean> {
    const mark = this.saved.get(path);
    return mark !== undefined && mark === (await markOf(uri));
  }
}

/** What changes whenever somebody writes a file; null where it cannot be read. */
async function markOf({ fsPath }: Uri): Promise<string | null> {
  return stat(fsPath, { bigint: true }).then(
    ({ mtimeNs, size, ino }) => `${mtimeNs} ${size} ${ino}`,
    () => null,
  );
}

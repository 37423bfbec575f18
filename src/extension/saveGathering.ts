/** How a document came to be saved. `focusOut`: the editor or the window lost the focus. */
export type SaveReason = 'manual' | 'afterDelay' | 'focusOut';

export interface GatheringTimers {
  set(run: () => void, milliseconds: number): unknown;
  clear(handle: unknown): void;
}

export interface GatheringInput {
  /** Called with a path whose saves are to be recorded now. */
  readonly record: (path: string) => void;
  readonly timers: GatheringTimers;
  /** Milliseconds without a save of the same file that end its gathering. */
  readonly quiet: number;
}

/**
 * Makes one revision of a burst of auto-saves. A manual save is recorded at once; auto-saves wait
 * until the file was quiet, lost the focus, was closed, or is about to be proposed.
 */
export class SaveGathering {
  private readonly waiting = new Map<string, unknown>();

  constructor(private readonly input: GatheringInput) {}

  get paths(): readonly string[] {
    return [...this.waiting.keys()];
  }

  saved(path: string, reason: SaveReason): void {
    this.forget(path);
    if (reason === 'afterDelay') {
      const handle = this.input.timers.set(() => this.end(path), this.input.quiet);
      this.waiting.set(path, handle);
    } else {
      // A save on lost focus comes after the loss, so there is nothing left to wait for.
      this.input.record(path);
    }
  }

  /** Ends the gathering of one file, because it was closed, left, or is being proposed. */
  end(path: string): void {
    if (this.forget(path)) {
      this.input.record(path);
    }
  }

  /** Ends every gathering: the window lost the focus, or the extension stops. */
  endAll(): void {
    for (const path of this.paths) {
      this.end(path);
    }
  }

  /** Drops what waits without recording it. */
  clear(): void {
    for (const path of this.paths) {
      this.forget(path);
    }
  }

  private forget(path: string): boolean {
    if (!this.waiting.has(path)) {
      return false;
    }
    this.input.timers.clear(this.waiting.get(path));
    return this.waiting.delete(path);
  }
}

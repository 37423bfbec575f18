import type { ChildProcess } from 'node:child_process';

/** Processes that somebody started, so that none of them is left over. */
export class Children {
  readonly #running = new Map<ChildProcess, Promise<void>>();

  add(child: ChildProcess): void {
    const end = new Promise<void>((resolve) => {
      const done = (): void => {
        this.#running.delete(child);
        resolve();
      };
      child.once('close', done).once('error', done);
    });
    this.#running.set(child, end);
  }

  kill(): void {
    for (const child of this.#running.keys()) child.kill('SIGKILL');
  }

  /** Resolves once none runs any more. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}

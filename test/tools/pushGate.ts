import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Stops a push to a bare repository at the moment between its arrival and its answer. */
export class PushGate {
  readonly #hook: string;
  readonly #here: string;
  readonly #onward: string;

  constructor(folder: string, bare: string) {
    this.#hook = join(folder, bare, 'hooks', 'reference-transaction');
    this.#here = join(folder, 'push-arrived');
    this.#onward = join(folder, 'push-onward');
  }

  /** From now on whatever moves a ref there stops once it has. */
  close(): void {
    execFileSync('mkfifo', [this.#here, this.#onward]);
    const lines = ['#!/bin/sh', '[ "$1" = committed ] || exit 0'];
    lines.push(`echo here > '${this.#here}'`, `read onward < '${this.#onward}'`);
    writeFileSync(this.#hook, `${lines.join('\n')}\n`);
    chmodSync(this.#hook, 0o755);
  }

  /** Resolves as soon as a push stands at the gate. */
  async arrived(): Promise<void> {
    await readFile(this.#here);
    rmSync(this.#hook);
  }

  /** Lets it go on. */
  async open(): Promise<void> {
    await writeFile(this.#onward, 'onward\n');
    rmSync(this.#here);
    rmSync(this.#onward);
  }
}

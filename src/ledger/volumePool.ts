import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PackedVolume } from './packedVolume.js';
import { volumeRole, type VolumeAnswer } from './volumeServer.js';

/** Threads beside the one that puts the volumes together, which more would only wait for. */
const mostThreads = 3;
/** Volumes that a thread has or waits with, so that it never waits for a busy thread that hands them out. */
const depth = 2;
/** Megabytes for what is new: a volume is read, packed and forgotten. */
const youngMegabytes = 64;

/**
 * The bundle that can serve as such a thread. Null where the program has none beside it, or there is only
 * one processor: then volumes are checked one after the other.
 */
export function volumeBundle(): string | null {
  const file = join(__dirname, 'worker.js');
  return availableParallelism() > 1 && existsSync(file) ? file : null;
}

interface Thread {
  readonly worker: Worker;
  /** Who waits for it, in the order of what it was given. */
  readonly waiting: ((volume: PackedVolume | null) => void)[];
}

/** Checks the bytes of volumes in threads of their own. */
export class VolumePool {
  #threads: readonly Thread[];

  constructor(bundle: string, volumes: number) {
    const count = Math.min(volumes - 1, availableParallelism() - 1, mostThreads);
    this.#threads = Array.from({ length: Math.max(count, 0) }, () => this.#started(bundle));
  }

  /** How many more volumes it would take now. */
  get room(): number {
    return this.#threads.reduce((sum, { waiting }) => sum + depth - waiting.length, 0);
  }

  /** What a volume holds; null where anything is wrong with it, or with its thread. Never throws. */
  check(bytes: Uint8Array): Promise<PackedVolume | null> {
    const [thread] = [...this.#threads].sort((a, b) => a.waiting.length - b.waiting.length);
    if (thread === undefined) return Promise.resolve(null);
    // A copy of just these bytes, which may be a part of much more, to be handed over whole.
    const own = new Uint8Array(bytes);
    thread.worker.postMessage(own, [own.buffer]);
    return new Promise((resolve) => thread.waiting.push(resolve));
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #started(bundle: string): Thread {
    const worker = new Worker(bundle, {
      name: 'prompt-audit-volumes',
      workerData: volumeRole,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    });
    const thread: Thread = { worker, waiting: [] };
    worker.on('message', ({ volume }: VolumeAnswer) => thread.waiting.shift()?.(volume));
    // A thread that ends is one less; who waited for it checks the volume himself.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.#threads = this.#threads.filter((one) => one !== thread);
      for (const resolve of thread.waiting.splice(0)) resolve(null);
    });
    return thread;
  }
}

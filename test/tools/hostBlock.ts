import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { PageQuery } from '../../src/trail/pageApi.js';
import { workerChannel } from '../../src/worker/channel.js';
import { WorkerLink } from '../../src/worker/link.js';
import { RemoteEngine } from '../../src/worker/trailProxy.js';

/** One thing that the editor asks the worker for; milliseconds. */
export interface HostStep {
  readonly what: string;
  readonly took: number;
  /** The longest time in which the calling thread did not get round to anything else. */
  readonly blocked: number;
  /** The same of a thread that has nothing to do: what of it the machine was busy with. */
  readonly idle: number;
}

/** What a ledger costs the extension host, through the worker (DESIGN.md §11). */
export interface HostBlock {
  readonly steps: readonly HostStep[];
  /** The longest of all, less what a thread with nothing to do had to wait in the same step. */
  readonly blocked: number;
  /** From the start of the worker to the rows of the newest page; milliseconds. */
  readonly firstRows: number;
}

const noFilter = { text: '', prompt: null, groups: [] } as const;

/** Asks for all that the views and the timeline show. `worker`: dist/worker.js, with the wasm beside it. */
export async function hostBlock(input: { folder: string; worker: string }): Promise<HostBlock> {
  const engine = new RemoteEngine(new WorkerLink(() => workerChannel(input.worker)));
  const idle = new IdleThread();
  const steps: HostStep[] = [];
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await idle.start();
    const watch = new LoopWatch();
    const start = performance.now();
    const result = await work();
    const took = performance.now() - start;
    steps.push({ what, took, blocked: await watch.stop(), idle: await idle.stop() });
    return result;
  };
  const began = performance.now();
  const options = { folder: input.folder, tool: 'bench/1', source: 'editor' } as const;
  const trail = await step('start the worker, open', () => engine.openTrail(options));
  const page = (more: Partial<PageQuery>): PageQuery => ({
    filter: noFilter,
    pages: [],
    locate: null,
    ...more,
  });
  const top = await step('newest page', () => trail.page(page({})));
  const firstRows = performance.now() - began;
  await step('status', () => trail.statusSince(null));
  const oldest = await step('four other pages', () => trail.page(page({ pages: [0, 1, 2, 3] })));
  const text = { ...noFilter, text: 'person 7' };
  await step('search, first matches', () => trail.page(page({ filter: text, partial: true })));
  await step('search, all', () => trail.page(page({ filter: text })));
  const groups = { ...noFilter, groups: ['decisions'] } as const;
  await step('one kind of event', () => trail.page(page({ filter: groups })));
  const row = top.pages[0]!.rows.at(-1)!;
  await step('detail', () => trail.detail(row.id));
  const path = oldest.pages.flatMap(({ rows }) => rows).find((one) => one.path !== null)!.path!;
  await step('versions of a prompt', () => trail.versions(path, 21));
  await step('verify', () => trail.verify({ full: true, atMost: 1000 }));
  await step('close', () => trail.close());
  await engine.end();
  await idle.end();
  const own = steps.map((one) => Math.max(0, one.blocked - one.idle));
  return { steps, blocked: Math.max(...own), firstRows };
}

/** Milliseconds. */
const interval = 1;

/** A timer of one millisecond, and by how much it came late at worst. */
class LoopWatch {
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #longest = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), interval);
  }

  async stop(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, 2 * interval));
    clearInterval(this.#timer);
    return this.#longest;
  }

  #tick(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last - interval);
    this.#last = now;
  }
}

/** A thread that measures the same and does nothing else. */
class IdleThread {
  readonly #worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    let timer, last, longest;
    parentPort.on('message', (on) => {
      clearInterval(timer);
      if (!on) return parentPort.postMessage(longest);
      last = performance.now();
      longest = 0;
      timer = setInterval(() => {
        const now = performance.now();
        longest = Math.max(longest, now - last - ${interval});
        last = now;
      }, ${interval});
      parentPort.postMessage(0);
    });`,
    { eval: true },
  );

  async start(): Promise<void> {
    await this.#ask(true);
  }

  async stop(): Promise<number> {
    return await this.#ask(false);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(on: boolean): Promise<number> {
    return new Promise((resolve) => {
      this.#worker.once('message', resolve);
      this.#worker.postMessage(on);
    });
  }
}

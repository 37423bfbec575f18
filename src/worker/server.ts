import type { Progress, Watch } from '../core/watch.js';
import { PromptAuditError } from '../core/errors.js';
import type { Trail } from '../trail/api.js';
import type { Engine } from './engine.js';
import {
  trailMethods,
  type CallMessage,
  type KnownMembers,
  type ToWorker,
  type TrailMethod,
  type WorkerMessage,
} from './protocol.js';
import { split } from './parts.js';
import { toWire } from './wireError.js';

/** The worker's end of the channel. */
export interface ServerPort {
  postMessage(message: WorkerMessage, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: ToWorker) => void): unknown;
}

/** Milliseconds between two reports of progress. */
const progressPause = 100;

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Answers the calls of a host by an engine. */
export class Server {
  /** By the id of the call that opened them. */
  readonly #trails = new Map<number, Trail>();
  /** Results that wait for their reader, by the id of their call. */
  readonly #waiting = new Map<number, () => void>();
  readonly #port: ServerPort;
  readonly #engine: Engine;

  constructor(port: ServerPort, engine: Engine) {
    this.#port = port;
    this.#engine = engine;
  }

  start(): void {
    this.#port.on('message', (message) => {
      if (message.kind === 'call') void this.#answer(message);
      else this.#waiting.get(message.id)?.();
    });
  }

  async #answer(call: CallMessage): Promise<void> {
    const { id } = call;
    try {
      await this.#reply(id, await this.#run(call, this.#arguments(call)));
    } catch (error) {
      this.#port.postMessage({ kind: 'failed', id, error: toWire(error) });
    }
  }

  async #reply(id: number, value: unknown): Promise<void> {
    if (!(value instanceof Uint8Array)) {
      const { frame, parts } = split(value);
      for (const part of parts) {
        this.#port.postMessage({ kind: 'part', id, part });
        await new Promise<void>((resolve) => this.#waiting.set(id, resolve));
        this.#waiting.delete(id);
      }
      this.#port.postMessage({ kind: 'result', id, value: frame });
      return;
    }
    // A view may look at a small part of a whole file, all of which would be cloned with it.
    const bytes = Uint8Array.from(value);
    this.#port.postMessage({ kind: 'result', id, value: bytes }, [bytes.buffer]);
  }

  async #run(call: CallMessage, args: readonly unknown[]): Promise<unknown> {
    const { id, method } = call;
    if (call.trail === null) return this.#runEngine(id, method, args);
    const trail = this.#trails.get(call.trail);
    if (trail === undefined) throw new Error(`There is no trail ${call.trail}`);
    if (!isTrailMethod(method)) throw new Error(`There is no method ${method}`);
    try {
      return await (trail[method] as Method).apply(trail, [...args]);
    } finally {
      if (method === 'close') this.#trails.delete(call.trail);
    }
  }

  async #runEngine(id: number, method: string, args: readonly unknown[]): Promise<unknown> {
    const engine = this.#engine;
    if (method === 'openTrail') {
      const trail = await (engine.openTrail as Method).apply(engine, [...args]);
      this.#trails.set(id, trail as Trail);
      const { root, git } = trail as Trail;
      return { root, git } satisfies KnownMembers;
    }
    if (!isPlainMethod(method)) throw new Error(`There is no ${method}`);
    return await (engine[method] as Method).apply(engine, [...args]);
  }

  /** The arguments with the functions that stayed behind, as far as they can speak through the channel. */
  #arguments({ id, args, watched, warned, flag }: CallMessage): readonly unknown[] {
    const all = [...args];
    if (watched !== null)
      all[watched] = { ...(all[watched] as object), watch: this.#watch(id, flag) };
    if (warned !== null) {
      const warn = (message: string): void =>
        this.#port.postMessage({ kind: 'warned', id, message });
      all[warned] = { ...(all[warned] as object), warn };
    }
    return all;
  }

  #watch(id: number, flag: SharedArrayBuffer | null): Watch {
    let last = -Infinity;
    const cancelled = flag && new Int32Array(flag);
    return {
      progress: (progress: Progress) => {
        const now = performance.now();
        if (now - last < progressPause) return;
        last = now;
        this.#port.postMessage({ kind: 'progress', id, progress });
      },
      isCancelled: () => cancelled !== null && Atomics.load(cancelled, 0) !== 0,
    };
  }
}

/** The calls to the engine that answer with their result alone. */
const plainMethods = [
  'siteOf',
  'initTrail',
  'proofStart',
  'checkProof',
  'policyProblems',
  'questions',
  'hooks',
] as const;

function isPlainMethod(name: string): name is (typeof plainMethods)[number] {
  return (plainMethods as readonly string[]).includes(name);
}

function isTrailMethod(name: string): name is TrailMethod {
  return (trailMethods as readonly string[]).includes(name);
}

/** Told of what would end the worker although no call waits for it. */
export function troubleOf(error: unknown): string {
  return error instanceof PromptAuditError ? `${error.code}: ${error.message}` : String(error);
}

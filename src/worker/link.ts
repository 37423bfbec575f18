import type { PromptAuditError } from '../core/errors.js';
import type { Watch } from '../core/watch.js';
import type { Channel } from './channel.js';
import type { CallMessage, EngineMethod, TrailMethod, WorkerMessage } from './protocol.js';
import { assemble, type Part } from './parts.js';
import { fromWire, unexpected, windowCloses, workerEnded } from './wireError.js';

/** A trail that one worker holds open. */
export interface Handle {
  readonly trail: number;
  /** Which of the workers, one after another, holds it. */
  readonly worker: number;
}

interface Pending {
  readonly trail: number | null;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: PromptAuditError) => void;
  readonly parts: Part[];
  readonly watch: Watch | null;
  readonly cancelled: Int32Array | null;
}

type Warn = (message: string) => void;

/** Milliseconds between two looks whether a watcher wants no more. */
const cancelPause = 25;

/**
 * Calls to one worker after another: it is started by the first call, and anew by the next call after it
 * ended. Calls that are under way when it ends fail with `engine.failed`.
 */
export class WorkerLink {
  readonly #start: () => Channel;
  readonly #trouble: Warn;
  readonly #pending = new Map<number, Pending>();
  readonly #warned = new Map<number, Warn>();
  #channel: Channel | null = null;
  #worker = 0;
  #nextId = 1;
  #ended = false;
  #looks: NodeJS.Timeout | null = null;

  /** `trouble` is told what no call waits for. */
  constructor(start: () => Channel, trouble: Warn = () => undefined) {
    this.#start = start;
    this.#trouble = trouble;
  }

  /** Whether the worker that gave a handle still runs. */
  lives(handle: Handle): boolean {
    return this.#channel !== null && handle.worker === this.#worker;
  }

  /** A call to the engine; `handle` is of what it opened, if it opens a trail. */
  engine(
    method: EngineMethod,
    args: readonly unknown[],
  ): { readonly handle: Handle; readonly result: Promise<unknown> } {
    const trail = this.#nextId;
    const result = this.#call(null, method, args);
    return { handle: { trail, worker: this.#worker }, result };
  }

  async trail(handle: Handle, method: TrailMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended) throw windowCloses();
    if (!this.lives(handle)) throw workerEnded('while it was asked');
    // A verification must not keep the window from closing.
    if (method === 'close') this.#cancel(handle.trail);
    try {
      return await this.#call(handle.trail, method, args);
    } finally {
      if (method === 'close') this.#warned.delete(handle.trail);
    }
  }

  /** Ends the worker for good. */
  async end(): Promise<void> {
    this.#ended = true;
    const channel = this.#channel;
    this.#failAll(windowCloses());
    await channel?.end();
  }

  async #call(trail: number | null, method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#ended) throw windowCloses();
    const id = this.#nextId++;
    const out = outgoing(args);
    const flag = out.watch?.isCancelled ? new SharedArrayBuffer(4) : null;
    const call: CallMessage = { kind: 'call', id, trail, method, ...out.sent, flag };
    // What a newer request takes the place of must stop before that one waits behind it.
    this.#look();
    const channel = this.#running();
    return await new Promise((resolve, reject) => {
      const cancelled = flag && new Int32Array(flag);
      this.#pending.set(id, { trail, resolve, reject, parts: [], watch: out.watch, cancelled });
      if (out.warn !== null) this.#warned.set(id, out.warn);
      channel.hold(true);
      if (flag !== null) this.#keepLooking();
      try {
        channel.post(call);
      } catch (error) {
        this.#settle(id)?.reject(unexpected(error));
      }
    });
  }

  #running(): Channel {
    if (this.#channel !== null) return this.#channel;
    let channel: Channel;
    try {
      channel = this.#start();
    } catch (error) {
      throw workerEnded(`it could not start: ${(error as Error).message}`);
    }
    this.#channel = channel;
    this.#worker++;
    channel.listen({
      message: (message) => this.#receive(message),
      ended: (why) => {
        if (this.#channel === channel) this.#failAll(workerEnded(why));
      },
    });
    return channel;
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'result':
        return this.#finish(message.id, message.value);
      case 'part':
        return this.#take(message.id, message.part);
      case 'failed':
        return this.#settle(message.id)?.reject(fromWire(message.error));
      case 'progress':
        return this.#pending.get(message.id)?.watch?.progress?.(message.progress);
      case 'warned':
        return this.#warned.get(message.id)?.(message.message);
      case 'trouble':
        return this.#trouble(message.message);
    }
  }

  #finish(id: number, frame: unknown): void {
    const pending = this.#settle(id);
    pending?.resolve(assemble(frame, pending.parts));
  }

  /** Others get their turn before the next part is asked for. */
  #take(id: number, part: Part): void {
    this.#pending.get(id)?.parts.push(part);
    const channel = this.#channel;
    setImmediate(() => {
      if (this.#channel === channel) channel?.post({ kind: 'more', id });
    });
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#channel?.hold(false);
    return pending;
  }

  #failAll(error: PromptAuditError): void {
    this.#channel = null;
    this.#warned.clear();
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of all) reject(error);
  }

  #cancel(trail: number): void {
    for (const pending of this.#pending.values())
      if (pending.trail === trail && pending.cancelled) Atomics.store(pending.cancelled, 0, 1);
  }

  #keepLooking(): void {
    this.#looks ??= setInterval(() => this.#look(), cancelPause).unref();
  }

  #look(): void {
    let more = false;
    for (const { watch, cancelled } of this.#pending.values()) {
      if (cancelled === null) continue;
      if (watch?.isCancelled?.() === true) Atomics.store(cancelled, 0, 1);
      more = true;
    }
    if (more || this.#looks === null) return;
    clearInterval(this.#looks);
    this.#looks = null;
  }
}

interface Functions {
  readonly watch?: Watch | undefined;
  readonly warn?: Warn | undefined;
}

/** Takes the functions out of the inputs, and notes where they were. */
function outgoing(args: readonly unknown[]): {
  sent: Pick<CallMessage, 'args' | 'watched' | 'warned'>;
  watch: Watch | null;
  warn: Warn | null;
} {
  const watched = args.findIndex((arg) => functionsOf(arg).watch !== undefined);
  const warned = args.findIndex((arg) => functionsOf(arg).warn !== undefined);
  return {
    sent: {
      args: args.map(withoutFunctions),
      watched: watched < 0 ? null : watched,
      warned: warned < 0 ? null : warned,
    },
    watch: functionsOf(args[watched]).watch ?? null,
    warn: functionsOf(args[warned]).warn ?? null,
  };
}

function functionsOf(arg: unknown): Functions {
  return typeof arg === 'object' && arg !== null && !Array.isArray(arg) ? arg : {};
}

function withoutFunctions(arg: unknown): unknown {
  const { watch, warn } = functionsOf(arg);
  if (watch === undefined && warn === undefined) return arg;
  const rest: { watch?: unknown; warn?: unknown } = { ...(arg as object) };
  delete rest.watch;
  delete rest.warn;
  return rest;
}

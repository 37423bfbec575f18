import { AsyncLocalStorage } from 'node:async_hooks';
import { createPlatform, type Platform } from '../../../src/ledger/platform.js';
import fs from 'node:fs/promises';
import { systemError } from './tree.js';

/** One call of the file system by a simulated process. */
export interface Call {
  /** From 1, in this process. */
  readonly index: number;
  /** Such as `open`, `rename`, or `handle.write` for a method of an open file. */
  readonly name: string;
  readonly path: string;
  readonly kind: CallKind;
  /** Bytes that it gave or took. */
  bytes: number;
}

/** What a call does to the disk. */
export type CallKind = 'read' | 'write' | 'sync' | 'names' | 'close';

/** What happens instead of the call, or with it. */
export type Fault =
  | { readonly kind: 'error'; readonly code: string }
  /** Writes half, and says so (a write) or throws (where the caller could not see it). */
  | { readonly kind: 'short' }
  /** Writes half and throws. */
  | { readonly kind: 'half'; readonly code: string }
  /** Says that it is done, and did nothing. */
  | { readonly kind: 'skip' }
  /** The process ends before the call, after it, or in the middle of its write. */
  | { readonly kind: 'end'; readonly when: 'before' | 'after' | 'half' };

/** How a call is done in whole and, where it can be, in half. */
export interface Effect<T> {
  readonly whole: () => T;
  readonly half?: () => T;
  /** What a failed sync does to the file's cache. */
  readonly failed?: () => void;
}

/** Thrown by every call of a process that has ended: nothing that it does has an effect any more. */
export class ProcessEnded extends Error {
  constructor() {
    super('this simulated process has ended');
  }
}

const current = new AsyncLocalStorage<DiskProcess>();

export const currentProcess = (): DiskProcess | undefined => current.getStore();

/** One process on a simulated machine; its calls are counted and may be made to fail. */
export class DiskProcess {
  readonly calls: Call[] = [];
  readonly pid: number;
  /** Decides what each call meets; null for no fault. */
  plan: (call: Call) => Fault | null = () => null;
  ended = false;
  readonly #machine: Machine;

  constructor(machine: Machine, pid: number) {
    this.#machine = machine;
    this.pid = pid;
  }

  /** Runs `work` as this process: all its file calls are this process's. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return current.run(this, work);
  }

  /** Reads, writes, syncs …: the share of the calls so far. */
  bytesOf(kind: CallKind, path: string): number {
    const mine = this.calls.filter((call) => call.kind === kind && call.path === path);
    return mine.reduce((sum, call) => sum + call.bytes, 0);
  }

  async perform<T>(name: string, path: string, kind: CallKind, effect: Effect<T>): Promise<T> {
    // As with the real ones, others may run while a call is under way.
    await Promise.resolve();
    return this.performNow(name, path, kind, effect);
  }

  performNow<T>(name: string, path: string, kind: CallKind, effect: Effect<T>): T {
    if (this.ended) throw new ProcessEnded();
    const call: Call = { index: this.calls.length + 1, name, path, kind, bytes: 0 };
    this.calls.push(call);
    const fault = this.plan(call);
    if (fault === null) return counted(call, effect.whole());
    switch (fault.kind) {
      case 'error':
        effect.failed?.();
        throw systemError(fault.code, name, path);
      case 'short':
        if (effect.half === undefined) throw new Error(`${name} cannot be done in half`);
        return counted(call, effect.half());
      case 'half':
        effect.half?.();
        throw systemError(fault.code, name, path);
      case 'end':
        this.ended = true;
        try {
          if (fault.when === 'after') effect.whole();
          if (fault.when === 'half') effect.half?.();
        } catch {
          // A call that would have failed all the same.
        }
        throw new ProcessEnded();
      case 'skip':
        return undefined as T;
    }
  }

  /** The platform that a ledger store of this process stands on. */
  get platform(): Platform {
    const system = createPlatform({
      os: 'linux',
      // Looked up for each call: the module's own function is the one that may fail.
      rename: (from, to) => fs.rename(from, to),
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      probe: () => undefined,
    });
    const { host, boot } = this.#machine;
    const self = { host, boot, space: '', pid: this.pid, started: `${this.pid}` };
    const isAlive = (pid: number): boolean => this.#machine.isAlive(pid);
    const bootedAt = (): number => this.#machine.bootedAt;
    return { ...system, self: () => self, isAlive, bootedAt };
  }
}

/** Where simulated processes live, until the next power cut. */
export class Machine {
  readonly host = 'simulated';
  readonly boot: string;
  /** As Date.now() has it. */
  readonly bootedAt: number;
  readonly #processes = new Map<number, DiskProcess>();
  #lastPid: number;

  /** Processes up to `lastPid` ran here before and are gone. */
  constructor(boot: number, bootedAt: number, lastPid = 100) {
    this.boot = `boot-${boot}`;
    this.bootedAt = bootedAt;
    this.#lastPid = lastPid;
  }

  get lastPid(): number {
    return this.#lastPid;
  }

  start(): DiskProcess {
    const process = new DiskProcess(this, ++this.#lastPid);
    this.#processes.set(process.pid, process);
    return process;
  }

  isAlive(pid: number): boolean {
    return this.#processes.get(pid)?.ended === false;
  }
}

function counted<T>(call: Call, result: T): T {
  if (typeof result === 'number') call.bytes = result;
  else if (result instanceof Uint8Array) call.bytes = result.length;
  else if (typeof result === 'object' && result !== null && 'bytesRead' in result)
    call.bytes = Number(result.bytesRead);
  return result;
}

import plain from 'node:fs';
import fs from 'node:fs/promises';
import { resolve } from 'node:path';
import { DiskCalls } from './calls.js';
import { currentProcess, Machine, type DiskProcess } from './process.js';
import { afterPowerCut, type PowerCut } from './power.js';
import { Tree } from './tree.js';

/** The path under which simulated disks are seen. No real file is there. */
export const diskRoot = resolve('/simulated-disk-of-tests');

type AnyFunction = (...args: unknown[]) => Promise<unknown>;

const disks = new WeakMap<DiskProcess, SimulatedDisk>();

/**
 * A disk in memory for programs that use `node:fs/promises`: it counts each call, can make any of
 * them fail, and knows what a power cut leaves. While `install` is in force, the functions of the
 * module serve paths under `diskRoot` from it, and all others as ever.
 */
export class SimulatedDisk {
  readonly tree: Tree;
  readonly machine: Machine;
  readonly #boot: number;

  constructor(tree = new Tree(diskRoot), boot = 1, machine?: Machine) {
    this.tree = tree;
    this.machine = machine ?? new Machine(boot, Number(tree.tick() / 1_000_000n) + 1);
    this.#boot = boot;
  }

  start(): DiskProcess {
    const process = this.machine.start();
    disks.set(process, this);
    return process;
  }

  /** The same files, on a machine where all processes are gone; what happens there does not show here. */
  copy(): SimulatedDisk {
    const { bootedAt, lastPid } = this.machine;
    const machine = new Machine(this.#boot, bootedAt, lastPid);
    return new SimulatedDisk(this.tree.copy(), this.#boot, machine);
  }

  /** The machine after its power was cut and it was started again. */
  reboot(cut: PowerCut): SimulatedDisk {
    return new SimulatedDisk(afterPowerCut(this.tree, cut), this.#boot + 1);
  }

  /** Changes files as another program would, durably and without a process. */
  read(path: string): Buffer {
    return this.tree.file(path, 'read').bytes;
  }

  overwrite(path: string, bytes: Buffer): void {
    const inode = this.tree.file(path, 'write');
    inode.change({ kind: 'truncate', size: 0 });
    inode.change({ kind: 'write', at: 0, bytes });
    inode.mtime = inode.ctime = this.tree.tick();
    inode.sync();
  }
}

/** Puts simulated disks under the functions of `node:fs/promises`; gives what takes them away again. */
export function install(): () => void {
  const module = fs as unknown as Record<string, AnyFunction>;
  const originals = new Map<string, AnyFunction>();
  for (const name of Object.keys(module)) {
    const original = module[name];
    if (typeof original !== 'function') continue;
    originals.set(name, original);
    module[name] = (...args) => {
      if (typeof args[0] !== 'string' || !isSimulated(args[0])) return original(...args);
      const process = currentProcess();
      const disk = process && disks.get(process);
      if (disk === undefined)
        return Promise.reject(new Error(`fs.${name} outside a simulated process: ${args[0]}`));
      const calls = new DiskCalls(disk.tree, process!) as unknown as Record<string, AnyFunction>;
      const call = calls[name];
      if (call === undefined)
        return Promise.reject(new Error(`The simulated disk does not know fs.${name}.`));
      return call.apply(calls, args);
    };
  }
  const restoreSync = installSync();
  return () => {
    for (const [name, original] of originals) module[name] = original;
    restoreSync();
  };
}

/** The one call that does not wait: single rows of sealed volumes are read with it. */
function installSync(): () => void {
  const original = plain.readFileSync;
  plain.readFileSync = ((path: unknown, ...rest: [never]) => {
    if (typeof path !== 'string' || !isSimulated(path)) return original(path as string, ...rest);
    const process = currentProcess();
    const disk = process && disks.get(process);
    if (disk === undefined) throw new Error(`fs.readFileSync outside a simulated process: ${path}`);
    const whole = (): Buffer => Buffer.from(disk.tree.file(path, 'read').bytes);
    return process!.performNow('readFileSync', path, 'read', { whole });
  }) as typeof original;
  return () => void (plain.readFileSync = original);
}

const isSimulated = (path: string): boolean => path.startsWith(diskRoot);

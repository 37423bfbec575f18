import type { Inode } from './inode.js';
import { changed, type Change } from './inode.js';
import { apply, Folder, Tree, type Entry, type EntryChange } from './tree.js';

/** What a power cut does to what was not synced. */
export type PowerCut = {
  readonly name: string;
  /** Which changes of a folder stay. */
  readonly entries: (changes: readonly EntryChange[]) => readonly EntryChange[];
  /** Which changes of a file stay, some of them in part. */
  readonly bytes: (changes: readonly Change[]) => readonly Change[];
  /** What verify may find after it. */
  readonly allowed?: RegExp;
};

/** Numbers from 0 to 1 that are the same in each run. */
export function seeded(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** No power cut: only the process ended, and the system writes all it has. */
export const keepAll: PowerCut = { name: 'kept', entries: (c) => c, bytes: (c) => c };

export const loseAll: PowerCut = { name: 'lost', entries: () => [], bytes: () => [] };

/** Names and sizes reached the disk, bytes did not: files are full of zeros. */
const zeros: PowerCut = {
  name: 'zeros',
  entries: (c) => c,
  bytes: (changes) =>
    changes.map((change) =>
      change.kind === 'write' ? { ...change, bytes: Buffer.alloc(change.bytes.length) } : change,
    ),
};

/** Bytes reached the disk, names did not. */
const nameless: PowerCut = { name: 'nameless', entries: () => [], bytes: (c) => c };

/** Each change stays or not, in any combination; writes stay up to any byte. */
function torn(seed: number): PowerCut {
  return {
    name: `torn-${seed}`,
    entries: (changes) => {
      const random = seeded(seed);
      return changes.filter(() => random() < 0.5);
    },
    bytes: (changes) => {
      const random = seeded(seed + 1);
      return changes.flatMap((change) => {
        const chance = random();
        if (chance < 0.3) return [];
        if (chance > 0.7 || change.kind === 'truncate') return [change];
        const bytes = change.bytes.subarray(0, Math.floor(change.bytes.length * random()));
        return [{ ...change, bytes }];
      });
    },
  };
}

/** Blocks reach the disk in any order: the first of each long write is zeros, the rest is there. */
const holes: PowerCut = {
  name: 'holes',
  entries: (c) => c,
  bytes: (changes) =>
    changes.map((change) => {
      if (change.kind === 'truncate' || change.bytes.length <= block) return change;
      const bytes = Buffer.from(change.bytes);
      return { ...change, bytes: bytes.fill(0, 0, block) };
    }),
  // Half of a transaction that was never acknowledged looks like a damaged line: better said than not.
  allowed: /^journal\.setAside /,
};
const block = 512;

export const powerCuts: readonly PowerCut[] = [
  loseAll,
  zeros,
  nameless,
  holes,
  torn(1),
  torn(2),
  torn(3),
];

/** The disk that the next boot finds. */
export function afterPowerCut(tree: Tree, cut: PowerCut): Tree {
  const known = new Map<Entry, Entry>();
  const survivor = (entry: Entry): Entry => {
    const found = known.get(entry);
    if (found !== undefined) return found;
    const left = entry instanceof Folder ? new Folder() : rebooted(entry, cut);
    known.set(entry, left);
    if (entry instanceof Folder && left instanceof Folder) {
      const names = new Map(entry.durable);
      for (const change of cut.entries(entry.changes)) apply(names, change);
      for (const [name, one] of names) {
        left.entries.set(name, survivor(one));
        left.durable.set(name, survivor(one));
      }
    }
    return left;
  };
  // Two milliseconds, so that what was written before the boot is older than it in any rounding.
  return new Tree(tree.root, survivor(tree.top) as Folder, tree.time + 2_000_000n);
}

/** A change that a failed sync gave up is still seen, and stands or falls with the memory. */
function rebooted(inode: Inode, cut: PowerCut): Inode {
  if (cut === keepAll) return inode.afterPowerCut(inode.bytes);
  return inode.afterPowerCut(cut.bytes(inode.changes).reduce(changed, inode.durable));
}

import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { appendVersion } from './appendVersion.js';
import type { GitLedger } from './promises.js';
import { World, type WorldOptions } from './world.js';

export interface Scenario {
  readonly name: string;
  /** Done before the faults begin. */
  readonly before: readonly Step[];
  /** Each of its calls meets each fault. */
  readonly during: readonly Step[];
  readonly options?: WorldOptions;
  /** Findings of verify that belong to the scenario. */
  readonly allowed?: readonly RegExp[];
  /** Bytes that must never be gone from the disk. */
  readonly evidence?: Buffer;
  /** Each of its points takes much longer than those of others. */
  readonly isSlow?: boolean;
}

/** One thing that a process asks of its store; asked again after it failed. */
export type Step = (world: World) => Promise<void>;

const create: Step = (world) => world.create();
const append =
  (text: string): Step =>
  (world) =>
    world.append(text);
const fold: Step = async (world) => void (await world.store.fold());
const sync: Step = (world) => world.sync();
/** Somebody records while the push is under way. */
const syncMeanwhile: Step = async (world) => {
  const text = `meanwhile ${world.promises.attempted.size}`;
  await world.sync(null, () => world.append(text));
};
const draft: Step = (world) => world.draft('a draft of a prompt');
const long = 'a long text that is stored compressed '.repeat(400);

/** What another clone recorded and pushed, on top of what this one pushed. */
const pull: Step = async (world) => {
  const { ref } = world.promises;
  const known = pushes.get(ref!) ?? (await pushedByOther(world));
  pushes.set(ref!, known);
  await world.sync(known);
};
/** By what it was made on. */
const pushes = new WeakMap<GitLedger, GitLedger>();

async function pushedByOther(world: World): Promise<GitLedger> {
  const theirs = new World(world.more);
  // Its own random numbers, or it would be taken for the same writer.
  for (let at = 0; at < 1000; at++) theirs.promises.randomBytes(1);
  await theirs.open();
  return await theirs.run(async () => {
    await theirs.sync(world.promises.ref);
    await appendVersion(theirs.store, 'from another clone');
    return (await theirs.pushed()).ref;
  });
}

/** Breaks one byte in the line of the journal that holds this text's event. */
const damageJournal: Step = async (world) => {
  const bytes = Buffer.from(world.disk.read(world.journal));
  const at = bytes.indexOf('revision.saved');
  bytes[at] = bytes[at]! ^ 1;
  world.disk.overwrite(world.journal, bytes);
};

const damageFile: Step = async (world) => {
  const bytes = Buffer.from(world.disk.read(World.file));
  const at = bytes.indexOf('revision.saved');
  bytes[at] = bytes[at]! ^ 1;
  world.disk.overwrite(World.file, bytes);
};

/** The lock of a process that ended while it wrote, and a part of what it wrote. */
const endInAppend =
  (call: string, when: 'after' | 'half'): Step =>
  async (world) => {
    const other = world.beside();
    await other.open();
    other.process.plan = ({ name, path }) =>
      name === call && path === world.journal ? { kind: 'end', when } : null;
    const text = 'of a process that ended';
    await other.run(() => other.append(text + noise)).catch(() => undefined);
  };

/** Makes the line of the text longer than any other; it does not compress. */
const noise = Array.from({ length: 300 }, (_, at) => (at * at * 7919).toString(36)).join('');

/** Cuts the last line, whose transaction has a whole line before it. */
const cutLastLine: Step = async (world) => {
  const bytes = world.disk.read(world.journal);
  world.disk.overwrite(world.journal, bytes.subarray(0, bytes.length - 10));
};

/** Every event is a volume of its own. */
export const sealing = { sealBytes: 1 };

const loseVolume: Step = () => fs.unlink(join(dirname(World.file), 'volumes', '000001.sqlite'));

/** The folder that a ledger has where there is no git. */
export const withoutGit = { trimAfterFold: true, privateDir: dirname(World.file) };
const damaged = Buffer.from('sevision.saved');

export const scenarios: readonly Scenario[] = [
  { name: 'first append', before: [], during: [create] },
  { name: 'append', before: [create], during: [append('one'), append('two')] },
  { name: 'append of a long text', before: [create], during: [append(long)] },
  {
    name: 'append behind half a line, with the lock of who wrote it',
    before: [create, append('a'), endInAppend('handle.write', 'half')],
    during: [append('b')],
  },
  {
    name: 'append behind a transaction without its end',
    before: [create, append('a'), endInAppend('handle.write', 'after'), cutLastLine],
    during: [append('b')],
  },
  {
    name: 'append behind a line that was never synced',
    before: [create, append('a'), endInAppend('handle.write', 'after')],
    during: [append('b'), fold],
  },
  { name: 'first fold', before: [create, append('a')], during: [fold] },
  {
    name: 'fold',
    before: [create, append('a'), fold, append('b')],
    during: [fold, append('c'), fold],
  },
  {
    name: 'sync and trim',
    before: [create, append('a'), fold],
    during: [append('b'), sync, append('c')],
  },
  {
    name: 'append while a sync is under way',
    before: [create, append('a'), fold],
    during: [syncMeanwhile],
  },
  {
    name: 'sync with others and trim',
    before: [create, append('a'), sync, append('b')],
    during: [pull],
  },
  {
    name: 'fold without git',
    before: [create, append('a'), fold, append('b')],
    during: [fold, append('c')],
    options: withoutGit,
  },
  {
    name: 'first append and fold without git',
    before: [],
    during: [create, append('a'), fold],
    options: withoutGit,
  },
  { name: 'draft', before: [create], during: [draft] },
  {
    name: 'repair of a damaged journal',
    before: [create, append('a'), fold, damageJournal],
    during: [append('b')],
    allowed: [/^journal\.setAside /],
    evidence: damaged,
  },
  {
    name: 'restore of a damaged file',
    before: [create, append('a'), fold, append('b'), damageFile],
    during: [fold],
    allowed: [/^file\.setAside /],
    evidence: damaged,
  },
  {
    name: 'first seal',
    before: [create, append('a')],
    during: [fold],
    options: sealing,
    isSlow: true,
  },
  {
    name: 'seal',
    before: [create, append('a'), fold, append('b')],
    during: [fold, append('c'), fold],
    options: sealing,
    isSlow: true,
  },
  {
    name: 'seal, sync and trim',
    before: [create, append('a'), fold],
    during: [append('b'), sync],
    options: sealing,
    isSlow: true,
  },
  {
    name: 'seal and sync with others',
    before: [create, append('a'), sync, append('b')],
    during: [pull],
    options: sealing,
    isSlow: true,
  },
  {
    name: 'seal without git',
    before: [create, append('a'), fold],
    during: [append('b'), fold],
    options: { ...sealing, ...withoutGit },
    isSlow: true,
  },
  {
    name: 'restore of a lost volume',
    before: [create, append('a'), append('b'), sync, loseVolume],
    during: [fold, append('c'), fold],
    options: sealing,
    isSlow: true,
  },
];

import assert from 'node:assert/strict';
import { sha256 } from '../../src/core/hash.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import { replaceWith, takeIn } from '../../src/ledger/storeReconcile.js';
import type { RemoteLedger } from '../../src/ledger/storeSync.js';
import { appendVersion } from '../tools/faults/appendVersion.js';
import { install } from '../tools/faults/disk.js';
import type { GitLedger } from '../tools/faults/promises.js';
import { baseOf, callsOf, pointsOf, runPoint } from '../tools/faults/run.js';
import { sealing, type Scenario, type Step } from '../tools/faults/scenarios.js';
import { sample } from '../tools/faults/share.js';
import { World, type WorldOptions } from '../tools/faults/world.js';

/** What the branch shows: set back behind the first sync, and gone on from there by somebody else. */
interface Shown {
  readonly old: GitLedger;
  theirs: GitLedger | null;
}

describe('resolving a rewritten ledger branch on a disk whose every call may fail', function () {
  this.timeout(900_000);
  let remove: () => void;
  before(() => (remove = install()));
  after(() => remove());

  const create: Step = (world) => world.create();
  const append =
    (text: string): Step =>
    (world) =>
      world.append(text);
  const sync: Step = (world) => world.sync();

  async function remoteOf({ open, volumes }: GitLedger): Promise<RemoteLedger> {
    return {
      open: await readLedgerFile(open, { full: true }),
      volume: async (volume) => volumes[volume - 1] ?? null,
      blobs: volumes.map((bytes) => sha256(bytes).toString('hex')),
      known: volumes.map(() => null),
    };
  }

  /** git's own promise: the ref moves at once, or not at all. */
  const moving = (world: World, theirs: GitLedger) => async (): Promise<void> => {
    if (!world.process.ended) world.promises.ref = theirs;
  };

  async function pushedByOther({ old }: Shown, more: WorldOptions): Promise<GitLedger> {
    const other = new World(more);
    // Its own random numbers, or it would be taken for the same writer.
    for (let at = 0; at < 1000; at++) other.promises.randomBytes(1);
    await other.open();
    return await other.run(async () => {
      await other.sync(old);
      await appendVersion(other.store, 'of somebody else');
      await appendVersion(other.store, 'of somebody else, again');
      return (await other.pushed()).ref;
    });
  }

  /** Two clones that contradict each other, and one of both ways to go on. */
  function scenario(keep: 'ours' | 'theirs', options: WorldOptions = {}): Scenario {
    const shown: { now: Shown | null } = { now: null };
    const decide: Step = async (world) => {
      const now = shown.now!;
      now.theirs ??= await pushedByOther(now, options);
      const { theirs } = now;
      const remote = await remoteOf(theirs);
      const where = { commit: 'theirs', remote: 'origin' };
      await world.store.reconcile((replica) =>
        keep === 'ours'
          ? takeIn(replica, remote, { dryRun: false })
          : replaceWith(replica, remote, where, { dryRun: false, moveRef: moving(world, theirs) }),
      );
    };
    const keepOld: Step = async ({ promises }) => {
      shown.now = { old: promises.ref!, theirs: null };
    };
    return {
      name: keep,
      before: [create, append('a'), sync, keepOld, append('b'), sync, append('not sent')],
      during: [decide, append('c')],
      // A half-written file of the new ledger, and a process that ended between the ref and its notes.
      allowed: [/^file\.setAside /, /^ref\.behind /],
      options,
      isSlow: options.sealBytes !== undefined,
    };
  }

  const cases: readonly (readonly [string, Scenario])[] = [
    ['ours', scenario('ours')],
    ['theirs', scenario('theirs')],
    ['theirs, with sealed volumes', scenario('theirs', sealing)],
  ];
  for (const [name, one] of cases) {
    it(name, async () => {
      const base = await baseOf(one, new World(one.options ?? {}));
      const points = sample(pointsOf(await callsOf(one, base)), () => false, one.isSlow);
      const failures: string[] = [];
      for (const point of points) {
        await runPoint(one, base, point).catch((error: unknown) => {
          const text = (error instanceof Error ? error.message : String(error)).split('\n');
          failures.push(`${point.name}, ${point.call.path}: ${text.slice(0, 8).join(' ')}`);
        });
      }
      assert.deepEqual(failures, [], `${failures.length} of ${points.length}`);
    });
  }
});

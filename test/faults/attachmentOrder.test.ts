import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import fc from 'fast-check';
import { isPromptAuditError } from '../../src/core/errors.js';
import type { EventId } from '../../src/core/ids.js';
import { sha256 } from '../../src/core/hash.js';
import { finding } from '../../src/ledger/findings.js';
import { readLedgerFile, type LedgerFile } from '../../src/ledger/sqliteFile.js';
import { ann, propose, remoteOf } from '../tools/ledgerFixture.js';
import { install } from '../tools/faults/disk.js';
import { share } from '../tools/faults/share.js';
import { World } from '../tools/faults/world.js';

const texts = 6;
/** With the creation, the prompt and a signature of each second text. */
const events = 2 + texts + texts / 2;

/** What one arrival brings of the attachments, by number of event; the events come all. */
interface Arrival {
  readonly bodies: readonly number[];
  readonly contents: readonly number[];
  readonly signatures: readonly number[];
}

const some = fc.uniqueArray(fc.nat(events - 1));
const arrival: fc.Arbitrary<Arrival> = fc.record({
  bodies: some,
  contents: some,
  signatures: some,
});

describe('attachments in any order', function () {
  this.timeout(300_000);
  let remove: () => void;
  let source: LedgerFile;
  before(async () => {
    remove = install();
    const world = new World({});
    await world.open();
    source = await world.run(() => ledgerWithAll(world));
  });
  after(() => remove());

  it('give the same ledger, and the same bytes of a file that is made of it', async () => {
    const expected = await taken([source]);
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 4 }), fc.nat(4), async (arrivals, whole) => {
        const parts = arrivals.map((one) => partOf(source, one));
        // What one clone holds of it, no other can take away by not having it.
        parts.splice(whole, 0, source);
        assert.deepEqual(await taken(parts), expected);
      }),
      { seed: 5, numRuns: share(270) },
    );
  });

  it('make the same file, whatever their order in memory', async () => {
    const world = new World({});
    await world.open();
    await world.run(() => world.store.rebase(remoteOf(source), { commit: '1', remote: 'origin' }));
    const expected = sha256(await world.run(() => madeAnew(world))).toString('hex');
    const orders = fc.shuffledSubarray([...source.attachments.contents], { minLength: texts });
    await fc.assert(
      fc.asyncProperty(orders, async (contents) => {
        const signatures = new Map([...source.attachments.signatures].reverse());
        const shuffled = {
          ...source,
          findings: [differs],
          attachments: { contents: new Map(contents), signatures },
        };
        assert.equal(((await taken([shuffled])) as { file: string }).file, expected);
      }),
      { seed: 6, numRuns: share(90) },
    );
  });
});

/** A ledger with a text and a signature of each event. */
async function ledgerWithAll(world: World): Promise<LedgerFile> {
  await world.create();
  for (let at = 1; at <= texts; at++) {
    const event = await propose(world.store, `text ${at} ${'z'.repeat(at * 40)}`);
    if (at % 2 === 0) await attachSignature(world, event.id, `signature ${at}`);
  }
  return await readLedgerFile((await world.store.contents()).open, { full: true });
}

async function attachSignature(world: World, event: EventId, text: string): Promise<void> {
  await world.store.transact((tx) => {
    const signature = tx.putSignature(event, Buffer.from(text));
    tx.append({
      type: 'signature.attached',
      who: ann,
      refs: { event, signature },
      body: {},
      identity: 'git',
    });
  });
}

/** The file without most of its attachments, as one might have come from a clone that lacks them. */
function partOf(file: LedgerFile, part: Arrival): LedgerFile {
  const pick = <K, V>(all: ReadonlyMap<K, V>, wanted: readonly number[]): Map<K, V> =>
    new Map([...all].filter((_, at) => wanted.includes(at)));
  return {
    ...file,
    // Its bytes still hold all, so they are not to be built upon.
    findings: [differs],
    events: file.events.map((row, at) =>
      part.bodies.includes(at) ? row : { ...row, event: { ...row.event, bodyText: null } },
    ),
    attachments: {
      contents: pick(file.attachments.contents, part.contents),
      signatures: pick(file.attachments.signatures, part.signatures),
    },
  };
}

const differs = finding({
  code: 'file.differs',
  severity: 'warning',
  message: 'Parts were taken out of it.',
  remedy: 'None.',
});

/** The bytes of a ledger.sqlite that is made from the ref because there is none. */
async function madeAnew(world: World): Promise<Buffer> {
  const { open: bytes, point } = await world.store.contents();
  world.promises.ref = { open: bytes, volumes: [] };
  await world.store.markSynced({ ...point, commit: 'last', remote: 'origin' });
  await fs.rm(World.file);
  await world.store.fold();
  return world.disk.read(World.file);
}

/** What a clone has that took these parts one after the other. */
async function taken(parts: readonly LedgerFile[]): Promise<unknown> {
  const world = new World({});
  await world.open();
  return await world.run(async () => {
    for (const [at, part] of parts.entries()) {
      const where = { commit: `${at}`, remote: 'origin' };
      // A remote that lacks what nobody has redacted is refused, until somebody has all of it.
      await world.store.rebase(remoteOf(part), where).catch((error: unknown) => {
        if (!isPromptAuditError(error, 'sync.rewritten')) throw error;
      });
    }
    const whole = await readLedgerFile((await world.store.contents()).open, { full: true });
    const { events, attachments } = whole;
    const fresh = await madeAnew(world);
    return {
      findings: whole.findings,
      events: events.map(({ event }) => [event.id, event.bodyText]),
      contents: [...attachments.contents.keys()].sort(),
      signatures: [...attachments.signatures.keys()].sort(),
      file: sha256(fresh).toString('hex'),
    };
  });
}

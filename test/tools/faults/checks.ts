import assert from 'node:assert/strict';
import { digestOf } from '../../../src/core/hash.js';
import type { LedgerStore } from '../../../src/ledger/store.js';
import { timesRecorded, type World } from './world.js';
import { storedIn } from '../ledgerFixture.js';

/**
 * What was acknowledged is there once and with its text; what was begun and not acknowledged is
 * there once or not at all; the ledger began once.
 */
export async function assertKept(world: World, store: LedgerStore): Promise<void> {
  const ids = storedIn(store).map(({ event }) => event.id);
  assert.equal(new Set(ids).size, ids.length, 'an event stands twice');
  assert.equal(store.refusal, null, 'the ledger refuses to be written');
  for (const text of world.promises.attempted) {
    const found = timesRecorded(store, text);
    const id = world.promises.acknowledged.get(text);
    if (id === undefined) assert.ok(found.length <= 1, `${name(text)} was recorded twice`);
    else assert.deepEqual(found, [id], `${name(text)} was acknowledged as ${id}`);
    if (id === undefined) continue;
    const digest = digestOf(Buffer.from(text));
    assert.equal(Buffer.from(await store.content(digest)).toString(), text);
  }
  const begun = storedIn(store).filter(({ event }) => event.type === 'ledger.created');
  assert.ok(begun.length <= 1, 'the ledger was created twice');
  if (world.promises.isCreated) assert.equal(begun.length, 1, 'the creation is gone');
  assert.ok(store.syncedSize >= world.promises.synced, 'what was synced is no longer so');
  for (const [digest, text] of world.promises.drafts) {
    const draft = await store.draft(digest);
    assert.equal(draft && Buffer.from(draft).toString(), text, 'a draft is gone');
  }
}

/** What failed shows nowhere. */
export function assertNotRecorded(world: World, store: LedgerStore): void {
  if (!world.promises.isCreated) assert.equal(store.size, 0, 'the failed creation shows');
  for (const text of world.promises.attempted) {
    if (world.promises.acknowledged.has(text) || world.promises.unclear.has(text)) continue;
    assert.deepEqual(timesRecorded(store, text), [], `${name(text)} failed and shows`);
  }
}

/** A new process finds all that was promised, goes on recording, and leaves a ledger that verifies. */
export async function assertRecovers(world: World, allowed: readonly RegExp[]): Promise<void> {
  await world.open();
  await world.run(async () => {
    await assertKept(world, world.store);
    if (world.store.ledger === null) await world.create();
    await goOn(world, allowed);
  });
}

/** The present process records more, folds, and verify finds nothing that it should not. */
export async function goOn(world: World, allowed: readonly RegExp[]): Promise<void> {
  await world.append(`after ${world.promises.attempted.size}`);
  await world.store.fold();
  await assertKept(world, world.store);
  const findings = await world.findings();
  const wrong = findings.filter((found) => !allowed.some((pattern) => pattern.test(found)));
  assert.deepEqual(wrong, [], 'verify');
}

const name = (text: string): string => JSON.stringify(text.slice(0, 30));

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCheckpoint } from '../../src/core/checkpoint.js';
import type { EventDraft, LedgerEvent } from '../../src/core/event.js';
import { LedgerMemory } from '../../src/ledger/memory.js';
import { readLedgerFile, type LedgerFile } from '../../src/ledger/sqliteFile.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import type { StoreOptions } from '../../src/ledger/storeOptions.js';
import type { LedgerTransaction } from '../../src/ledger/transaction.js';
import { eventsOf, type Sandbox } from './ledgerFixture.js';
import { projectRoot } from './paths.js';

/** The path of a file of a golden ledger. */
export type GoldenFolder = (name: string) => string;

/** `folder`: below test/golden; empty for the first of them. */
export const goldenFolder =
  (folder: string): GoldenFolder =>
  (name) =>
    join(projectRoot, 'test', 'golden', folder, name);

/** A clock that goes one second each time from `start` on (milliseconds), and bytes that a counter and SHA-256 make. */
export function fixedOptions(
  seed: string,
  start: number,
  utcOffset = 60,
): Pick<StoreOptions, 'clock' | 'random' | 'tool'> {
  let [ticks, draws] = [0, 0];
  return {
    clock: () => ({ at: new Date(start + 1000 * ticks++), utcOffset }),
    random: (bytes) =>
      createHash('sha256').update(`${seed} ${draws++}`).digest().subarray(0, bytes),
    tool: 'prompt-audit/0.1.0',
  };
}

/** Gives one event, which may name those before it. */
export type MakeDraft = (events: readonly LedgerEvent[]) => EventDraft;

export interface MadeLedger {
  readonly bytes: Uint8Array;
  readonly events: readonly LedgerEvent[];
  readonly checkpoint: string;
}

/** A ledger of these events, each in a transaction of its own; `attach` puts in it what belongs to the event. */
export async function makeLedger(
  box: Sandbox,
  options: Partial<StoreOptions>,
  drafts: readonly MakeDraft[],
  attach: (tx: LedgerTransaction, draft: EventDraft) => void,
): Promise<MadeLedger> {
  const store = await box.open(options);
  store.create();
  for (const make of drafts) {
    await store.transact((tx) => {
      const draft = make(eventsOf(store));
      attach(tx, draft);
      tx.append(draft);
    });
  }
  return madeLedger(store);
}

export async function madeLedger(store: LedgerStore): Promise<MadeLedger> {
  const { open: bytes, point } = await store.contents();
  return { bytes, events: eventsOf(store), checkpoint: formatCheckpoint(point) };
}

const eventTexts = (events: readonly LedgerEvent[]): string =>
  `${JSON.stringify(
    events.map(({ id, headerText, bodyText }) => ({ id, header: headerText, body: bodyText })),
    null,
    2,
  )}\n`;

/** That a ledger is the golden one byte by byte; with UPDATE_GOLDEN it becomes that. */
export function assertGolden(
  golden: GoldenFolder,
  { bytes, events, checkpoint }: MadeLedger,
): void {
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(golden(''), { recursive: true });
    writeFileSync(golden('ledger.sqlite'), bytes);
    writeFileSync(golden('events.json'), eventTexts(events));
    writeFileSync(golden('checkpoint'), checkpoint);
  }
  assert.equal(eventTexts(events), readFileSync(golden('events.json'), 'utf8'));
  assert.equal(checkpoint, readFileSync(golden('checkpoint'), 'utf8'));
  const isSame = readFileSync(golden('ledger.sqlite')).equals(Buffer.from(bytes));
  assert.ok(isSame, 'ledger.sqlite differs');
}

export function readGolden(golden: GoldenFolder): Promise<LedgerFile> {
  return readLedgerFile(readFileSync(golden('ledger.sqlite')), { full: true });
}

/** That a golden file is read without a finding, to the events that it was made of, all known. */
export function assertRead(golden: GoldenFolder, { findings, events }: LedgerFile): void {
  assert.deepEqual(findings, []);
  assert.equal(
    eventTexts(events.map(({ event }) => event)),
    readFileSync(golden('events.json'), 'utf8'),
  );
  assert.ok(events.every(({ event }) => event.known));
}

/** The types of the events of one version of the shapes. */
export function typesOf({ events }: LedgerFile, v: number): Set<string> {
  return new Set(
    events.filter(({ event }) => event.header.v === v).map(({ event: { type } }) => type),
  );
}

/** What a program has in memory that opens such a file. */
export function memoryOf({ ledger, events, attachments }: LedgerFile): LedgerMemory {
  const tail = events.map(({ event }) => event);
  return new LedgerMemory({ ledger: ledger!, base: null, tail, synced: 0, attachments });
}

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventDraft, LedgerEvent } from '../../src/core/event.js';
import type { PersonId, PromptId } from '../../src/core/ids.js';
import { withDatabase } from '../../src/ledger/sqlEngine.js';
import type { StoredEvent } from '../../src/ledger/memory.js';
import { LedgerStore } from '../../src/ledger/store.js';
import type { LedgerFile } from '../../src/ledger/sqliteFile.js';
import type { StoreOptions } from '../../src/ledger/storeOptions.js';
import type { RemoteLedger } from '../../src/ledger/storeSync.js';

export const ann = 'a'.repeat(32) as PersonId;
export const triage = 'b'.repeat(32) as PromptId;

/** A folder that is gone after the test; call `clean` in `after`. */
export class Sandbox {
  readonly root = mkdtempSync(join(tmpdir(), 'ledger-'));

  get file(): string {
    return join(this.root, '.prompt-audit', 'ledger.sqlite');
  }

  get privateDir(): string {
    return join(this.root, '.git', 'prompt-audit');
  }

  get journal(): string {
    return join(this.privateDir, 'journal.jsonl');
  }

  options(more: Partial<StoreOptions> = {}): StoreOptions {
    return {
      file: this.file,
      privateDir: this.privateDir,
      trimAfterFold: false,
      readRef: async () => null,
      tool: 'prompt-audit/test',
      ...more,
    };
  }

  open(more: Partial<StoreOptions> = {}): Promise<LedgerStore> {
    return LedgerStore.open(this.options(more));
  }

  /** A store with a ledger of `count` events besides `ledger.created`. */
  async filled(count: number, more: Partial<StoreOptions> = {}): Promise<LedgerStore> {
    const store = await this.open(more);
    store.create();
    await store.transact((tx) => void tx.append(created));
    for (let at = 1; at <= count; at++) await propose(store, `text ${at} ${'x'.repeat(at % 90)}`);
    return store;
  }

  clean(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export const created: EventDraft = {
  type: 'ledger.created',
  who: ann,
  refs: {},
  body: {},
  identity: 'git',
};

/** Appends a `version.proposed` with its text. */
export async function propose(store: LedgerStore, text: string): Promise<LedgerEvent> {
  return await store.transact((tx) => {
    const digest = tx.putContent(Buffer.from(text));
    const revision = tx.pending.at(-1)?.id ?? store.state.idAt(1);
    return tx.append({
      type: 'version.proposed',
      who: ann,
      prompt: triage,
      refs: { digest, revision, number: 1 },
      body: { path: 'prompts/triage.md', note: 'shorter' },
      identity: 'git',
    });
  });
}

/** All events of a store in the agreed order, those of sealed volumes too. */
export const storedIn = (store: LedgerStore): readonly StoredEvent[] =>
  Array.from({ length: store.size }, (_, at) => ({
    seq: at + 1,
    event: store.state.event(at + 1),
    synced: at < store.syncedSize,
  }));

export const eventsOf = (store: LedgerStore): readonly LedgerEvent[] =>
  storedIn(store).map(({ event }) => event);

export const idsOf = (store: LedgerStore): string[] => eventsOf(store).map(({ id }) => id);

export const noise = (size: number): Buffer => randomBytes(size);

/** Runs SQL on a ledger file as another program would; its new bytes. */
export async function tampered(file: string, sql: string): Promise<Buffer> {
  const bytes = await withDatabase(readFileSync(file), (db) => {
    db.run('PRAGMA ignore_check_constraints = ON');
    db.run(sql);
    return Buffer.from(db.export());
  });
  writeFileSync(file, bytes);
  return bytes;
}

/** A remote's ledger of one volume, as a store takes it. */
export const remoteOf = (open: LedgerFile): RemoteLedger => ({
  open,
  volume: () => Promise.resolve(null),
  blobs: [],
  known: [],
});

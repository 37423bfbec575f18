import assert from 'node:assert/strict';
import { join } from 'node:path';
import { digestOf, sha256 } from '../../../src/core/hash.js';
import type { LedgerPoint } from '../../../src/core/rows.js';
import { readLedgerFile } from '../../../src/ledger/sqliteFile.js';
import { LedgerStore } from '../../../src/ledger/store.js';
import type { Platform } from '../../../src/ledger/platform.js';
import type { StoreOptions } from '../../../src/ledger/storeOptions.js';
import type { RemoteLedger } from '../../../src/ledger/storeSync.js';
import { verifyLedger } from '../../../src/ledger/verify.js';
import { appendVersion, createLedger } from './appendVersion.js';
import { diskRoot, SimulatedDisk } from './disk.js';
import type { DiskProcess } from './process.js';
import { Promises, type GitLedger } from './promises.js';
import { Folder } from './tree.js';
import { storedIn } from '../ledgerFixture.js';

export type WorldOptions = Partial<StoreOptions> & {
  /** Takes something away from the platform, to see that it is missed. */
  readonly weaken?: (platform: Platform) => Platform;
};

/** Processes that keep a ledger on one disk, and what it promised them. */
export class World {
  readonly disk: SimulatedDisk;
  readonly more: WorldOptions;
  readonly promises: Promises;
  process: DiskProcess;
  #store: LedgerStore | null = null;

  constructor(more: WorldOptions, disk = emptyDisk(), promises = new Promises()) {
    this.more = more;
    this.disk = disk;
    this.process = disk.start();
    this.promises = promises;
  }

  static readonly root = join(diskRoot, 'repository');
  static readonly privateDir = join(World.root, '.git', 'prompt-audit');
  static readonly file = join(World.root, '.prompt-audit', 'ledger.sqlite');

  get privateDir(): string {
    return this.more.privateDir ?? World.privateDir;
  }

  get journal(): string {
    return join(this.privateDir, 'journal.jsonl');
  }

  get store(): LedgerStore {
    assert.ok(this.#store, 'the store was not opened');
    return this.#store;
  }

  /** The same files and the same memory of what was promised, on a disk of its own. */
  copy(): World {
    return this.on(this.disk.copy());
  }

  /** The same promises, as a copy, on a disk such as another boot found. */
  on(disk: SimulatedDisk): World {
    return new World(this.more, disk, this.promises.copy());
  }

  /** Another process, which shares the disk and the promises. */
  beside(more: WorldOptions = this.more): World {
    return new World(more, this.disk, this.promises);
  }

  /** Another process on the same disk takes over; what the one before did is known to it. */
  async open(): Promise<void> {
    this.process = this.disk.start();
    this.#store = await this.process.run(() => LedgerStore.open(this.options()));
  }

  options(): StoreOptions {
    const { weaken = (platform: Platform) => platform, ...more } = this.more;
    return {
      file: World.file,
      privateDir: World.privateDir,
      trimAfterFold: false,
      readRef: async () => this.promises.ref?.open ?? null,
      readRefVolume: async (volume) => this.promises.ref?.volumes[volume - 1] ?? null,
      tool: 'prompt-audit/test',
      random: (bytes) => this.promises.randomBytes(bytes),
      platform: weaken(this.process.platform),
      lockPatience: 2_000,
      ...more,
    };
  }

  /** Runs `work` as the present process. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.process.run(work);
  }

  async create(): Promise<void> {
    await createLedger(this.store);
    if (!this.process.ended) this.promises.isCreated = true;
  }

  async append(text: string): Promise<void> {
    const { attempted, acknowledged, unclear } = this.promises;
    attempted.add(text);
    try {
      const event = await appendVersion(this.store, text);
      if (!this.process.ended) acknowledged.set(text, event.id);
    } finally {
      if (this.process.ended) unclear.add(text);
    }
  }

  async draft(text: string): Promise<void> {
    const digest = await this.store.putDraft(Buffer.from(text));
    if (!this.process.ended) this.promises.drafts.set(digest, text);
  }

  /** A sync with a remote that has `theirs` unless this clone pushed since; `meanwhile` is while it is under way. */
  async sync(theirs: GitLedger | null = null, meanwhile?: () => Promise<void>): Promise<void> {
    const { store, promises } = this;
    const commit = `${promises.commits + 1}`;
    if (theirs !== null) {
      promises.ref = promises.hasPulled ? promises.ref! : theirs;
      await store.rebase(await remoteOf(promises.ref), { commit, remote: 'origin' });
    }
    const { point, ref } = await this.pushed();
    promises.ref = ref;
    promises.commits++;
    promises.hasPulled = theirs !== null;
    await meanwhile?.();
    await store.markSynced({ ...point, commit, remote: 'origin' });
    if (!this.process.ended) promises.synced = point.size;
  }

  /** What a commit of the ledger as it is now would hold. */
  async pushed(): Promise<{ point: LedgerPoint; ref: GitLedger }> {
    const { point, open, volumes } = await this.store.contents();
    const all: Uint8Array[] = [];
    for (const volume of volumes) all.push(await volume.read());
    return { point, ref: { open, volumes: all } };
  }

  /** Whether any file holds these bytes. */
  keeps(bytes: Uint8Array): boolean {
    return this.disk.tree.files().some((path) => this.disk.read(path).includes(Buffer.from(bytes)));
  }

  /** Codes of what verify says, without what is only for information. */
  async findings(): Promise<string[]> {
    const report = await this.run(() => verifyLedger(this.options()));
    return report.findings
      .filter((f) => f.severity !== 'info')
      .map((f) => `${f.code} ${f.message}`);
  }
}

/** The events that recorded a text was recorded, by its digest. */
export function timesRecorded(store: LedgerStore, text: string): string[] {
  const digest = digestOf(Buffer.from(text));
  return storedIn(store)
    .map(({ event }) => event)
    .filter((event) => event.known && event.type === 'version.proposed')
    .filter(
      ({ header }) => (header as unknown as { refs: { digest?: unknown } }).refs.digest === digest,
    )
    .map(({ id }) => id);
}

function emptyDisk(): SimulatedDisk {
  const disk = new SimulatedDisk();
  const repository = new Folder();
  repository.change([['.git', new Folder()]]);
  repository.sync();
  disk.tree.top.change([['repository', repository]]);
  disk.tree.top.sync();
  return disk;
}

/** A commit of the ledger branch, as a clone gives it to its store that knows none of its volumes. */
async function remoteOf({ open, volumes }: GitLedger): Promise<RemoteLedger> {
  return {
    open: await readLedgerFile(open, { full: true }),
    volume: async (volume) => volumes[volume - 1] ?? null,
    blobs: volumes.map((bytes) => sha256(bytes).toString('hex')),
    known: volumes.map(() => null),
  };
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { Digest, EventId, LedgerId, WriterId } from '../core/ids.js';
import type { Finding, LedgerPoint } from '../core/rows.js';
import { LedgerState } from '../core/state.js';
import { isAsOnDisk } from './asOnDisk.js';
import { decodeContent } from './contentCodec.js';
import { Drafts } from './drafts.js';
import type { ErasureReport } from './erasure.js';
import { erase, fold } from './folding.js';
import { adoptOrphans, repairJournal } from './journalUpkeep.js';
import { withLock } from './lock.js';
import { keepSnapshot } from './snapshotKeeping.js';
import { Replica } from './replica.js';
import { rootsOf } from './rootsOf.js';
import { storeContext, type StoreContext, type StoreOptions } from './storeOptions.js';
import {
  currentContents,
  markSynced,
  rebase,
  type LedgerContents,
  type RebaseWhere,
  type RemoteLedger,
  type SyncedPoint,
} from './storeSync.js';
import { ledgerExists, ledgerMissing, notesLost } from './storeErrors.js';
import { PendingTransaction, type LedgerTransaction } from './transaction.js';
import { keepVerifiedNote } from './verifiedNote.js';
import { verifyLedger, type LedgerCheck, type VerifyHow } from './verify.js';
import { verifyNew } from './verifyNew.js';
import { knownWriterId, writerIdOf } from './writerId.js';

/**
 * The ledger of one worktree: reads are on the state in memory, writes go through the journal
 * under the lock (DESIGN.md §5). Methods that write throw `ledger.missing`, `ledger.damaged`,
 * `ledger.foreign`, `ledger.locked`, `disk.full`, `disk.readOnly` or `disk.failed`, and then
 * nothing was recorded. A transaction must not start another one on the same ledger.
 */
export class LedgerStore {
  readonly #context: StoreContext;
  readonly #replica: Replica;
  readonly #drafts: Drafts;
  #fresh: LedgerId | null = null;
  #writer: WriterId | null = null;
  /** Whether a write was begun. */
  #hasWritten = false;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(context: StoreContext) {
    this.#context = context;
    this.#replica = new Replica(context);
    this.#drafts = new Drafts(context.privateDir, context.platform);
  }

  /** Reads what is there; writes nothing. Throws `ledger.futureVersion`, `ledger.tooLarge` or a disk error. */
  static async open(options: StoreOptions): Promise<LedgerStore> {
    const store = new LedgerStore(storeContext(options));
    await store.refresh();
    if (store.#replica.lostItsNotes) options.warn?.(notesLost);
    store.#writer = await knownWriterId(options.privateDir);
    return store;
  }

  /** The Merkle roots over the first events for each of these sizes, as far as there are so many. */
  rootsAt(sizes: readonly number[]): ReadonlyMap<number, string> {
    const { memory } = this.#replica;
    return memory ? rootsOf(memory, sizes) : new Map();
  }

  /** Null before `create` or the first sync. */
  get ledger(): LedgerId | null {
    return this.#replica.memory?.ledger ?? this.#fresh;
  }

  /** Who writes from this clone; null before its first event. */
  get writer(): WriterId | null {
    return this.#writer;
  }

  /** What all events say together; also gives each of them. Grows while `epoch` stays. */
  get state(): LedgerState {
    return this.#replica.memory?.state ?? noEvents;
  }

  /** Number of all events. */
  get size(): number {
    return this.#replica.memory?.size ?? 0;
  }

  /** Changes whenever events that were delivered before stand elsewhere: readers start over. */
  get epoch(): number {
    return this.#replica.epoch;
  }

  get heads(): readonly EventId[] {
    return this.#replica.memory?.heads ?? [];
  }

  /** Number of the leading events that the shared branch has. */
  get syncedSize(): number {
    return this.#replica.memory?.syncedSize ?? 0;
  }

  /** What is wrong with the files on disk; errors and lesser things. */
  get damage(): readonly Finding[] {
    return this.#replica.damage;
  }

  /** The reason why nothing can be written; null when it can. */
  get refusal(): Finding | null {
    return this.#replica.combined?.refusal ?? null;
  }

  /** What this clone saw in a commit of the ledger ref last; null before the first. */
  get seen(): SyncedPoint | null {
    const { seen, remote } = this.#replica.clone;
    return seen && { ...seen, remote };
  }

  /** Number of clones that wrote events. */
  get writers(): number {
    return this.#replica.memory?.writers.size ?? 0;
  }

  /** Bytes of the journal. */
  get journalSize(): number {
    return this.#replica.journal.end;
  }

  /** The pinned ledger remote; null where there is none yet. */
  get remote(): string | null {
    return this.#replica.clone.remote;
  }

  /** The checkpoint of all events. Throws `ledger.missing` before `create`. */
  point(): LedgerPoint {
    const { memory } = this.#replica;
    if (memory) return memory.point();
    throw ledgerMissing();
  }

  hasContent(digest: Digest): boolean {
    return this.#replica.memory?.hasContent(digest) ?? false;
  }

  /** The bytes of a text that the ledger holds. Throws `content.missing`. */
  async content(digest: Digest): Promise<Uint8Array> {
    const content = this.#replica.memory?.content(digest);
    const bytes = content && (await decodeContent(content));
    if (bytes) return bytes;
    throw new PromptAuditError({
      code: 'content.missing',
      message: `The ledger does not hold the text ${digest}.`,
      remedy: content
        ? 'Run "prompt-audit verify".'
        : 'It may be a draft of another clone. Run "prompt-audit sync".',
    });
  }

  /** The hash of the Merkle leaf of an event; 32 bytes. */
  leafAt(seq: number): Uint8Array {
    return this.#replica.memory!.leafAt(seq);
  }

  /** The Merkle root over the first `size` events; null when there are fewer. */
  rootAt(size: number): string | null {
    return this.#replica.memory?.rootAt(size) ?? null;
  }

  /** The signatures that are attached to an event, as armoured SSHSIG bytes. */
  signaturesOf(event: EventId): readonly { readonly digest: Digest; readonly bytes: Uint8Array }[] {
    const { memory } = this.#replica;
    const older = memory?.base?.data.signatures ?? [];
    const all = [...older, ...(memory?.attachments.signatures.values() ?? [])];
    return all.filter((signature) => signature.event === event);
  }

  /**
   * Begins a new ledger with a random id. It comes into being with the first transaction.
   * Throws `ledger.exists`.
   */
  create(): LedgerId {
    const { memory, clone, combined } = this.#replica;
    if (memory || clone.ledger !== null || combined?.ledger) throw ledgerExists();
    this.#fresh ??= Buffer.from(this.#context.random(16)).toString('hex') as LedgerId;
    return this.#fresh;
  }

  /**
   * Lets `work` read the newest state and append to it; everything it appended becomes durable
   * together before this returns. When it throws, or the disk fails, nothing is recorded.
   */
  async transact<T>(work: (tx: LedgerTransaction) => T | Promise<T>): Promise<T> {
    return await this.#locked(async () => {
      const replica = this.#replica;
      await replica.refresh();
      const fresh = replica.memory || replica.combined?.refusal ? null : this.#fresh;
      if (this.#fresh && replica.memory && replica.memory.ledger !== this.#fresh) {
        this.#fresh = null;
        throw ledgerExists();
      }
      const memory = fresh ? null : replica.writable();
      const ledger = fresh ?? memory!.ledger;
      const { privateDir, random, platform } = this.#context;
      // Without its journal a writer may have lost count, unless everything is known to be folded.
      const renew = replica.journal.head === null || replica.hasLostLines;
      const writer = await writerIdOf(privateDir, random, platform, renew);
      await repairJournal(replica, ledger);
      await adoptOrphans(replica);
      this.#writer = writer;
      const tx = new PendingTransaction(ledger, memory, writer, this.#context);
      const result = await work(tx);
      if (tx.pending.length > 0) await replica.append(ledger, tx.entries);
      if (fresh) {
        this.#fresh = null;
        // It is recorded by now: the next fold pins the ledger where this failed.
        await replica.saveClone({ ...replica.clone, ledger }).catch(() => undefined);
      }
      return result;
    });
  }

  /** Reads what other processes recorded; true when something changed. Cheap when nothing did. */
  async refresh(): Promise<boolean> {
    // Inside its own transaction a store is up to date, and must not wait for itself.
    if (this.#isInside()) return false;
    return await this.#alone(() => this.#replica.refresh());
  }

  /**
   * Writes what is new into ledger.sqlite; false when nothing was. Sets a broken file aside and
   * restores it when nothing is lost by that, else throws `ledger.damaged`.
   */
  async fold(): Promise<boolean> {
    return await this.#locked(async () => {
      await this.#replica.refresh();
      if (this.#replica.memory === null && !this.refusal) return false;
      const folded = await fold(this.#replica);
      await keepSnapshot(this.#replica);
      return folded;
    });
  }

  /**
   * Takes the order of a remote ledger file and puts the local events that it lacks behind it.
   * Point the local ledger ref to the commit first, where it has no own: other worktrees read it
   * there. Throws `ledger.foreign`, or `sync.rewritten` when the remote is damaged or lacks what this
   * clone saw of it; then nothing was changed.
   */
  async rebase(remote: RemoteLedger, where: RebaseWhere): Promise<LedgerPoint> {
    return await this.#locked(async () => {
      const point = await rebase(this.#replica, remote, where);
      this.#fresh = null;
      return point;
    });
  }

  /** Settles a contradiction with the remote (storeReconcile.ts), under the lock. */
  async reconcile<T>(work: (replica: Replica) => Promise<T>): Promise<T> {
    return await this.#locked(() => work(this.#replica));
  }

  /** Folds, and gives the volumes with the checkpoint that they hold. */
  async contents(): Promise<LedgerContents> {
    return await this.#locked(() => currentContents(this.#replica));
  }

  /**
   * Removes the bytes of all authorised redactions from everything that this clone keeps of the ledger
   * here. Folding does it too, as soon as a redaction by somebody else has arrived.
   */
  async erase(): Promise<ErasureReport> {
    return await this.#locked(async () => {
      await this.#replica.refresh();
      return await erase(this.#replica);
    });
  }

  /**
   * Verifies everything on the disk, or with `full: false` what is new since this clone did that last.
   * See verifyLedger, verifyNew. Throws what verifyLedger does.
   */
  async verify({ full, ...how }: VerifyHow & { readonly full: boolean }): Promise<LedgerCheck> {
    await this.refresh();
    const some = full ? null : await verifyNew(this.#replica, how);
    const result = some ?? (await this.#verifyAll(how));
    const { note } = result;
    if (note !== null) await keepVerifiedNote(this.#context, note);
    return result;
  }

  /** What was read to open this store need not be read again, while that is what stands on the disk. */
  async #verifyAll(how: VerifyHow): Promise<LedgerCheck> {
    const replica = this.#replica;
    const isAsOpened = (): boolean => !this.#hasWritten && replica.reads === 1;
    if (isAsOpened() && (await isAsOnDisk(replica))) {
      const result = await verifyLedger(this.#context, how, replica);
      if (isAsOpened()) return result;
    }
    return await verifyLedger(this.#context, how);
  }

  /** Notes that a commit of the ledger ref holds the first `size` events; the journal lets go of them. */
  async markSynced(point: SyncedPoint): Promise<void> {
    await this.#locked(() => markSynced(this.#replica, point));
  }

  /** Keeps the text of a draft in this clone, outside the ledger. */
  async putDraft(bytes: Uint8Array): Promise<Digest> {
    return await this.#drafts.put(bytes);
  }

  /** The text of a draft; null when this clone does not have it. */
  async draft(digest: Digest): Promise<Uint8Array | null> {
    return await this.#drafts.get(digest);
  }

  #locked<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isInside()) throw new Error('A transaction must not start another write.');
    this.#hasWritten = true;
    const { privateDir, platform, lockPatience } = this.#context;
    const scope: WriteScope = { store: this, active: true };
    const scoped = (): Promise<T> => inside.run(scope, work).finally(() => (scope.active = false));
    const options = { platform, patience: lockPatience };
    return withLock(join(privateDir, 'lock'), () => this.#alone(scoped), options);
  }

  #isInside(): boolean {
    const scope = inside.getStore();
    return scope?.store === this && scope.active;
  }

  /** A refresh without the lock must not run in the middle of a write of the same store. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#reading.then(work);
    this.#reading = mine.catch(() => undefined);
    return mine;
  }
}

/** The write that a chain of calls began in; what outlives it, such as a timer, is free again. */
interface WriteScope {
  readonly store: LedgerStore;
  active: boolean;
}

const inside = new AsyncLocalStorage<WriteScope>();

const noEvents = new LedgerState();

import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import type { LedgerId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { redactedTargets, unexplained } from './attachmentCheck.js';
import { addAttachments } from './attachments.js';
import { emptyCloneState, readCloneState, writeCloneState, type CloneState } from './cloneState.js';
import { combine, type Combined } from './combine.js';
import type { FileRead } from './fileOnDisk.js';
import { sameStamp, stampOf, type FileStamp } from './fileStamp.js';
import { finding, withRemedy } from './findings.js';
import type { Layout } from './fold.js';
import { Journal } from './journal.js';
import { attachmentsOf, type JournalEntry, type JournalTransaction } from './journalCodec.js';
import { loadAll, loadBehind, type LoadedFiles } from './load.js';
import { emptyMemory, LedgerMemory } from './memory.js';
import { SnapshotFile } from './snapshotFile.js';
import { keepSnapshotSoon } from './snapshotKeeping.js';
import { sqlEngine } from './sqlEngine.js';
import { sizeInFile } from './sqliteFile.js';
import { ledgerMissing } from './storeErrors.js';
import type { StoreContext } from './storeOptions.js';
import { pushAll } from '../core/pushAll.js';

/** The ledger of one worktree as read from its volumes, journal and ref. What writes needs the lock. */
export class Replica {
  readonly context: StoreContext;
  readonly journal: Journal;
  readonly snapshots: SnapshotFile;
  /** Number of the events that the stored snapshot has; 0 where there is none that is used. */
  snapshotSize = 0;
  /** The files as they were read or written last, and the open one's stamp then. */
  loaded: LoadedFiles | null = null;
  fileStamp: FileStamp | null = null;
  /** What the journal holds. */
  transactions: JournalTransaction[] = [];
  memory: LedgerMemory | null = null;
  clone: CloneState = emptyCloneState;
  combined: Combined | null = null;
  /** Changes whenever events that were delivered before stand elsewhere. */
  epoch = 0;
  /** How often anything new was read. */
  reads = 0;
  readonly #clonePath: string;

  #cloneStamp: FileStamp | null = null;
  #cloneDamaged = false;

  /** What sealed volumes lack without a reason. */
  #missing: readonly Finding[] = [];
  /** Something was read that the memory does not show yet. */
  #pending = false;
  /** Redactions whose bytes the base can no more have, by their number. */
  #cleanFor = 0;
  /** The base in memory may hold what was redacted. */
  #isForgotten = false;
  /** The files are other ones than those that were loaded. */
  #isStale = true;

  constructor(context: StoreContext) {
    this.context = context;
    this.journal = new Journal(
      join(context.privateDir, 'journal.jsonl'),
      context.platform,
      () => context.clock().at,
    );
    this.snapshots = new SnapshotFile(context.privateDir, context.platform);
    this.#clonePath = join(context.privateDir, 'clone.json');
  }

  get file(): FileRead | null {
    return this.loaded?.file ?? null;
  }

  /** The sealed volumes, and where the open one begins. Throws before the first refresh. */
  get layout(): Layout {
    return this.loaded!;
  }

  get damage(): readonly Finding[] {
    const all = [
      ...(this.loaded?.findings ?? []),
      ...this.#missing,
      ...(this.combined?.findings ?? []),
    ];
    const seen = new Set<string>();
    const once = all.filter(({ message }) => !seen.has(message) && seen.add(message));
    return [...(this.#cloneDamaged ? [cloneDamaged] : []), ...once];
  }

  /** Reads what others wrote since; true when the ledger has changed by it. */
  async refresh(): Promise<boolean> {
    // It takes a while to start; whoever reads a file waits for it and tells of its trouble.
    if (this.loaded === null) void sqlEngine(this.context.wasm).catch(() => undefined);
    const [fileStamp, cloneStamp] = await Promise.all([
      stampOf(this.context.file),
      stampOf(this.#clonePath),
    ]);
    const filesSame =
      sameStamp(fileStamp, this.fileStamp) && sameStamp(cloneStamp, this.#cloneStamp);
    const news = await this.journal.readNew();
    const isLoaded = this.loaded !== null;
    if (isLoaded && !this.#pending && filesSame && news.kind === 'same') return false;
    this.reads++;
    const caughtUp = isLoaded && !this.#pending && filesSame;
    this.#pending = true;
    if (news.kind === 'whole') {
      this.transactions = [...news.part.transactions];
    } else if (news.kind === 'tail') {
      pushAll(this.transactions, news.part.transactions);
      const clean = caughtUp && news.part.findings.length === 0;
      if (clean && this.#takeEntries(news.part.transactions.flat())) {
        this.#pending = false;
        return news.part.transactions.length > 0;
      }
    }
    if (!filesSame) this.#isStale = true;
    await this.#readClone(cloneStamp);
    const before = this.loaded;
    if (this.#isStale) this.loaded = await this.#load();
    this.#isStale = false;
    this.fileStamp = fileStamp;
    const size = this.memory?.size ?? 0;
    const isSame = before !== null && !this.#isForgotten && this.#isSameLedger(before);
    // Its entries brought a redaction: the base is made anew.
    if (this.#isStale) this.loaded = await this.#load();
    this.#isStale = false;
    if (isSame) {
      this.#pending = false;
      return this.#takeSyncedSize() || size !== this.memory!.size;
    }
    // What this store sealed itself is neither in its base nor in the open volume.
    if (before !== null && this.#hasGap()) this.loaded = await this.#load();
    const changed = await this.#combine();
    keepSnapshotSoon(this);
    return changed;
  }

  /** Reads all again, and believes no base: the bytes of so many redactions are gone from the files. */
  async reload(cleanFor: number): Promise<void> {
    this.#cleanFor = cleanFor;
    this.#isForgotten = true;
    this.loaded?.files.close();
    this.loaded = null;
    this.#isStale = true;
    this.snapshotSize = 0;
    await this.refresh();
  }

  /** Records one transaction: durable first, in memory then. */
  async append(ledger: LedgerId, entries: JournalTransaction): Promise<void> {
    await this.journal.append(ledger, entries);
    this.transactions.push(entries);
    this.memory ??= emptyMemory(ledger);
    for (const entry of entries) if (entry.kind === 'event') this.memory.append(entry.event);
    addAttachments(this.memory.attachments, attachmentsOf(entries));
  }

  /** Whether lines of the journal are gone that may have held what is nowhere else. */
  get hasLostLines(): boolean {
    return this.damage.some((f) => f.code === 'journal.damaged' && f.severity === 'error');
  }

  /** Whether notes of this clone are gone that it must have had, since its files hold a ledger. */
  get lostItsNotes(): boolean {
    const empty = this.#cloneStamp === null && this.journal.head === null;
    const { synced = 0, orphans = [] } = this.combined ?? {};
    const held = synced > 0 || (orphans.length > 0 && !this.context.trimAfterFold);
    return empty && this.journal.state.damage.length === 0 && held;
  }

  /** Throws `ledger.missing`, `ledger.damaged` or `ledger.foreign` when nothing may be written. */
  writable(): LedgerMemory {
    const { refusal } = this.combined ?? {};
    if (refusal) {
      throw new PromptAuditError({
        code: refusal.code === 'ledger.foreign' ? 'ledger.foreign' : 'ledger.damaged',
        message: `Nothing was recorded, because the ledger is damaged. ${refusal.message}`,
        remedy: withRemedy(refusal, true).remedy,
      });
    }
    if (this.memory) return this.memory;
    throw ledgerMissing();
  }

  async saveClone(state: CloneState): Promise<void> {
    await writeCloneState(this.#clonePath, state, this.context.platform);
    this.clone = state;
    this.#cloneDamaged = false;
    this.#cloneStamp = await stampOf(this.#clonePath);
  }

  /** Replaces what is in memory; the epoch tells whether delivered events moved. */
  install(memory: LedgerMemory | null): boolean {
    const before = this.memory;
    const same =
      before === null ||
      (memory !== null &&
        before.size <= memory.size &&
        memory.rootAt(before.size) === before.point().root);
    const changed =
      !same || before?.size !== memory?.size || before?.syncedSize !== memory?.syncedSize;
    if (!same) this.epoch++;
    this.memory = memory;
    return changed;
  }

  /** Appends to the memory what it lacks; false where that cannot be told from these entries alone. */
  #takeEntries(entries: readonly JournalEntry[]): boolean {
    const { memory } = this;
    if (memory === null || this.journal.head?.ledger !== memory.ledger) return false;
    for (const entry of entries) {
      if (entry.kind !== 'event' || memory.has(entry.event.id)) continue;
      // What it names may be in the base and in the state: both are made anew.
      if (entry.event.type === 'redacted') return !(this.#isStale = true);
      if (!entry.event.header.parents.every((parent) => memory.has(parent))) return false;
      memory.append(entry.event);
    }
    const { contents, signatures } = attachmentsOf(entries);
    for (const digest of contents.keys()) if (memory.hasContent(digest)) contents.delete(digest);
    addAttachments(memory.attachments, { contents, signatures });
    return true;
  }

  /** Whether only other processes of this clone folded, sealed or trimmed what is in memory already. */
  #isSameLedger(before: LoadedFiles): boolean {
    const { memory, combined } = this;
    const now = this.loaded!;
    if (memory === null || now.file === null || combined?.refusal) return false;
    if (now !== before && (now.repairs.size > 0 || memory.base !== now.base)) return false;
    if (this.journal.state.damage.length > 0) return false;
    if (!isPrefixOf(memory, now.file, this.clone)) return false;
    if (!this.#takeEntries(this.transactions.flat())) return false;
    const isWhole = sizeInFile(now.file) === memory.size;
    this.combined = { ...combined!, file: isWhole ? 'good' : 'behind', findings: [], orphans: [] };
    return true;
  }

  #hasGap(): boolean {
    const { base, file } = this.loaded!;
    return file !== null && file.before.size > (base?.size ?? 0);
  }

  #takeSyncedSize(): boolean {
    const { memory } = this;
    const size = Math.max(memory!.syncedSize, this.clone.seen?.size ?? 0);
    const changed = size !== memory!.syncedSize;
    memory!.syncedSize = size;
    return changed;
  }

  async #readClone(stamp: FileStamp | null): Promise<void> {
    if (this.loaded !== null && sameStamp(stamp, this.#cloneStamp)) return;
    const state = await readCloneState(this.#clonePath);
    this.#cloneDamaged = state === 'damaged';
    this.clone = state === 'damaged' ? emptyCloneState : state;
    this.#cloneStamp = stamp;
  }

  async #load(): Promise<LoadedFiles> {
    const { context, clone } = this;
    const loaded = await this.#loadFast();
    if (loaded !== null && !this.#hasRedactionBehind(loaded)) {
      this.#cleanFor = Infinity;
      return loaded;
    }
    if (!this.#isForgotten) this.#cleanFor = clone.folds[context.file]?.erased ?? 0;
    this.#isForgotten = false;
    this.snapshotSize = 0;
    return await loadAll(context, clone);
  }

  /** Whether a redaction stands behind a base, which may hold the bytes that it names. */
  #hasRedactionBehind({ base, file }: LoadedFiles): boolean {
    if (base === null) return false;
    const isNew = (event: LedgerEvent): boolean =>
      event.type === 'redacted' && base.seqOf(event.id) === undefined;
    return (
      (file?.events ?? []).some(({ event }) => isNew(event)) ||
      this.transactions.flat().some((entry) => entry.kind === 'event' && isNew(entry.event))
    );
  }

  async #loadFast(): Promise<LoadedFiles | null> {
    const { context, clone } = this;
    if (this.#isForgotten) return null;
    const known = this.memory?.base ?? null;
    if (this.memory !== null) {
      const same = await loadBehind(context, clone, known);
      if (same) return same;
    }
    const data = known === null ? await this.snapshots.read() : null;
    const loaded = await loadBehind(context, clone, data);
    if (loaded?.base) this.snapshotSize = loaded.base.size;
    return loaded;
  }

  /** Whether nothing that was redacted can be in the base. */
  isClean(redactions: number): boolean {
    return this.memory?.base == null || redactions <= this.#cleanFor;
  }

  async #combine(): Promise<boolean> {
    const { base, file, readRef } = this.loaded!;
    const combined = await combine({
      base,
      pinned: this.clone.ledger,
      file,
      record: this.clone.folds[this.context.file] ?? null,
      journal: {
        ledger: this.journal.head?.ledger ?? null,
        transactions: this.transactions,
        state: this.journal.state,
      },
      seen: this.clone.seen,
      readRef,
    });
    this.combined = combined;
    const missing = this.loaded!.missing;
    this.#missing =
      missing.length === 0 ? [] : unexplained(missing, redactedTargets(base, combined.order));
    this.#pending = false;
    const { ledger, order, synced, attachments } = combined;
    const empty =
      ledger === null || (base === null && order.length === 0 && combined.refusal === null);
    return this.install(
      empty ? null : new LedgerMemory({ ledger, base, tail: order, synced, attachments }),
    );
  }
}

/** Whether a file without a fault and the notes of the clone say what is in memory. */
function isPrefixOf(memory: LedgerMemory, file: FileRead, { ledger, seen }: CloneState): boolean {
  const base = memory.base?.size ?? 0;
  return (
    ledger === memory.ledger &&
    file.findings.length === 0 &&
    file.before.size >= base &&
    file.events.every(({ seq, event }) => memory.tail[seq - base - 1]?.event.id === event.id) &&
    (seen === null || memory.rootAt(seen.size) === seen.root)
  );
}

const cloneDamaged: Finding = finding({
  code: 'clone.damaged',
  severity: 'warning',
  message: 'clone.json, which remembers what this clone has seen, is damaged.',
  remedy: 'Nothing recorded is lost. The next write makes it anew.',
});

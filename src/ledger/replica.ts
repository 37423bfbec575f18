import { basename, dirname, join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { LedgerId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { addAttachments, noAttachments, type Attachments } from './attachments.js';
import {
  emptyCloneState,
  readCloneState,
  writeCloneState,
  type CloneState,
  type FoldRecord,
} from './cloneState.js';
import { combine, type Combined } from './combine.js';
import { readFileOnDisk, type FileRead } from './fileOnDisk.js';
import { sameStamp, stampOf, type FileStamp } from './fileStamp.js';
import { finding, isAboutHistory } from './findings.js';
import { foldInto } from './fold.js';
import { Journal } from './journal.js';
import type { JournalEntry, JournalTransaction } from './journalCodec.js';
import { repairedTransactions } from './journalRepair.js';
import { removeLeftovers } from './leftovers.js';
import { LedgerMemory } from './memory.js';
import { readLedgerFile, type LedgerFile } from './sqliteFile.js';
import type { LedgerRows } from './sqliteWriter.js';
import type { StoreContext } from './storeOptions.js';

/** The ledger of one worktree as read from file, journal and ref. What writes needs the lock. */
export class Replica {
  readonly context: StoreContext;
  readonly journal: Journal;
  memory: LedgerMemory | null = null;
  clone: CloneState = emptyCloneState;
  combined: Combined | null = null;
  /** Changes whenever events that were delivered before stand elsewhere. */
  epoch = 0;
  readonly #clonePath: string;
  #transactions: JournalTransaction[] = [];
  #cloneStamp: FileStamp | null = null;
  #cloneDamaged = false;
  #fileStamp: FileStamp | null = null;
  #file: FileRead | null = null;
  #loaded = false;
  /** Something was read that the memory does not show yet. */
  #pending = false;

  constructor(context: StoreContext) {
    this.context = context;
    this.journal = new Journal(
      join(context.privateDir, 'journal.jsonl'),
      context.platform,
      () => context.clock().at,
    );
    this.#clonePath = join(context.privateDir, 'clone.json');
  }

  get file(): FileRead | null {
    return this.#file;
  }

  get damage(): readonly Finding[] {
    return [...(this.#cloneDamaged ? [cloneDamaged] : []), ...(this.combined?.findings ?? [])];
  }

  get transactions(): readonly JournalTransaction[] {
    return this.#transactions;
  }

  /** Reads what others wrote since; true when the ledger has changed by it. */
  async refresh(): Promise<boolean> {
    const [fileStamp, cloneStamp] = await Promise.all([
      stampOf(this.context.file),
      stampOf(this.#clonePath),
    ]);
    const filesSame =
      sameStamp(fileStamp, this.#fileStamp) && sameStamp(cloneStamp, this.#cloneStamp);
    const news = await this.journal.readNew();
    if (this.#loaded && !this.#pending && filesSame && news.kind === 'same') return false;
    const caughtUp = this.#loaded && !this.#pending && filesSame;
    this.#pending = true;
    if (news.kind === 'whole') {
      this.#transactions = [...news.part.transactions];
    } else if (news.kind === 'tail') {
      this.#transactions.push(...news.part.transactions);
      const clean = caughtUp && news.part.findings.length === 0;
      if (clean && this.#takeTail(news.part.transactions.flat())) {
        this.#pending = false;
        return news.part.transactions.length > 0;
      }
    }
    await this.#readClone(cloneStamp);
    await this.#readFile(fileStamp);
    return await this.#combine();
  }

  /** Records one transaction: durable first, in memory then. */
  async append(ledger: LedgerId, entries: JournalTransaction): Promise<void> {
    await this.journal.append(ledger, entries);
    this.#transactions.push(entries);
    this.memory ??= new LedgerMemory(ledger, [], 0, noAttachments());
    for (const entry of entries) if (entry.kind === 'event') this.memory.append(entry.event);
    addAttachments(this.memory.attachments, attachmentsOf(entries));
  }

  /** Whether lines of the journal are gone that may have held what is nowhere else. */
  get hasLostLines(): boolean {
    return this.damage.some((f) => f.code === 'journal.damaged' && f.severity === 'error');
  }

  /** Whether notes of this clone are gone that it must have had, since it holds a shared ledger. */
  get lostItsNotes(): boolean {
    const empty = this.#cloneStamp === null && this.journal.head === null;
    return empty && this.journal.state.damage.length === 0 && (this.combined?.synced ?? 0) > 0;
  }

  /** Sets a damaged or foreign journal aside and writes a new one with all that is known of it. */
  async repairJournal(ledger: LedgerId): Promise<void> {
    const { head, state } = this.journal;
    const foreign = head !== null && head.ledger !== ledger;
    if (state.damage.length === 0 && !foreign) return;
    const readable = foreign ? [] : this.#transactions;
    const orphans = this.context.trimAfterFold ? [] : (this.combined?.orphans ?? []);
    await this.#rewrite(
      ledger,
      this.memory ? repairedTransactions(readable, orphans, this.memory) : readable,
    );
    if (this.combined && !this.context.trimAfterFold)
      this.combined = { ...this.combined, orphans: [] };
  }

  /** Takes what a crash of `<git dir>/prompt-audit` left in the file only back into the journal. */
  async adoptOrphans(): Promise<void> {
    const orphans = this.combined?.orphans ?? [];
    if (this.context.trimAfterFold || orphans.length === 0 || !this.memory) return;
    const entries: JournalEntry[] = orphans.map((event) => ({ kind: 'event', event }));
    const { contents, signatures } = this.#file?.attachments ?? noAttachments();
    for (const content of contents.values()) entries.push({ kind: 'content', content });
    for (const signature of signatures.values()) entries.push({ kind: 'signature', signature });
    await this.journal.append(this.memory.ledger, entries);
    this.#transactions.push(entries);
    this.combined = { ...this.combined!, orphans: [] };
  }

  /** Throws `ledger.missing`, `ledger.damaged` or `ledger.foreign` when nothing may be written. */
  writable(): LedgerMemory {
    const { refusal } = this.combined ?? {};
    if (refusal) {
      throw new PromptAuditError({
        code: refusal.code === 'ledger.foreign' ? 'ledger.foreign' : 'ledger.damaged',
        message: `Nothing was recorded, because the ledger is damaged. ${refusal.message}`,
        remedy: refusal.remedy,
      });
    }
    if (this.memory) return this.memory;
    throw new PromptAuditError({
      code: 'ledger.missing',
      message: 'There is no ledger here yet.',
      remedy: 'Run "prompt-audit init", or press "Set Up" in the Prompt Audit view.',
    });
  }

  /** Writes the journal into the file; false when the file has it all. */
  async fold(): Promise<boolean> {
    const memory = this.writable();
    await this.repairJournal(memory.ledger);
    await this.adoptOrphans();
    const order = memory.events.map((stored) => stored.event);
    return await this.writeFile(
      { ledger: memory.ledger, events: order, attachments: memory.attachments },
      null,
    );
  }

  /** Makes the file hold exactly these rows, on top of `base` where that is a prefix of them. */
  async writeFile(rows: LedgerRows, base: LedgerFile | null): Promise<boolean> {
    await this.repairJournal(rows.ledger);
    const record = this.clone.folds[this.context.file] ?? null;
    const written = await foldInto({
      context: this.context,
      rows,
      current: this.#file,
      record,
      base,
    });
    if (written === null) {
      if (record !== null) await this.#noteFold(rows.ledger, record);
      return false;
    }
    await this.#noteFold(rows.ledger, written.record);
    this.#file = written.file;
    this.#fileStamp = await stampOf(this.context.file);
    const findings = (this.combined?.findings ?? []).filter(isAboutHistory);
    if (this.combined) this.combined = { ...this.combined, file: 'good', findings, refusal: null };
    if (this.context.trimAfterFold) await this.keepInJournal([]);
    await removeLeftovers([dirname(this.context.file), this.context.privateDir]);
    return true;
  }

  /** Starts the next generation of the journal with these transactions. */
  async keepInJournal(transactions: readonly JournalTransaction[]): Promise<void> {
    const { head, state } = this.journal;
    if (state.damage.length === 0) {
      if (head === null && transactions.length === 0) return;
      if (transactions.length === this.#transactions.length) return;
    }
    await this.#rewrite(this.memory!.ledger, transactions);
  }

  async #rewrite(ledger: LedgerId, transactions: readonly JournalTransaction[]): Promise<void> {
    const lost = this.hasLostLines;
    const aside = await this.journal.rewrite(ledger, transactions);
    this.#transactions = [...transactions];
    if (aside === null) return;
    const about = (this.combined?.findings ?? []).filter((f) => f.code !== 'journal.damaged');
    if (this.combined) this.combined = { ...this.combined, findings: about };
    this.context.warn(
      `The journal was not as it should be. It is kept as ${basename(aside)}, and what could be read of it is in the new one.${
        lost ? ' What its damaged lines held may be lost.' : ''
      }`,
    );
  }

  /** Remembers what ledger.sqlite holds, and up to where the journal is in it. */
  async #noteFold(ledger: LedgerId, written: FoldRecord): Promise<void> {
    const { head, end } = this.journal;
    const { size, root, sha256 } = written;
    const journal = head && { generation: head.generation, end };
    const old = this.clone.folds[this.context.file];
    const same =
      old?.sha256 === sha256 &&
      old.journal?.generation === journal?.generation &&
      old.journal?.end === journal?.end;
    if (same) return;
    const record = { size, root, sha256, ...(journal && { journal }) };
    const folds = { ...this.clone.folds, [this.context.file]: record };
    await this.saveClone({ ...this.clone, ledger, folds });
  }

  async saveClone(state: CloneState): Promise<void> {
    await writeCloneState(this.#clonePath, state, this.context.platform);
    this.clone = state;
    this.#cloneDamaged = false;
    this.#cloneStamp = await stampOf(this.#clonePath);
  }

  /** Replaces what is in memory; the epoch tells whether delivered events moved. */
  install(memory: LedgerMemory | null): boolean {
    const before = this.memory?.events ?? [];
    const after = memory?.events ?? [];
    const same = before.every((stored, at) => after[at]?.event.id === stored.event.id);
    const changed =
      !same || before.length !== after.length || this.memory?.syncedSize !== memory?.syncedSize;
    if (!same) this.epoch++;
    this.memory = memory;
    return changed;
  }

  #takeTail(entries: readonly JournalEntry[]): boolean {
    const { memory } = this;
    if (memory === null || this.journal.head?.ledger !== memory.ledger) return false;
    for (const entry of entries) {
      if (entry.kind !== 'event' || memory.has(entry.event.id)) continue;
      if (!entry.event.header.parents.every((parent) => memory.has(parent))) return false;
      memory.append(entry.event);
    }
    addAttachments(memory.attachments, attachmentsOf(entries));
    return true;
  }

  async #readClone(stamp: FileStamp | null): Promise<void> {
    if (this.#loaded && sameStamp(stamp, this.#cloneStamp)) return;
    const state = await readCloneState(this.#clonePath);
    this.#cloneDamaged = state === 'damaged';
    this.clone = state === 'damaged' ? emptyCloneState : state;
    this.#cloneStamp = stamp;
  }

  async #readFile(stamp: FileStamp | null): Promise<void> {
    if (this.#loaded && sameStamp(stamp, this.#fileStamp)) return;
    const written = this.clone.folds[this.context.file]?.sha256 ?? null;
    this.#file = await readFileOnDisk(this.context.file, written, this.context.wasm);
    this.#fileStamp = stamp;
  }

  async #combine(): Promise<boolean> {
    const readRef = async (): Promise<LedgerFile | null> => {
      const bytes = await this.context.readRef();
      return bytes && (await readLedgerFile(bytes, { wasm: this.context.wasm }));
    };
    let ref: Promise<LedgerFile | null> | undefined;
    const combined = await combine({
      pinned: this.clone.ledger,
      file: this.#file,
      record: this.clone.folds[this.context.file] ?? null,
      journal: {
        ledger: this.journal.head?.ledger ?? null,
        transactions: this.#transactions,
        state: this.journal.state,
      },
      seen: this.clone.seen,
      readRef: () => (ref ??= readRef()),
    });
    this.combined = combined;
    this.#loaded = true;
    this.#pending = false;
    const { ledger, order, synced, attachments } = combined;
    const empty = ledger === null || (order.length === 0 && combined.refusal === null);
    return this.install(empty ? null : new LedgerMemory(ledger, order, synced, attachments));
  }
}

function attachmentsOf(entries: readonly JournalEntry[]): Attachments {
  const attachments = noAttachments();
  for (const entry of entries) {
    if (entry.kind === 'content') attachments.contents.set(entry.content.digest, entry.content);
    if (entry.kind === 'signature')
      attachments.signatures.set(entry.signature.digest, entry.signature);
  }
  return attachments;
}

const cloneDamaged: Finding = finding({
  code: 'clone.damaged',
  severity: 'warning',
  message: 'clone.json, which remembers what this clone has seen, is damaged.',
  remedy: 'Nothing recorded is lost. The next write makes it anew.',
});

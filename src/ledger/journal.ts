import { open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { LedgerId } from '../core/ids.js';
import { pushAll } from '../core/pushAll.js';
import { writeFileAtomically } from './atomicFile.js';
import { errorCode, onDisk } from './diskErrors.js';
import { sameStamp, stampOf, type FileStamp } from './fileStamp.js';
import { setAside } from './fileOnDisk.js';
import {
  formatHead,
  formatTransaction,
  parseHead,
  type JournalHead,
  type JournalTransaction,
} from './journalCodec.js';
import type { JournalDamage, JournalState } from './journalDamage.js';
import { closeQuietly, readAt, syncFile, writeAt } from './handleBytes.js';
import { firstLine, readJournal } from './journalWhole.js';
import { readTransactions, type JournalPart } from './journalReader.js';
import type { Platform } from './platform.js';

/** Larger journals are refused before they are read. */
const maxJournalBytes = 512 * 1024 * 1024;

export type JournalNews =
  | { readonly kind: 'same' }
  /** More was appended to what this reader has. */
  | { readonly kind: 'tail'; readonly part: JournalPart }
  /** The whole journal, which is new or was rewritten. */
  | { readonly kind: 'whole'; readonly part: JournalPart };

/** The write-ahead journal of one clone (docs/LEDGER.md, "Journal"). Writing needs the lock. */
export class Journal {
  readonly path: string;
  readonly #platform: Platform;
  readonly #now: () => Date;
  #stamp: FileStamp | null = null;
  #head: JournalHead | null = null;
  #end = 0;
  #generation: number | null = null;
  #damage: JournalDamage[] = [];
  #lastEvent = -1;
  /** The bytes before #end: others may have cut the file back and written again. */
  #last: Buffer = Buffer.alloc(0);
  /** Whether the journal and its name are known to outlive a power cut: who wrote may have ended before. */
  #isDurable = false;
  /** What was written and failed, and could not be undone: it counts only if others built on it. */
  #failed: Buffer | null = null;

  constructor(path: string, platform: Platform, now = (): Date => new Date()) {
    this.path = path;
    this.#platform = platform;
    this.#now = now;
  }

  /** The head that was read last, or what the events tell where it is damaged; null when there is none. */
  get head(): JournalHead | null {
    return this.#head;
  }

  /** Bytes that hold complete transactions. */
  get end(): number {
    return this.#end;
  }

  get state(): JournalState {
    return { damage: this.#damage, generation: this.#generation, lastEvent: this.#lastEvent };
  }

  /** Whether the file is as it was read or written last. */
  async isUnchanged(): Promise<boolean> {
    return sameStamp(await stampOf(this.path), this.#stamp);
  }

  /** Reads what is new since the last call. Throws `ledger.futureVersion`, `ledger.tooLarge` or a disk error. */
  async readNew(): Promise<JournalNews> {
    const stamp = await stampOf(this.path);
    if (sameStamp(stamp, this.#stamp)) return { kind: 'same' };
    if (stamp !== null && this.#head !== null && stamp.size >= this.#end) {
      const tail = await this.#readTail();
      if (tail) {
        this.#stamp = stamp;
        return { kind: 'tail', part: tail };
      }
    }
    return { kind: 'whole', part: await this.#readWhole(stamp) };
  }

  /**
   * Appends one transaction with one write and makes it durable. On failure the file is cut
   * back to what it was. A damaged journal is to be rewritten first; one of which nothing can be
   * read is set aside. Throws `disk.full`, `disk.readOnly` or `disk.failed`.
   */
  async append(ledger: LedgerId, transaction: JournalTransaction): Promise<void> {
    const text = formatTransaction(transaction);
    if (this.#head === null) {
      await this.#replace({ ledger, generation: 1 }, text);
      return;
    }
    if (this.#damage.length > 0 || this.#head.ledger !== ledger) {
      throw new Error('A damaged or foreign journal must be rewritten before it is appended to.');
    }
    const bytes = Buffer.from(text);
    await this.#makeDurable(this.#head);
    await onDisk(this.path, async () => {
      const handle = await open(this.path, 'r+');
      try {
        // A cut-off write of a process that died must not stand in front of ours.
        if ((await handle.stat()).size > this.#end) await handle.truncate(this.#end);
        this.#failed = null;
        try {
          await writeAt(handle, bytes, this.#end);
          await handle.datasync();
        } catch (error) {
          await handle.truncate(this.#end).catch(() => (this.#failed = bytes));
          throw error;
        }
      } finally {
        await closeQuietly(handle);
      }
    });
    this.#end += bytes.length;
    this.#last = lastBytes(bytes, bytes.length);
    await this.#takeStamp();
  }

  /**
   * Writes the next generation, with these transactions only. A damaged or foreign journal is kept
   * beside it; then this gives the kept file's path, else null.
   */
  async rewrite(
    ledger: LedgerId,
    transactions: readonly JournalTransaction[],
  ): Promise<string | null> {
    const generation = (this.#head?.generation ?? 0) + 1;
    return await this.#replace(
      { ledger, generation },
      transactions.map(formatTransaction).join(''),
    );
  }

  async #replace(head: JournalHead, text: string): Promise<string | null> {
    const bytes = Buffer.from(formatHead(head) + text);
    const unfit =
      this.#damage.length > 0 || (this.#head !== null && this.#head.ledger !== head.ledger);
    const isNew = !unfit && (this.#failed !== null || (await stampOf(this.path)) === null);
    const aside = unfit ? await setAside(this.path, this.#now()) : null;
    let replaced = false;
    try {
      // Else a power cut could keep the new journal and forget the name of the damaged one.
      if (aside) await onDisk(aside, () => this.#platform.syncFolder(dirname(this.path)));
      await writeFileAtomically(this.path, bytes, {
        platform: this.#platform,
        mode: 0o600,
        replaced: () => (replaced = true),
      });
    } catch (error) {
      // What could not be made durable must not be taken for recorded by whoever reads it next.
      if (replaced && aside) await this.#platform.rename(aside, this.path).catch(() => undefined);
      else if (aside) await unlink(aside).catch(() => undefined);
      else if (replaced && isNew) await unlink(this.path).catch(() => (this.#failed = bytes));
      throw error;
    }
    this.#isDurable = true;
    this.#failed = null;
    this.#head = head;
    this.#generation = head.generation;
    this.#damage = [];
    this.#lastEvent = -1;
    this.#end = bytes.length;
    this.#last = lastBytes(bytes, bytes.length);
    await this.#takeStamp();
    return aside;
  }

  /** What was recorded stays recorded where its stamp cannot be read; then the next call reads again. */
  async #takeStamp(): Promise<void> {
    this.#stamp = await stampOf(this.path).catch(() => null);
  }

  /** Nothing may build on what others wrote and a power cut could still take away. */
  async #makeDurable(head: JournalHead): Promise<void> {
    if (this.#isDurable) return;
    if (!(await onDisk(this.path, () => syncFile(this.path)))) await this.#renew(head);
    await onDisk(this.path, () => this.#platform.syncFolder(dirname(this.path)));
    this.#isDurable = true;
  }

  /** A failed sync may have dropped bytes that are seen and never reach the disk: they are written anew. */
  async #renew({ ledger, generation }: JournalHead): Promise<void> {
    const bytes = await onDisk(this.path, () => readFile(this.path));
    const text = bytes.subarray(bytes.indexOf(0x0a) + 1, this.#end).toString('utf8');
    await this.#replace({ ledger, generation: generation + 1 }, text);
  }

  async #readTail(): Promise<JournalPart | undefined> {
    const from = this.#end - this.#last.length;
    const bytes = await onDisk(this.path, async () => {
      const handle = await open(this.path, 'r');
      try {
        const head = parseHead(firstLine(await readAt(handle, 0, 256)));
        if (typeof head !== 'object' || head.generation !== this.#head?.generation)
          return undefined;
        const { size } = await handle.stat();
        assertSize(size, this.path);
        return await readAt(handle, from, Math.max(0, size - from));
      } finally {
        await closeQuietly(handle);
      }
    });
    if (!bytes?.subarray(0, this.#last.length).equals(this.#last)) return undefined;
    const fresh = bytes.subarray(this.#last.length);
    if (this.#failed?.equals(fresh)) return { ...nothing, end: this.#end };
    const part = readTransactions(fresh, this.#end);
    this.#last = lastBytes(bytes, part.end - from);
    this.#failed = null;
    if (part.end > this.#end) this.#isDurable = false;
    this.#take(part);
    return part;
  }

  async #readWhole(stamp: FileStamp | null): Promise<JournalPart> {
    this.#head = null;
    this.#generation = null;
    this.#end = 0;
    this.#damage = [];
    this.#lastEvent = -1;
    this.#isDurable = false;
    const bytes = await readIfThere(this.path);
    this.#stamp = stamp;
    if (bytes === null || bytes.length === 0 || this.#failed?.equals(bytes)) return nothing;
    this.#failed = null;
    const read = readJournal(bytes, this.path);
    this.#head = read.head;
    this.#generation = read.generation;
    this.#take(read.part);
    this.#last = lastBytes(bytes, read.part.end);
    return read.part;
  }

  #take(part: JournalPart): void {
    this.#end = part.end;
    pushAll(this.#damage, part.findings);
    this.#lastEvent = Math.max(this.#lastEvent, part.lastEvent);
  }
}

const nothing: JournalPart = { transactions: [], end: 0, findings: [], lastEvent: -1 };

function lastBytes(bytes: Buffer, end: number): Buffer {
  return Buffer.from(bytes.subarray(Math.max(0, end - 64), end));
}

async function readIfThere(path: string): Promise<Buffer | null> {
  const stamp = await stampOf(path);
  if (stamp === null) return null;
  assertSize(stamp.size, path);
  return await onDisk(path, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  });
}

function assertSize(size: number, path: string): void {
  if (size <= maxJournalBytes) return;
  throw new PromptAuditError({
    code: 'ledger.tooLarge',
    message: `${path} is larger than ${maxJournalBytes} bytes.`,
    remedy: 'Run "prompt-audit sync", which moves its entries into the ledger branch.',
  });
}

import { PromptAuditError } from '../core/errors.js';
import type { LedgerId } from '../core/ids.js';
import { parseHead, parseLine, type JournalHead } from './journalCodec.js';
import { readTransactions, type JournalPart } from './journalReader.js';

export interface WholeJournal {
  /** From the events where the first line does not tell; null when these do not either. */
  readonly head: JournalHead | null;
  /** Null when the first line does not tell. */
  readonly generation: number | null;
  readonly part: JournalPart;
}

/** Longer first lines may have swallowed an entry: a head has less. */
const maxHeadBytes = 120;

/**
 * Reads all of a journal. Each entry has its own checksum, so a damaged head does not take them
 * along. Throws `ledger.futureVersion`.
 */
export function readJournal(bytes: Buffer, path: string): WholeJournal {
  const line = firstLine(bytes);
  const parsed = parseHead(line);
  if (parsed === 'future') {
    throw new PromptAuditError({
      code: 'ledger.futureVersion',
      message: `${path} was written by a newer version of Prompt Audit Trail.`,
      remedy: 'Update the extension (or the command-line program) and try again.',
    });
  }
  const stop = bytes.indexOf(0x0a);
  const length = stop < 0 ? bytes.length : stop + 1;
  const headless = parsed === undefined && isEntry(bytes.subarray(0, length));
  const offset = headless ? 0 : length;
  const part = readTransactions(bytes.subarray(offset), offset);
  const named = ledgerOf(part);
  // The head has no checksum: where all events name another ledger, it is the head that changed.
  if (parsed && (named === undefined || named === parsed.ledger)) {
    return { head: parsed, generation: parsed.generation, part };
  }
  const generation = parsed?.generation ?? generationIn(line);
  const heldEntry = headless || length > maxHeadBytes;
  const findings = [{ offset: 0, problem: null, heldEntry }, ...part.findings];
  return {
    head: named ? { ledger: named, generation: generation ?? 0 } : null,
    generation,
    part: { ...part, transactions: named ? part.transactions : [], findings },
  };
}

/** The first line without its newline; at most 256 bytes of it. */
export function firstLine(bytes: Buffer): string {
  const stop = bytes.indexOf(0x0a);
  return bytes
    .subarray(0, stop < 0 ? Math.min(bytes.length, 256) : Math.min(stop, 256))
    .toString('utf8');
}

function isEntry(line: Buffer): boolean {
  try {
    return typeof parseLine(line.toString('utf8').trimEnd()) === 'object';
  } catch {
    return false;
  }
}

/** The one ledger that all events name; undefined without events, or when they differ. */
function ledgerOf(part: JournalPart): LedgerId | undefined {
  const ledgers = new Set<LedgerId>();
  for (const entry of part.transactions.flat()) {
    if (entry.kind === 'event') ledgers.add(entry.event.header.ledger);
  }
  return ledgers.size === 1 ? [...ledgers][0] : undefined;
}

function generationIn(line: string): number | null {
  const digits = /"generation":(\d{1,12}),/.exec(line)?.[1];
  return digits === undefined ? null : Number(digits);
}

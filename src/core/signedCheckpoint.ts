import { parseCheckpoint } from './checkpoint.js';
import type { LedgerPoint } from './rows.js';
import { parseSignedNote, type SignedNote } from './signedNote.js';

/** A checkpoint that somebody hands over, signed or not. */
export interface GivenCheckpoint {
  readonly point: LedgerPoint;
  /** Null where it is only its three lines. */
  readonly note: SignedNote | null;
}

/** Reads the three lines of a checkpoint, or a signed note of them. A text: what is wrong with it. */
export function readCheckpoint(text: string): GivenCheckpoint | string {
  const plain = parseCheckpoint(text.slice(0, maxPlainLength));
  if (plain !== undefined && text.length <= maxPlainLength) return { point: plain, note: null };
  const note = parseSignedNote(text);
  if (typeof note === 'string')
    return text.includes('\n\n') ? note : 'it is not the three lines of a checkpoint';
  const point = parseCheckpoint(note.text);
  if (point !== undefined) return { point, note };
  return 'what is signed is not the checkpoint of a ledger of this program';
}

/** More characters than three lines can have. */
const maxPlainLength = 256;

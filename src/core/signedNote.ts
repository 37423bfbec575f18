import { decodeBase64, LineReader } from './strictText.js';

/** UTF-8 bytes of a note; a checkpoint needs a small part of that. */
export const maxNoteBytes = 64 * 1024;
const maxSignatures = 16;

/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** 8 lower-case hex digits. */
  readonly keyId: string;
  /** What follows the key id. */
  readonly bytes: Uint8Array;
}

export interface SignedNote {
  /** What is signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Reads a C2SP signed-note strictly. A text: what is wrong with it. */
export function parseSignedNote(note: string): SignedNote | string {
  if (note.length > maxNoteBytes) return `it is longer than ${maxNoteBytes} bytes`;
  // eslint-disable-next-line no-control-regex -- these are what the format forbids
  if (/[\0-\x09\x0b-\x1f]/.test(note)) return 'it has control characters';
  if (!note.isWellFormed()) return 'it is not valid Unicode';
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return 'it has no signature';
  const signatures: NoteSignature[] = [];
  const lines = new LineReader(note.slice(split + 2));
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const signature = signatureOf(line);
    if (signature === undefined) return 'a signature line is malformed';
    if (signatures.length === maxSignatures) return `it has more than ${maxSignatures} signatures`;
    signatures.push(signature);
  }
  if (lines.rest() !== '') return 'its last line does not end';
  if (signatures.length === 0) return 'it has no signature';
  return { text: note.slice(0, split + 1), signatures };
}

function signatureOf(line: string): NoteSignature | undefined {
  const [dash, name = '', encoded = '', more] = line.split(' ', 4);
  const bytes = decodeBase64(encoded);
  if (dash !== '\u2014' || more !== undefined || !isKeyName(name)) return undefined;
  if (bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

/** Whether a text can name the key of a note: not empty, without white space and plus. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}+]/u.test(name);
}

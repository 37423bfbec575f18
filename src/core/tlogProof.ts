import { maxPathLength } from './merkleProof.js';
import { decodeBase64, decodeCount, LineReader } from './strictText.js';

/** UTF-8 bytes; longer proofs are refused unread. */
export const maxProofBytes = 8 * 1024 * 1024;

const firstLine = 'c2sp.org/tlog-proof@v1';

/** A C2SP tlog-proof: an entry's place in a log, up to a checkpoint. */
export interface TlogProof {
  /** Not authenticated by the proof itself. */
  readonly extra: Uint8Array | null;
  /** From 0. */
  readonly index: number;
  /** 32 bytes each, the leaf's sibling first. */
  readonly path: readonly Uint8Array[];
  /** As it stands there, with its signatures. */
  readonly checkpoint: string;
}

/** The text of a proof (docs/LEDGER.md, "Proofs"). */
export function formatTlogProof({ extra, index, path, checkpoint }: TlogProof): string {
  const lines = [
    firstLine,
    ...(extra === null ? [] : [`extra ${base64(extra)}`]),
    `index ${index}`,
    ...path.map(base64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Whether a text says of itself that it is such a proof. */
export function looksLikeTlogProof(text: string): boolean {
  return text.startsWith('c2sp.org/tlog-proof@');
}

/** Reads the text of a proof strictly; the checkpoint is not looked into. A text: what is wrong with it. */
export function parseTlogProof(text: string): TlogProof | string {
  if (text.length > maxProofBytes) return `it is longer than ${maxProofBytes} bytes`;
  const lines = new LineReader(text);
  if (lines.next() !== firstLine) return `its first line is not "${firstLine}"`;
  let line = lines.next();
  let extra: Buffer | null = null;
  if (line?.startsWith('extra ') === true) {
    const bytes = decodeBase64(line.slice('extra '.length));
    if (bytes === undefined) return 'its extra is not base64';
    extra = bytes;
    line = lines.next();
  }
  const index = line?.startsWith('index ') ? decodeCount(line.slice('index '.length)) : undefined;
  if (index === undefined) return 'it has no index';
  const path = lines.hashes(maxPathLength);
  if (path === undefined) return 'its hashes are not base64 of 32 bytes each, or do not end';
  return { extra, index, path, checkpoint: lines.rest() };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

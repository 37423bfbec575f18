import { maxPathLength } from './merkleProof.js';
import { decodeCount, LineReader } from './strictText.js';

/** UTF-8 bytes; longer ones are refused unread. */
export const maxConsistencyBytes = 64 * 1024;

/** What C2SP tlog-witness add-checkpoint sends: what leads from an older checkpoint to a newer one. */
export interface ConsistencyProof {
  readonly oldSize: number;
  /** 32 bytes each. */
  readonly path: readonly Uint8Array[];
  /** The newer one, as it stands there. */
  readonly checkpoint: string;
}

/** The text of a consistency proof (docs/LEDGER.md, "Proofs"). */
export function formatConsistencyProof({ oldSize, path, checkpoint }: ConsistencyProof): string {
  const hashes = path.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  return `old ${oldSize}\n${hashes.join('')}\n${checkpoint}`;
}

/** Whether a text says of itself that it is such a proof. */
export function looksLikeConsistencyProof(text: string): boolean {
  return text.startsWith('old ');
}

/** Reads the text strictly; the checkpoint is not looked into. A text: what is wrong with it. */
export function parseConsistencyProof(text: string): ConsistencyProof | string {
  if (text.length > maxConsistencyBytes) return `it is longer than ${maxConsistencyBytes} bytes`;
  const lines = new LineReader(text);
  const first = lines.next();
  const oldSize = first?.startsWith('old ') ? decodeCount(first.slice('old '.length)) : undefined;
  if (oldSize === undefined) return 'its first line is not "old" and a size';
  const path = lines.hashes(maxPathLength);
  if (path === undefined) return 'its hashes are not base64 of 32 bytes each, or do not end';
  return { oldSize, path, checkpoint: lines.rest() };
}

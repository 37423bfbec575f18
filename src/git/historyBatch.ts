import { createHash, type Hash } from 'node:crypto';
import { claimsOfCommit } from '../core/commitObject.js';
import { PromptAuditError } from '../core/errors.js';
import type { BlobFacts, CommitClaims } from '../core/historyCommit.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';

/** What is asked of `cat-file --batch`. */
export interface ObjectRequest {
  readonly id: string;
  readonly type: 'blob' | 'commit';
}

/** Null: it is not here, is something else, or is too large. */
export type ObjectResult = BlobFacts | CommitClaims | null;

/** Of a commit so many bytes are read; what is behind is the end of a very long message. */
const maxCommitBytes = 256 * 1024;
const maxHeader = 1024;
const newline = 0x0a;

interface Body {
  readonly size: number;
  /** Bytes to come, and the newline behind them. */
  left: number;
  /** What becomes of its bytes; null: nothing. */
  readonly as: 'blob' | 'commit' | null;
  /** Of a blob that does not come in one piece. */
  hash: Hash | null;
  readonly pieces: Buffer[];
  kept: number;
}

/** Reads the output of `cat-file --batch` piece by piece; no object is ever in memory as a whole but small ones. */
export class BatchParser {
  readonly #maxBytes: number;
  #head: Buffer = Buffer.alloc(0);
  #body: Body | null = null;

  /** Larger blobs than `maxBytes` count as not readable. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The results that a piece of output completes; `next` gives the request that the next answer is for. */
  take(
    chunk: Buffer,
    next: () => ObjectRequest | undefined,
    done: (result: ObjectResult) => void,
  ): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body !== null) {
        at = this.#takeBody(this.#body, chunk, at, done);
        continue;
      }
      const end = chunk.indexOf(newline, at);
      const piece = chunk.subarray(at, end < 0 ? undefined : end);
      const head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
      if (head.length > maxHeader) throw unreadableAnswer();
      this.#head = end < 0 ? Buffer.from(head) : Buffer.alloc(0);
      if (end < 0) return;
      at = end + 1;
      const request = next();
      if (request === undefined) throw unreadableAnswer();
      this.#body = this.#bodyOf(request, head.toString('latin1'));
      if (this.#body === null) done(null);
    }
  }

  #bodyOf(request: ObjectRequest, head: string): Body | null {
    const [id, type = '', size = ''] = head.split(' ');
    if (id !== request.id) throw unreadableAnswer();
    if (type === 'missing') return null;
    const bytes = Number(size);
    if (!/^\d{1,15}$/.test(size)) throw unreadableAnswer();
    const isFit = type === request.type && (type === 'commit' || bytes <= this.#maxBytes);
    return {
      ...{ size: bytes, left: bytes + 1, as: isFit ? request.type : null },
      ...{ hash: null, pieces: [], kept: 0 },
    };
  }

  #takeBody(body: Body, chunk: Buffer, at: number, done: (result: ObjectResult) => void): number {
    const piece = chunk.subarray(at, at + body.left);
    const isLast = piece.length === body.left;
    const bytes = isLast
      ? piece.subarray(0, -1)
      : piece.subarray(0, Math.min(piece.length, body.left - 1));
    if (isLast) this.#body = null;
    if (isLast && bytes.length === body.size) done(wholeResult(body, bytes));
    else {
      keep(body, bytes);
      if (isLast) done(resultOf(body));
    }
    body.left -= piece.length;
    return at + piece.length;
  }
}

function keep(body: Body, bytes: Buffer): void {
  if (body.as === 'blob') (body.hash ??= createHash('sha256')).update(bytes);
  if (body.as !== 'commit' || body.kept >= maxCommitBytes) return;
  // It must not hold on to all of the piece of output.
  body.pieces.push(Buffer.from(bytes.subarray(0, maxCommitBytes - body.kept)));
  body.kept += bytes.length;
}

function wholeResult({ as, size }: Body, bytes: Buffer): ObjectResult {
  if (as === 'blob') return { digest: digestOf(bytes), size };
  return as === 'commit' ? claimsOfCommit(bytes.subarray(0, maxCommitBytes)) : null;
}

function resultOf({ as, hash, pieces, size }: Body): ObjectResult {
  if (as === 'blob') return { digest: `sha256:${hash!.digest('hex')}` as Digest, size };
  return as === 'commit' ? claimsOfCommit(Buffer.concat(pieces)) : null;
}

function unreadableAnswer(): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: 'git gave an answer about its objects that cannot be read.',
    remedy: 'Run git fsck to see whether the repository is damaged.',
  });
}

import { createHash } from 'node:crypto';
import type { Digest, EventId } from './ids.js';

/** SHA-256 of bytes, or of the UTF-8 form of a text; 32 bytes. */
export function sha256(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(data).digest();
}

/** SHA-256 as `sha256:<64 lower-case hex digits>`. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${sha256(data).toString('hex')}` as Digest;
}

/** The id of the event with these header bytes (DESIGN.md §3). */
export function eventIdOf(headerText: string): EventId {
  return sha256(headerText).toString('hex') as EventId;
}

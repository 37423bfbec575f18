import { hash } from 'node:crypto';
import type { Digest, EventId } from './ids.js';

/** SHA-256 of bytes, or of the UTF-8 form of a text; 32 bytes. */
export function sha256(data: Uint8Array | string): Buffer {
  // Hex and back is twice as fast as asking for a buffer, which would get memory of its own.
  return Buffer.from(hash('sha256', data, 'hex'), 'hex');
}

/** SHA-256 of bytes, or of the UTF-8 form of a text; 64 lower-case hex digits. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256 as `sha256:<64 lower-case hex digits>`. */
export function digestOf(data: Uint8Array | string): Digest {
  return `sha256:${sha256Hex(data)}` as Digest;
}

/** The id of the event with these header bytes (DESIGN.md §3). */
export function eventIdOf(headerText: string): EventId {
  return sha256Hex(headerText) as EventId;
}

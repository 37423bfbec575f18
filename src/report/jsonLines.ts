import { canonicalJson } from '../core/canonicalJson.js';
import type { LedgerEvent } from '../core/event.js';

/**
 * One event as a line of JSON: its place, its id, the exact texts of header and body (null: not here or redacted), and
 * its signatures as armoured texts. SHA-256 of `header` is `id`; of `body`, what the header names.
 */
export function eventLine(
  seq: number,
  event: LedgerEvent,
  signatures: readonly Uint8Array[],
): string {
  const { id, headerText: header, bodyText: body } = event;
  const texts = [...new Set(signatures.map((bytes) => Buffer.from(bytes).toString('utf8')))];
  return `${canonicalJson({ body, header, id, seq, signatures: texts })}\n`;
}

import { canonicalJson, parseCanonicalJson } from './canonicalJson.js';
import { decodeEvent } from './eventCodec.js';
import { isObject } from './shapeChecks.js';
import type { LedgerEvent } from './event.js';

/** So many signatures go into a proof at most. */
const maxProofSignatures = 64;
/** UTF-8 bytes of an armoured signature, as in the ledger. */
const maxSignatureBytes = 16 * 1024;

/** The `extra` of a proof: the event itself, which the leaf of the proof vouches for (docs/LEDGER.md, "Proofs"). */
export interface EventEvidence {
  readonly event: LedgerEvent;
  /** Armoured SSHSIG texts over the header; nobody vouches for them but they themselves. */
  readonly signatures: readonly string[];
}

/** The bytes of the extra. Signatures that are no text, those that stand there already, and those beyond the limits are left out. */
export function encodeEvidence(event: LedgerEvent, signatures: readonly Uint8Array[]): Buffer {
  const different = new Set(signatures.flatMap((bytes) => textOf(bytes) ?? []));
  const texts = [...different].slice(0, maxProofSignatures);
  const { headerText: header, bodyText: body } = event;
  return Buffer.from(canonicalJson({ header, body, signatures: texts }));
}

/** Reads the extra strictly, and checks header and body. A text: what is wrong with it. */
export function decodeEvidence(extra: Uint8Array): EventEvidence | string {
  const text = utf8(extra);
  const value = text === undefined ? undefined : parseCanonicalJson(text);
  if (!isObject(value)) return 'its extra is not canonical JSON';
  const { header, body, signatures } = value;
  if (
    Object.keys(value).length !== 3 ||
    typeof header !== 'string' ||
    !(body === null || typeof body === 'string') ||
    !Array.isArray(signatures) ||
    signatures.length > maxProofSignatures ||
    !signatures.every(isSignatureText) ||
    new Set(signatures).size < signatures.length
  )
    return 'its extra has not exactly a header, a body and signatures';
  const decoded = decodeEvent(header, body);
  if (decoded.ok) return { event: decoded.event, signatures: signatures as string[] };
  return `its event is not one of a ledger: ${decoded.problem}`;
}

function isSignatureText(value: unknown): boolean {
  return typeof value === 'string' && Buffer.byteLength(value) <= maxSignatureBytes;
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > maxSignatureBytes) return undefined;
  const text = utf8(bytes);
  return text?.includes('\0') === true ? undefined : text;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

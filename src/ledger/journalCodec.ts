import { decodeEvent } from '../core/eventCodec.js';
import type { LedgerEvent } from '../core/event.js';
import { sha256 } from '../core/hash.js';
import { isDigest, isEventId, isRandomId, type LedgerId } from '../core/ids.js';
import {
  isWellFormedSignature,
  noAttachments,
  type Attachments,
  type StoredSignature,
} from './attachments.js';
import type { EncodedContent } from './contentCodec.js';

/** The one version of the journal that this program writes (docs/LEDGER.md, "Journal"). */
export const journalFormatVersion = 1;

/** Longer lines are damage: a content of the largest size, in base64, fits. */
export const maxLineBytes = 96 * 1024 * 1024;

export interface JournalHead {
  readonly ledger: LedgerId;
  /** Counts the rewrites of the journal, so that readers of its tail notice one. */
  readonly generation: number;
}

export type JournalEntry =
  | { readonly kind: 'event'; readonly event: LedgerEvent }
  | { readonly kind: 'content'; readonly content: EncodedContent }
  | { readonly kind: 'signature'; readonly signature: StoredSignature };

/** The texts and signatures among these entries. */
export function attachmentsOf(entries: readonly JournalEntry[]): Attachments {
  const attachments = noAttachments();
  for (const entry of entries) {
    if (entry.kind === 'content') attachments.contents.set(entry.content.digest, entry.content);
    if (entry.kind === 'signature')
      attachments.signatures.set(entry.signature.digest, entry.signature);
  }
  return attachments;
}

/** Attachments first, so that no reader of the journal sees an event without them. */
export function entriesOf(
  { contents, signatures }: Attachments,
  events: readonly LedgerEvent[],
): JournalEntry[] {
  return [
    ...[...contents.values()].map((content) => ({ kind: 'content', content }) as const),
    ...[...signatures.values()].map((signature) => ({ kind: 'signature', signature }) as const),
    ...events.map((event) => ({ kind: 'event', event }) as const),
  ];
}

/** What was recorded by one append: all of it or nothing. */
export type JournalTransaction = readonly JournalEntry[];

export function formatHead(head: JournalHead): string {
  const { generation, ledger } = head;
  return `${JSON.stringify({ format: journalFormatVersion, generation, journal: 'prompt-audit', ledger })}\n`;
}

/** Reads a head line; `future` for one of a newer format, undefined for anything else. */
export function parseHead(line: string): JournalHead | 'future' | undefined {
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    if (value['journal'] !== 'prompt-audit') return undefined;
    const { format, generation, ledger } = value;
    if (Number.isSafeInteger(format) && (format as number) > journalFormatVersion) return 'future';
    if (format !== journalFormatVersion || !isRandomId(ledger)) return undefined;
    return Number.isSafeInteger(generation)
      ? { ledger, generation: generation as number }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of one transaction, each ending with a newline. */
export function formatTransaction(transaction: JournalTransaction): string {
  const of = transaction.length;
  return transaction
    .map((entry, at) => formatLine({ i: at + 1, of, ...formatEntry(entry) }))
    .join('');
}

export interface ParsedLine {
  /** From 1; the line with i == of ends its transaction. */
  readonly i: number;
  readonly of: number;
  readonly entry: JournalEntry;
}

const sumPattern = /^\{"sum":"([0-9a-f]{32})",/;

/** Reads one line without its newline; a text that says what is wrong with it if it is damaged. */
export function parseLine(line: string): ParsedLine | string {
  const sum = sumPattern.exec(line);
  if (!sum) return 'it is no journal line';
  if (checksum(line.slice(sum[0].length)) !== sum[1]) return 'its checksum does not fit';
  const value = JSON.parse(line) as Record<string, unknown>;
  const { i, of } = value as { i: number; of: number };
  if (!Number.isSafeInteger(i) || !Number.isSafeInteger(of) || i < 1 || i > of)
    return 'it has no place';
  const entry = parseEntry(value);
  return typeof entry === 'string' ? entry : { i, of, entry };
}

function formatLine(value: object): string {
  const rest = JSON.stringify(value).slice(1);
  return `{"sum":"${checksum(rest)}",${rest}\n`;
}

const checksum = (text: string): string => sha256(text).toString('hex').slice(0, 32);

function formatEntry(entry: JournalEntry): object {
  switch (entry.kind) {
    case 'event':
      return { event: { header: entry.event.headerText, body: entry.event.bodyText } };
    case 'content':
      return { content: { ...entry.content, bytes: base64(entry.content.bytes) } };
    case 'signature':
      return { signature: { ...entry.signature, bytes: base64(entry.signature.bytes) } };
  }
}

type Raw = Readonly<Record<string, unknown>> | undefined;

function parseEntry(value: Readonly<Record<string, unknown>>): JournalEntry | string {
  const [event, content, signature] = [
    value['event'],
    value['content'],
    value['signature'],
  ] as Raw[];
  if (event) {
    const { header, body } = event;
    if (typeof header !== 'string' || !(typeof body === 'string' || body === null)) {
      return 'its event has no texts';
    }
    const decoded = decodeEvent(header, body);
    return decoded.ok ? { kind: 'event', event: decoded.event } : decoded.problem;
  }
  if (content) {
    const { digest, encoding, bytes } = content;
    if (!isDigest(digest) || (encoding !== 'identity' && encoding !== 'deflate')) {
      return 'its content is malformed';
    }
    return { kind: 'content', content: { digest, encoding, bytes: fromBase64(bytes) } };
  }
  if (signature) {
    const { event: signed, digest, bytes } = signature;
    if (!isEventId(signed) || !isDigest(digest)) return 'its signature is malformed';
    const stored = { event: signed, digest, bytes: fromBase64(bytes) };
    return isWellFormedSignature(stored)
      ? { kind: 'signature', signature: stored }
      : 'its signature is malformed';
  }
  return 'it holds nothing';
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const fromBase64 = (text: unknown): Uint8Array =>
  Uint8Array.from(Buffer.from(typeof text === 'string' ? text : '', 'base64'));

import { canonicalJson, parseCanonicalJson, type JsonValue } from './canonicalJson.js';
import { PromptAuditError } from './errors.js';
import {
  eventFormatVersion,
  type EventDraft,
  type EventType,
  type HeaderFrame,
  type LedgerEvent,
} from './event.js';
import { bodyFits, eventShapeChecks, isObject, isTimestamp, refsFit } from './eventShape.js';
import { digestOf, eventIdOf } from './hash.js';
import {
  isDigest,
  isEventId,
  isRandomId,
  type EventId,
  type LedgerId,
  type WriterId,
} from './ids.js';

/** UTF-8 bytes; larger headers are refused when written and when read. */
export const maxHeaderBytes = 16 * 1024;
/** UTF-8 bytes; a policy with its CODEOWNERS is the largest body there is. */
export const maxBodyBytes = 1024 * 1024;
export const maxParents = 64;

/** What the store knows and a draft does not. */
export interface EventFrame {
  readonly ledger: LedgerId;
  readonly writer: WriterId;
  /** The writer's next number, from 1. */
  readonly n: number;
  /** All heads that the writer knows. */
  readonly parents: readonly EventId[];
  /** The writer's clock, as Date.toISOString prints it. */
  readonly at: string;
  readonly utcOffset: number;
  readonly salt: string;
  readonly tool: string;
}

/** The event of a draft in its frame. Throws `event.invalid` where LEDGER.md forbids it. */
export function encodeEvent(draft: EventDraft, frame: EventFrame): LedgerEvent {
  const bodyText = canonicalJson({
    ...(draft.body as { [key: string]: JsonValue }),
    salt: frame.salt,
    tool: frame.tool,
    utcOffset: frame.utcOffset,
    identity: draft.identity,
  });
  const headerText = canonicalJson({
    at: frame.at,
    body: digestOf(bodyText),
    ledger: frame.ledger,
    n: frame.n,
    parents: [...frame.parents].sort(),
    ...(draft.prompt === undefined ? {} : { prompt: draft.prompt }),
    refs: draft.refs as { [key: string]: JsonValue },
    type: draft.type,
    v: eventFormatVersion,
    who: draft.who,
    writer: frame.writer,
  });
  const decoded = decodeEvent(headerText, bodyText);
  if (!decoded.ok) {
    throw new PromptAuditError({
      code: 'event.invalid',
      message: `The event ${draft.type} cannot be recorded: ${decoded.problem}.`,
      remedy: 'Shorten or correct the text that you entered.',
    });
  }
  return decoded.event;
}

export type DecodedEvent =
  | { readonly ok: true; readonly event: LedgerEvent }
  | {
      readonly ok: false;
      /** What is broken: the header's bytes, or the body against the header's digest. */
      readonly part: 'header' | 'body';
      readonly problem: string;
      readonly expected?: string;
      readonly found?: string;
    };

/**
 * Reads one event from its stored texts and holds it to every rule of LEDGER.md that
 * can be checked on the event alone. `bodyText` null means redacted or withheld.
 */
export function decodeEvent(headerText: string, bodyText: string | null): DecodedEvent {
  if (byteLength(headerText) > maxHeaderBytes) return brokenHeader('the header is too long');
  const header = parseCanonicalJson(headerText);
  if (!isObject(header)) return brokenHeader('the header is not canonical JSON');
  const frameProblem = problemOfFrame(header);
  if (frameProblem) return brokenHeader(frameProblem);
  const frame = header as unknown as HeaderFrame & { type: string };

  if (bodyText !== null) {
    if (byteLength(bodyText) > maxBodyBytes) return brokenBody('the body is too long');
    const found = digestOf(bodyText);
    if (found !== frame.body) {
      return {
        ...brokenBody('the body is not the one that the header names'),
        expected: frame.body,
        found,
      };
    }
  }
  const base = {
    type: frame.type,
    id: eventIdOf(headerText),
    headerText,
    bodyText,
  };
  if (frame.v !== eventFormatVersion || !isEventType(frame.type)) {
    return {
      ok: true,
      event: { ...base, known: false, header: frame, body: null },
    };
  }
  if (eventShapeChecks[frame.type].prompt !== (frame.prompt !== undefined)) {
    return brokenHeader(`a ${frame.type} event ${frame.prompt ? 'names a' : 'must name a'} prompt`);
  }
  if (!refsFit(frame.type, header['refs']))
    return brokenHeader(`the refs do not fit ${frame.type}`);
  let body: JsonValue | null = null;
  if (bodyText !== null) {
    body = parseCanonicalJson(bodyText) ?? null;
    if (body === null) return brokenBody('the body is not canonical JSON');
    if (!bodyFits(frame.type, body)) return brokenBody(`the body does not fit ${frame.type}`);
  }
  return {
    ok: true,
    event: {
      ...base,
      known: true,
      header: frame,
      body,
    } as unknown as LedgerEvent,
  };
}

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventShapeChecks, type);
}

const frameKeys = new Set('at body ledger n parents prompt refs type v who writer'.split(' '));

function problemOfFrame(header: { readonly [key: string]: JsonValue }): string | undefined {
  const { at, body, ledger, n, parents, prompt, refs, type, v, who, writer } = header;
  const known = typeof v === 'number' && v >= 1;
  if (!known) return 'the header has no format version';
  if (v === eventFormatVersion) {
    const extra = Object.keys(header).find((key) => !frameKeys.has(key));
    if (extra !== undefined) return `the header has the unknown member "${extra}"`;
  }
  if (!isTimestamp(at)) return 'the time is not ISO 8601 in UTC with milliseconds';
  if (!isDigest(body)) return 'the digest of the body is malformed';
  if (!isRandomId(ledger)) return 'the ledger id is malformed';
  if (!isRandomId(who)) return 'the person id is malformed';
  if (!isRandomId(writer)) return 'the writer id is malformed';
  if (prompt !== undefined && !isRandomId(prompt)) return 'the prompt id is malformed';
  if (typeof n !== 'number' || n < 1) return "the writer's counter is not a number from 1";
  if (typeof type !== 'string' || !/^[a-z]+(\.[a-z]+)*$/.test(type)) return 'the type is malformed';
  if (!isObject(refs)) return 'the refs are not an object';
  if (!Array.isArray(parents) || parents.length > maxParents || !parents.every(isEventId)) {
    return `the parents are not a list of at most ${maxParents} event ids`;
  }
  if (parents.some((p, i) => i > 0 && (parents[i - 1] as string) >= (p as string))) {
    return 'the parents are not sorted or not distinct';
  }
  return undefined;
}

function brokenHeader(problem: string): DecodedEvent & { ok: false } {
  return { ok: false, part: 'header', problem };
}

function brokenBody(problem: string): DecodedEvent & { ok: false } {
  return { ok: false, part: 'body', problem };
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

import { canonicalJson, parseCanonicalJson, type JsonValue } from './canonicalJson.js';
import { PromptAuditError } from './errors.js';
import type { EventDraft, LedgerEvent } from './event.js';
import { bodyFits, eventShape, refsFit, versionOfDraft } from './eventShape.js';
import { isObject } from './shapeChecks.js';
import { digestOf, eventIdOf, sha256Hex } from './hash.js';
import { problemOfFrame, type Frame, type ParsedObject } from './headerFrame.js';
import type { EventId, LedgerId, WriterId } from './ids.js';
import { newestEventId, shareBodyTexts, sharedEventId } from './sharedTexts.js';

/** UTF-8 bytes; larger headers are refused when written and when read. */
export const maxHeaderBytes = 16 * 1024;
/** UTF-8 bytes; a policy with its CODEOWNERS is the largest body there is. */
export const maxBodyBytes = 1024 * 1024;
export { maxParents } from './headerFrame.js';

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
    v: versionOfDraft(draft),
    who: draft.who,
    writer: frame.writer,
  });
  const decoded = decodeEvent(headerText, bodyText);
  if (!decoded.ok) {
    throw new PromptAuditError({
      code: 'event.invalid',
      message: `The event ${draft.type} cannot be recorded: ${decoded.problem}.`,
      remedy: /^\d{4}-/.test(frame.at)
        ? 'Shorten or correct the text that you entered.'
        : `The clock of this computer is wrong, it says ${frame.at}: set it right.`,
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
  if (isLonger(headerText, maxHeaderBytes)) return brokenHeader('the header is too long');
  const header = parseCanonicalJson(headerText);
  if (!isObject(header)) return brokenHeader('the header is not canonical JSON');
  const frameProblem = problemOfFrame(header);
  if (frameProblem) return brokenHeader(frameProblem);
  const frame = header as unknown as Frame;

  if (bodyText !== null) {
    if (isLonger(bodyText, maxBodyBytes)) return brokenBody('the body is too long');
    const found = sha256Hex(bodyText);
    if (!frame.body.endsWith(found)) {
      return {
        ...brokenBody('the body is not the one that the header names'),
        expected: frame.body,
        found: `sha256:${found}`,
      };
    }
  }
  const id = newestEventId(eventIdOf(headerText));
  const { type } = frame;
  const shape = eventShape(type, frame.v);
  if (shape === undefined) {
    return {
      ok: true,
      event: { known: false, type, id, headerText, bodyText, header: frame, body: null },
    };
  }
  if (shape.namesPrompt !== (frame.prompt !== undefined)) {
    return brokenHeader(`a ${type} event ${frame.prompt ? 'names a' : 'must name a'} prompt`);
  }
  if (!refsFit(shape, header['refs'])) return brokenHeader(`the refs do not fit ${type}`);
  let body: JsonValue | null = null;
  if (bodyText !== null) {
    body = parseCanonicalJson(bodyText) ?? null;
    if (body === null) return brokenBody('the body is not canonical JSON');
    if (!bodyFits(shape, body)) return brokenBody(`the body does not fit ${type}`);
    shareBodyTexts(body as ParsedObject);
  }
  return {
    ok: true,
    event: { known: true, type, id, headerText, bodyText, header: frame, body } as LedgerEvent,
  };
}

/**
 * An event whose texts this program has verified and written itself, and whose bytes are known to be
 * the same still: parsed, not checked. Throws `ledger.damaged` for what can be no event at all.
 */
export function decodeTrustedEvent(
  id: EventId,
  headerText: string,
  bodyText: string | null,
): LedgerEvent {
  const header = parsedObject(headerText);
  const body = bodyText === null ? null : parsedObject(bodyText);
  if (header === undefined || body === undefined || problemOfFrame(header) !== undefined) {
    throw new PromptAuditError({
      code: 'ledger.damaged',
      message: `The event ${id} cannot be read from the copy that was verified before.`,
      remedy: 'Run "prompt-audit verify".',
    });
  }
  const frame = header as unknown as Frame;
  const { type } = frame;
  const base = { type, id: sharedEventId(id) ?? id, headerText, bodyText, header: frame };
  if (eventShape(type, frame.v) === undefined) {
    return { ...base, known: false, body: null };
  }
  if (body !== null) shareBodyTexts(body);
  return { ...base, known: true, body } as unknown as LedgerEvent;
}

function parsedObject(text: string): ParsedObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function brokenHeader(problem: string): DecodedEvent & { ok: false } {
  return { ok: false, part: 'header', problem };
}

function brokenBody(problem: string): DecodedEvent & { ok: false } {
  return { ok: false, part: 'body', problem };
}

/** In UTF-8 bytes, of which a UTF-16 code unit gives three at most. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && Buffer.byteLength(text, 'utf8') > maxBytes;
}

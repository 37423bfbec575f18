import { eventShape } from '../core/eventShape.js';
import type { LedgerEvent } from '../core/event.js';
import type { Frame, ParsedObject } from '../core/headerFrame.js';
import type { Digest, EventId, LedgerId } from '../core/ids.js';
import { keyAt, keyBytes } from '../core/keyIndex.js';
import { sharedRandomId } from '../core/sharedTexts.js';
import { digestBytes, type Attachments, type StoredSignature } from './attachments.js';
import type { BaseFiles } from './base.js';
import type { PlacedEvent } from './chainCheck.js';
import type { EncodedContent } from './contentCodec.js';
import { SlimEvent, textsInFiles, type TextPlace } from './slimEvent.js';
import type { LedgerFile } from './sqliteFile.js';
import type { VolumeStart } from './volumeStart.js';

/** A volume whose bytes have nothing wrong by themselves, in a form that threads hand over without work. */
export interface PackedVolume {
  /** SHA-256 of the file, 64 hex digits. */
  readonly hash: string;
  readonly ledger: LedgerId;
  readonly start: VolumeStart;
  /** A JSON array of the headers. */
  readonly headers: string;
  /** One behind the other. */
  readonly bodies: string;
  /** Where each ends, in UTF-16 code units, the comma behind a header not counted. */
  readonly headerEnds: Uint32Array;
  readonly bodyEnds: Uint32Array;
  /** 64 hex digits each. */
  readonly ids: string;
  /** 32 bytes each; those that are deflated have a 1. */
  readonly contents: Uint8Array;
  readonly deflated: Uint8Array;
  readonly signatures: readonly StoredSignature[];
}

/** Packs a volume without findings. Null where it holds nothing that could be packed. */
export function packed(file: LedgerFile, hash: string): PackedVolume | null {
  const { ledger, start, events, attachments, findings } = file;
  if (ledger === null || findings.length > 0 || events.length === 0) return null;
  const headerEnds = new Uint32Array(events.length);
  const bodyEnds = new Uint32Array(events.length);
  let [headerEnd, bodyEnd] = [0, 0];
  for (const [at, { event }] of events.entries()) {
    headerEnds[at] = headerEnd += event.headerText.length + 1;
    bodyEnds[at] = bodyEnd += event.bodyText?.length ?? 0;
  }
  const contents = new Uint8Array(attachments.contents.size * keyBytes);
  const deflated = new Uint8Array(attachments.contents.size);
  let at = 0;
  for (const { digest, encoding } of attachments.contents.values()) {
    contents.set(digestBytes(digest), at * keyBytes);
    deflated[at++] = encoding === 'deflate' ? 1 : 0;
  }
  return {
    hash,
    ledger,
    start,
    headers: `[${events.map(({ event }) => event.headerText).join()}]`,
    bodies: events.map(({ event }) => event.bodyText ?? '').join(''),
    headerEnds,
    bodyEnds,
    ids: events.map(({ event }) => event.id).join(''),
    contents,
    deflated,
    signatures: [...attachments.signatures.values()].map((one) => ({
      ...one,
      bytes: Uint8Array.from(one.bytes),
    })),
  };
}

export interface UnpackedVolume extends Pick<
  LedgerFile,
  'ledger' | 'start' | 'events' | 'attachments'
> {
  /** The texts are taken from the files from now on. */
  readonly release: () => void;
}

/** The events and attachments of a packed volume; what is large stays in the files or is let go. */
export function unpacked(volume: PackedVolume, files: BaseFiles): UnpackedVolume {
  const { ledger, headers, bodies, headerEnds, bodyEnds, ids } = volume;
  const start = { ...volume.start, frontier: volume.start.frontier.map((one) => Buffer.from(one)) };
  const first = start.size + 1;
  const place: TextPlace = {
    source: {
      header: (seq) =>
        headers.slice((headerEnds[seq - first - 1] ?? 0) + 1, headerEnds[seq - first]),
      body: (seq) => bodies.slice(bodyEnds[seq - first - 1] ?? 0, bodyEnds[seq - first]),
    },
  };
  let before: EventId | undefined;
  const events = (JSON.parse(headers) as ParsedObject[]).map((parsed, at): PlacedEvent => {
    const id = ids.slice(at * 64, at * 64 + 64) as EventId;
    const header = withSharedIds(parsed, before);
    before = id;
    const known = eventShape(header.type, header.v) !== undefined;
    const hasBody = bodyEnds[at]! > (bodyEnds[at - 1] ?? 0);
    const event = new SlimEvent({ known, id, header, hasBody }, first + at, place);
    return { seq: first + at, event: event as unknown as LedgerEvent };
  });
  const release = (): void => {
    place.source = textsInFiles(files);
  };
  return { ledger, start, events, attachments: attachmentsOf(volume, files), release };
}

function attachmentsOf(
  { contents, deflated, signatures }: PackedVolume,
  files: BaseFiles,
): Attachments {
  const encodings = new Map<Digest, Pick<EncodedContent, 'encoding'>>();
  for (let at = 0; at < deflated.length; at++) {
    const encoding = deflated[at] === 1 ? 'deflate' : 'identity';
    encodings.set(`sha256:${keyAt(contents, at)}` as Digest, { encoding });
  }
  return {
    contents: contentsInFiles(encodings, files),
    signatures: new Map(signatures.map((one) => [one.digest, one])),
  };
}

/** Texts that were checked; their bytes are read again by whoever wants them, none where they are gone. */
export function contentsInFiles(
  contents: ReadonlyMap<Digest, Pick<EncodedContent, 'encoding'>>,
  files: BaseFiles,
): Map<Digest, EncodedContent> {
  const slim = ([digest, { encoding }]: [Digest, Pick<EncodedContent, 'encoding'>]) =>
    [
      digest,
      {
        digest,
        encoding,
        get bytes() {
          return files.content(digest, 0)?.bytes ?? new Uint8Array();
        },
      },
    ] as const;
  return new Map(Array.from(contents, slim));
}

/** Equal ids as one copy: for memory, and because comparing them costs nothing then. */
function withSharedIds(header: ParsedObject, before: EventId | undefined): Frame {
  for (const name of ['ledger', 'who', 'writer', 'prompt']) {
    const shared = sharedRandomId(header[name]);
    if (shared !== undefined) header[name] = shared;
  }
  const parents = header['parents'] as EventId[];
  if (before !== undefined && parents.length === 1 && parents[0] === before) parents[0] = before;
  return header as unknown as Frame;
}

import type { Database, SqlValue } from 'sql.js';
import { isEventId, type Digest, type EventId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { report as reportProgress, type Watch } from '../core/watch.js';
import {
  digestFromBytes,
  isWellFormedSignature,
  noAttachments,
  type Attachments,
} from './attachments.js';
import type { PlacedEvent } from './chainCheck.js';
import { decodeContent, maxContentBytes } from './contentCodec.js';
import { finding, FindingList, restoreRemedy } from './findings.js';
import { digestsNamed } from './digestsNamed.js';
import { scan } from './sqliteRows.js';

/** Deflate makes no more of a byte. */
const mostInflation = 1032;
/** A volume of 16 MiB cannot decode to more, so only a file that is made to take long does. */
const mostDecodedBytes = 20 * 1024 ** 3;
/** What is decoded behind the first text that is damaged: the verdict is found. */
const mostDamagedBytes = 256 * 1024 ** 2;

export interface AttachmentReading {
  /** Decodes and hashes every text. */
  readonly full: boolean;
  /** Texts that need not be read. */
  readonly isKnown: (digest: Digest) => boolean;
  /** May end it: then this throws `cancelled`. */
  readonly watch?: Watch | undefined;
}

/** Reads the texts and signatures of a file. */
export async function readAttachmentRows(
  db: Database,
  fileSize: number,
  events: readonly PlacedEvent[],
  { full, isKnown, watch }: AttachmentReading,
): Promise<{ attachments: Attachments; findings: Finding[] }> {
  const attachments = noAttachments();
  const findings = new FindingList();
  let users: ReadonlyMap<Digest, PlacedEvent> | undefined;
  const limit = Math.ceil(fileSize / 32);

  const report = (code: string, problem: string, name: Digest | null): void => {
    users ??= firstUsers(events);
    const user = name === null ? undefined : users.get(name);
    const whose = user ? ` that event ${user.seq} names` : '';
    findings.add(
      finding({
        code,
        seq: user?.seq ?? null,
        event: user?.event.id ?? null,
        message: `A ${code === 'content.damaged' ? 'text' : 'signature'}${whose} is broken: ${problem}.`,
        expected: name,
        remedy: restoreRemedy,
      }),
    );
  };

  const read = (
    table: 'content' | 'signature',
    columns: string,
    each: (row: SqlValue[]) => void,
  ): void => {
    let count = 0;
    const failed = scan(db, `SELECT ${columns} FROM ${table}`, [], (row) => {
      each(row);
      return ++count < limit;
    });
    if (failed !== undefined) report(`${table}.damaged`, `SQLite says "${failed}"`, null);
  };

  // SQLite compares all bytes of the text; sql.js drops a byte order mark.
  const encodingOf = "CASE WHEN encoding IN ('identity', 'deflate') THEN encoding END";
  read('content', `digest, ${encodingOf}, bytes`, ([digest, encoding, bytes]) => {
    const fits =
      digest instanceof Uint8Array && digest.length === 32 && bytes instanceof Uint8Array;
    if (!fits || (encoding !== 'identity' && encoding !== 'deflate')) {
      return report(
        'content.damaged',
        'its row is malformed',
        fits ? digestFromBytes(digest) : null,
      );
    }
    const name = digestFromBytes(digest);
    if (attachments.contents.has(name))
      return report('content.damaged', 'it stands there twice', name);
    if (!isKnown(name)) attachments.contents.set(name, { digest: name, encoding, bytes });
  });
  read('signature', 'event, digest, bytes', ([event, digest, bytes]) => {
    const fits = [event, digest, bytes].every((value) => value instanceof Uint8Array);
    const signature = fits && {
      event: Buffer.from(event as Uint8Array).toString('hex') as EventId,
      digest: digestFromBytes(digest as Uint8Array),
      bytes: bytes as Uint8Array,
    };
    if (!signature || !isEventId(signature.event) || !isWellFormedSignature(signature)) {
      return report(
        'signature.damaged',
        'its row is malformed',
        signature ? signature.digest : null,
      );
    }
    attachments.signatures.set(signature.digest, signature);
  });

  if (full) {
    let left = mostDecodedBytes;
    for (const content of [...attachments.contents.values()]) {
      if (left <= 0) {
        report('content.damaged', 'it and all behind it decode to too many bytes', content.digest);
        break;
      }
      reportProgress(onlyCancels(watch), { what: 'verify', done: 0, total: null });
      const decoded = await decodeContent(content);
      left -= decoded?.length ?? Math.min(content.bytes.length * mostInflation, maxContentBytes);
      if (decoded !== undefined) continue;
      left = Math.min(left, mostDamagedBytes);
      attachments.contents.delete(content.digest);
      report('content.damaged', 'its bytes are not those of its digest', content.digest);
    }
  }
  return { attachments, findings: findings.all };
}

const onlyCancels = (watch: Watch | undefined): Watch =>
  watch?.isCancelled === undefined ? {} : { isCancelled: watch.isCancelled };

function firstUsers(events: readonly PlacedEvent[]): ReadonlyMap<Digest, PlacedEvent> {
  const users = new Map<Digest, PlacedEvent>();
  for (const placed of events)
    for (const digest of digestsNamed(placed.event))
      if (!users.has(digest)) users.set(digest, placed);
  return users;
}

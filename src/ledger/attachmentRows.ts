import type { Database, SqlValue } from 'sql.js';
import { isEventId, type Digest, type EventId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import {
  digestFromBytes,
  isWellFormedSignature,
  noAttachments,
  type Attachments,
} from './attachments.js';
import type { PlacedEvent } from './chainCheck.js';
import { decodeContent } from './contentCodec.js';
import { finding, restoreRemedy } from './findings.js';
import { digestsNamed } from './digestsNamed.js';
import { scan } from './sqliteRows.js';

export interface AttachmentReading {
  /** Decodes and hashes every text. */
  readonly full: boolean;
  /** Texts that need not be read. */
  readonly isKnown: (digest: Digest) => boolean;
}

/** Reads the texts and signatures of a file. */
export async function readAttachmentRows(
  db: Database,
  fileSize: number,
  events: readonly PlacedEvent[],
  { full, isKnown }: AttachmentReading,
): Promise<{ attachments: Attachments; findings: Finding[] }> {
  const attachments = noAttachments();
  const findings: Finding[] = [];
  const limit = Math.ceil(fileSize / 32);

  const report = (code: string, problem: string, name: Digest | null): void => {
    const user = name === null ? undefined : firstUser(events, name);
    const whose = user ? ` that event ${user.seq} names` : '';
    findings.push(
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

  read('content', 'digest, encoding, bytes', ([digest, encoding, bytes]) => {
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
    for (const content of [...attachments.contents.values()]) {
      if ((await decodeContent(content)) !== undefined) continue;
      attachments.contents.delete(content.digest);
      report('content.damaged', 'its bytes are not those of its digest', content.digest);
    }
  }
  return { attachments, findings };
}

function firstUser(events: readonly PlacedEvent[], digest: Digest): PlacedEvent | undefined {
  return events.find(({ event }) => digestsNamed(event).includes(digest));
}

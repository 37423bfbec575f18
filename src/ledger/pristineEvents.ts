import type { Database, SqlValue } from 'sql.js';
import { decodeEvent, decodeTrustedEvent } from '../core/eventCodec.js';
import type { LedgerEvent } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import { report, type Progress, type Watch } from '../core/watch.js';
import type { PlacedEvent } from './chainCheck.js';
import { rowAt, scan } from './sqliteRows.js';

/** Who looks on while rows are read, and as which task. */
export interface ReadWatch {
  readonly watch: Watch | undefined;
  readonly what: Progress['what'];
}

const reportEvery = 500;

/**
 * The events behind the one at seq `after`, when nothing at all is wrong with their rows; else null,
 * and the careful reader finds out what. Most files are read by this alone, several times faster.
 * `trusted`: the bytes are known to be what this program verified and wrote. Throws `cancelled`.
 */
export function pristineEvents(
  db: Database,
  after: number,
  trusted: boolean,
  watch?: ReadWatch,
): PlacedEvent[] | null {
  const events: PlacedEvent[] = [];
  const read = trusted ? trustedEvent : checkedEvent;
  let whole = true;
  const problem = scan(
    db,
    'SELECT seq, id, header, body, octet_length(header), octet_length(body) FROM event WHERE seq > ? ORDER BY seq',
    [after],
    (row) => {
      const seq = after + events.length + 1;
      const event = row[0] === seq ? read(db, seq, row) : null;
      if (event === null) return (whole = false);
      events.push({ seq, event });
      return seq % reportEvery !== 0 || watch?.watch?.isCancelled?.() !== true;
    },
  );
  if (watch) report(watch.watch, { what: watch.what, done: after + events.length, total: null });
  return whole && problem === undefined ? events : null;
}

function checkedEvent(db: Database, seq: number, row: SqlValue[]): LedgerEvent | null {
  const [, id, header, body, headerBytes, bodyBytes] = row;
  if (!(id instanceof Uint8Array) || typeof header !== 'string') return null;
  if (!(typeof body === 'string' || body === null)) return null;
  const isExact =
    isWhole(header, headerBytes) &&
    (body === null || isWhole(body, bodyBytes) || isExactIn(db, seq, body));
  if (!isExact) return null;
  const decoded = decodeEvent(header, body);
  return decoded.ok && decoded.event.id === hexOf(id) ? decoded.event : null;
}

function trustedEvent(_db: Database, _seq: number, row: SqlValue[]): LedgerEvent | null {
  const [, id, header, body] = row;
  if (!(id instanceof Uint8Array) || typeof header !== 'string') return null;
  if (!(typeof body === 'string' || body === null)) return null;
  try {
    return decodeTrustedEvent(hexOf(id) as EventId, header, body);
  } catch {
    return null;
  }
}

/**
 * Whether a text is all that stands in a column of so many bytes. sql.js ends a text at NUL, drops a
 * byte order mark and puts U+FFFD for what is no UTF-8: without that character, the length tells.
 */
function isWhole(text: string, bytes: SqlValue | undefined): boolean {
  return !text.includes('\ufffd') && Buffer.byteLength(text, 'utf8') === bytes;
}

/** Whether a body with U+FFFD, which people may well have typed, has exactly these bytes. */
function isExactIn(db: Database, seq: number, body: string): boolean {
  const stored = rowAt(db, seq)?.body;
  return stored instanceof Uint8Array && Buffer.from(body, 'utf8').equals(stored);
}

const hexOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('hex');

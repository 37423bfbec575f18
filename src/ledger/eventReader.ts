import type { Database } from 'sql.js';
import { decodeEvent } from '../core/eventCodec.js';
import { digestOf, sha256Hex } from '../core/hash.js';
import type { EventId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import type { PlacedEvent } from './chainCheck.js';
import { finding, FindingList, restoreRemedy } from './findings.js';
import { pristineEvents, type ReadWatch } from './pristineEvents.js';
import { countEventRows, decodeText, readEventRows, type EventRowBytes } from './sqliteRows.js';

export interface EventsRead {
  readonly events: readonly PlacedEvent[];
  readonly findings: readonly Finding[];
  /** The ids that broken rows claim, so that children need no finding of their own. */
  readonly broken: ReadonlySet<string>;
  /** Events whose body is there and is not theirs. */
  readonly bodyless: ReadonlySet<EventId>;
}

/** Smallest room that an event's row takes in a file. */
const minRowBytes = 64;

export interface EventReadOptions {
  /** The seq that the first row of this file should have; 1 unless told otherwise. */
  readonly firstSeq?: number;
  /** Rows up to this seq are not read. */
  readonly after?: number;
  /**
   * The file's bytes are known, by their SHA-256, to be what this program verified and wrote: the rows
   * are parsed and not checked. Where that fails they are checked after all.
   */
  readonly trusted?: boolean;
  readonly watch?: ReadWatch | undefined;
}

/** Reads and checks each event row by itself: place, id, header and body. */
export function readEvents(
  db: Database,
  fileSize: number,
  options: EventReadOptions = {},
): EventsRead {
  const before = (options.firstSeq ?? 1) - 1;
  const start = Math.max(before, options.after ?? 0);
  const trusted = options.trusted ?? false;
  const events = pristineEvents(db, start, trusted, options.watch);
  // A search by seq passes rows by that stand before it, or out of their order.
  const all = !trusted && start === before;
  const isWhole = events !== null && (!all || countEventRows(db) === events.length);
  if (!isWhole) return readCarefully(db, fileSize, start, all);
  return { events, findings: [], broken: new Set(), bodyless: new Set() };
}

/** Takes rows as bytes, each for itself, and says of each what is wrong with it; of `all`, or of those behind `start`. */
/** The numbers of a row reach beyond those that can be written exactly, and beyond every ledger. */
function gap(first: number, last: number): string {
  if (!Number.isSafeInteger(last)) return `Event ${first} and all that follow are`;
  return first === last ? `Event ${first} is` : `Events ${first} to ${last} are`;
}

function readCarefully(db: Database, fileSize: number, start: number, all: boolean): EventsRead {
  const events: PlacedEvent[] = [];
  const findings = new FindingList();
  const broken = new Set<string>();
  const bodyless = new Set<EventId>();
  let last = start;

  const report = (
    seq: number | null,
    code: string,
    message: string,
    more: Partial<Finding> = {},
  ): void => {
    findings.add(finding({ code, message, seq, remedy: restoreRemedy, ...more }));
  };

  const take = (row: EventRowBytes): void => {
    const { seq } = row;
    if (seq <= last) {
      report(
        last,
        'event.order',
        `The row ${seq} stands where it must not, behind event ${last}.`,
        {
          expected: String(last + 1),
          found: String(seq),
        },
      );
      broken.add('order');
      return;
    }
    if (seq > last + 1) {
      broken.add('missing');
      report(last + 1, 'event.missing', `${gap(last + 1, seq - 1)} missing from the file.`);
    }
    last = seq;
    const claimed =
      row.id instanceof Uint8Array ? Buffer.from(row.id).toString('hex') : String(row.id);
    const event = claimed.length === 64 ? (claimed as EventId) : null;
    const unfit = (problem: string, more: Partial<Finding> = {}): void => {
      broken.add(claimed);
      report(seq, 'event.header', `Event ${seq} is broken: ${problem}.`, { event, ...more });
    };
    if (row.header === null) return unfit('its header is no text');
    const header = decodeText(row.header);
    const found = sha256Hex(row.header);
    const wrongId = found === claimed ? {} : { expected: claimed, found };
    if (header === undefined) return unfit('its header is not UTF-8', wrongId);
    const body = row.bodyType === 'text' && row.body ? decodeText(row.body) : null;
    let decoded = decodeEvent(header, body ?? null);
    const lost = body === undefined || (row.bodyType !== 'null' && row.bodyType !== 'text');
    if ((!decoded.ok && decoded.part === 'body') || (lost && decoded.ok)) {
      const problem = decoded.ok ? 'the body is no UTF-8 text' : decoded.problem;
      const digest = row.body ? digestOf(row.body) : null;
      decoded = decodeEvent(header, null);
      if (decoded.ok) {
        bodyless.add(decoded.event.id);
        report(seq, 'event.body', `Event ${seq} has a broken body: ${problem}.`, {
          event,
          expected: decoded.event.header.body,
          found: digest,
        });
      }
    }
    if (!decoded.ok) return unfit(decoded.problem, wrongId);
    if (decoded.event.id !== claimed) return unfit('its id is not the hash of its header', wrongId);
    events.push({ seq, event: decoded.event });
  };

  const limit = Math.ceil(fileSize / minRowBytes);
  readEventRows(db, { after: start, all }, limit, take, (afterSeq, problem) => {
    broken.add('unreadable');
    report(
      afterSeq + 1,
      'event.unreadable',
      `${afterSeq === 0 ? 'No event' : `No event behind event ${afterSeq}`} can be read: ${problem}.`,
    );
  });
  return { events, findings: findings.all, broken, bodyless };
}

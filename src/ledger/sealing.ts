import type { LedgerEvent } from '../core/event.js';
import type { Digest } from '../core/ids.js';
import { stateSummary } from '../core/stateSummary.js';
import type { Attachments } from './attachments.js';
import { attachmentsNamed, digestsNamed } from './digestsNamed.js';
import type { LedgerMemory } from './memory.js';
import { pageSize } from './schema.js';
import { buildVolume, type WrittenRows } from './sqliteWriter.js';
import type { StoreContext } from './storeOptions.js';
import type { VolumeStart } from './volumeStart.js';

/** A volume as it is to be written; the last one is the open one. */
export interface PlannedVolume {
  readonly start: VolumeStart;
  readonly bytes: Uint8Array;
  /** The seq of its last event. */
  readonly last: number;
}

/** What a row takes besides its texts, and what the ends of pages waste: bytes, and a share. */
const rowOverhead = 48;
const pageWaste = 1.15;
const emptyBytes = 6 * pageSize;

/**
 * The volumes from `start` on, so that none grows over the limit: the first goes on from what is
 * `written` of it already, and each further one begins where the one before is full.
 */
export async function planVolumes(
  memory: LedgerMemory,
  start: VolumeStart,
  written: WrittenRows | null,
  { sealBytes, wasm }: StoreContext,
): Promise<PlannedVolume[]> {
  const plan: PlannedVolume[] = [];
  const base = memory.base?.size ?? 0;
  const events = memory.tail.map(({ event }) => event);
  let at = start.size + (written?.size ?? 0) - base;
  if (at < 0) throw new Error('The rows of a volume that a base holds must be written already.');
  let grown = written;
  const sealed = events.slice(0, Math.max(0, start.size - base)).flatMap(digestsNamed);
  let left = without(memory.attachments, new Set([...sealed, ...(written?.attached ?? [])]));
  let begin = start;
  for (;;) {
    const count = fitting(events, at, grown?.bytes.length ?? 0, left, sealBytes);
    const rows = events.slice(at, at + count);
    const isLast = at + count === events.length;
    const attachments = isLast ? left : attachmentsNamed(rows, left);
    const bytes = await buildVolume(
      { ledger: memory.ledger, start: begin, events: rows, attachments },
      grown,
      wasm,
    );
    at += count;
    plan.push({ start: begin, bytes, last: base + at });
    if (isLast) return plan;
    left = without(left, new Set(rows.flatMap(digestsNamed)));
    begin = startBehind(memory.upTo(base + at), begin.volume + 1);
    grown = null;
  }
}

/** How many of the events from `at` on still go into a volume of that many bytes; at least one into an empty one. */
function fitting(
  events: readonly LedgerEvent[],
  at: number,
  bytes: number,
  { contents }: Attachments,
  limit: number,
): number {
  const placed = new Set<Digest>();
  let size = Math.max(bytes, emptyBytes);
  let count = 0;
  for (; at + count < events.length; count++) {
    const event = events[at + count]!;
    let row = event.headerText.length + (event.bodyText?.length ?? 0) + rowOverhead;
    for (const digest of digestsNamed(event)) {
      if (placed.has(digest)) continue;
      placed.add(digest);
      row += contents.get(digest)?.bytes.length ?? 0;
    }
    size += row * pageWaste;
    const isFirst = bytes === 0 && count === 0;
    if (size > limit && !isFirst) break;
  }
  return count;
}

function startBehind(memory: LedgerMemory, volume: number): VolumeStart {
  return {
    volume,
    size: memory.size,
    frontier: memory.frontier,
    heads: memory.heads,
    writers: memory.writers,
    summary: stateSummary(memory.state),
  };
}

function without(all: Attachments, gone: ReadonlySet<Digest>): Attachments {
  const kept = <T>(map: Map<Digest, T>): Map<Digest, T> =>
    new Map([...map].filter(([digest]) => !gone.has(digest)));
  return { contents: kept(all.contents), signatures: kept(all.signatures) };
}

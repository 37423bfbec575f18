import { canonicalJson, parseCanonicalJson, type JsonValue } from '../core/canonicalJson.js';
import { digestOf } from '../core/hash.js';
import {
  isDigest,
  isEventId,
  isRandomId,
  type Digest,
  type EventId,
  type WriterId,
} from '../core/ids.js';
import { MerkleTree } from '../core/merkle.js';

/** Where a volume begins: what all volumes before it come to (docs/LEDGER.md, "Volumes"). */
export interface VolumeStart {
  /** The number of the volume, from 1. */
  readonly volume: number;
  /** Number of the events before it. */
  readonly size: number;
  /** Roots of the complete subtrees over these, largest first. */
  readonly frontier: readonly Buffer[];
  readonly heads: readonly EventId[];
  /** The newest event of each writer. */
  readonly writers: ReadonlyMap<WriterId, { readonly n: number; readonly last: EventId }>;
  /** stateSummary over the events before it; null in the first volume. */
  readonly summary: string | null;
}

export const firstVolumeStart: VolumeStart = {
  volume: 1,
  size: 0,
  frontier: [],
  heads: [],
  writers: new Map(),
  summary: null,
};

/** The Merkle root over all events before a volume. */
export function rootBefore({ size, frontier }: VolumeStart): string {
  return MerkleTree.restore(size, frontier).root();
}

/** The rows of the table `meta` of a volume, in their order. */
export function metaRowsOf(ledger: string, start: VolumeStart): [string, string][] {
  const rows: [string, string][] = [
    ['format', '1'],
    ['ledger', ledger],
    ['first_seq', String(start.size + 1)],
  ];
  if (start.volume === 1) return rows;
  rows.push(['volume', String(start.volume)], ['before', beforeText(start)]);
  rows.push(['summary', start.summary ?? '']);
  return rows;
}

/** The one text that the row `before` has for this start. */
function beforeText(start: VolumeStart): string {
  const before: JsonValue = {
    frontier: start.frontier.map((hash) => hash.toString('hex')),
    heads: [...start.heads],
    root: rootBefore(start),
    size: start.size,
    summary: digestOf(start.summary ?? ''),
    writers: Object.fromEntries(
      [...start.writers].sort().map(([id, { n, last }]) => [id, { last, n }]),
    ),
  };
  return canonicalJson(before);
}

/** The start that all rows of `meta` tell; undefined where they are not exactly those of a volume. */
export function startFromMeta(rows: readonly (readonly unknown[])[]): VolumeStart | undefined {
  const values = rows.map(([name, value]) => [name, value] as const);
  const names = values.map(([name]) => name).join(' ');
  const firstSeq = values[2]?.[1];
  if (names === 'format ledger first_seq') return firstSeq === '1' ? firstVolumeStart : undefined;
  if (names !== 'format ledger first_seq volume before summary') return undefined;
  const [volume, before, summary] = values.slice(3).map(([, value]) => value);
  if (typeof before !== 'string' || typeof summary !== 'string') return undefined;
  if (typeof volume !== 'string' || !/^[1-9]\d{0,5}$/.test(volume) || volume === '1')
    return undefined;
  const start = parseBefore(before, Number(volume), summary);
  return start !== undefined && firstSeq === String(start.size + 1) ? start : undefined;
}

interface Before {
  readonly frontier: readonly string[];
  readonly heads: readonly EventId[];
  readonly size: number;
  readonly summary: Digest;
  readonly writers: Readonly<Record<string, { readonly n: number; readonly last: EventId }>>;
}

function parseBefore(text: string, volume: number, summary: string): VolumeStart | undefined {
  const value = parseCanonicalJson(text) as unknown as Before | undefined;
  try {
    if (value === undefined || !isBefore(value) || digestOf(summary) !== value.summary)
      return undefined;
    const start = {
      volume,
      size: value.size,
      frontier: value.frontier.map((hash) => Buffer.from(hash, 'hex')),
      heads: value.heads,
      writers: new Map(Object.entries(value.writers) as [WriterId, { n: number; last: EventId }][]),
      summary,
    };
    // Nothing stands there that a start does not tell: no other member, no other form.
    return beforeText(start) === text ? start : undefined;
  } catch {
    return undefined; // Members of other types than these.
  }
}

function isBefore({ frontier, heads, size, summary, writers }: Before): boolean {
  return (
    Number.isSafeInteger(size) &&
    size > 0 &&
    frontier.length === bitsSet(size) &&
    frontier.every(isEventId) &&
    heads.length > 0 &&
    heads.every(isEventId) &&
    heads.every((head, at) => at === 0 || heads[at - 1]! < head) &&
    isDigest(summary) &&
    Object.entries(writers).every(
      ([id, { n, last }]) => isRandomId(id) && Number.isSafeInteger(n) && n > 0 && isEventId(last),
    )
  );
}

/** A tree of n leaves splits into as many complete subtrees as n has bits. */
function bitsSet(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

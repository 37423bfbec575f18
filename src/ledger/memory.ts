import type { LedgerEvent } from '../core/event.js';
import type { EventId, LedgerId, WriterId } from '../core/ids.js';
import { MerkleTree } from '../core/merkle.js';
import type { LedgerPoint } from '../core/rows.js';
import type { Attachments } from './attachments.js';

/** An event in its place. `synced`: the shared branch has it, and `seq` never changes again. */
export interface StoredEvent {
  readonly seq: number;
  readonly event: LedgerEvent;
  readonly synced: boolean;
}

interface SyncedPart {
  size: number;
}

class Placed implements StoredEvent {
  readonly seq: number;
  readonly event: LedgerEvent;
  readonly #part: SyncedPart;

  constructor(seq: number, event: LedgerEvent, part: SyncedPart) {
    this.seq = seq;
    this.event = event;
    this.#part = part;
  }

  get synced(): boolean {
    return this.seq <= this.#part.size;
  }
}

/** The whole ledger in memory, in the agreed order. */
export class LedgerMemory {
  readonly ledger: LedgerId;
  readonly attachments: Attachments;
  readonly #events: StoredEvent[] = [];
  readonly #places = new Map<EventId, number>();
  readonly #heads = new Set<EventId>();
  readonly #writers = new Map<WriterId, { n: number; last: EventId }>();
  readonly #tree = new MerkleTree();
  readonly #part: SyncedPart;

  constructor(
    ledger: LedgerId,
    events: Iterable<LedgerEvent>,
    synced: number,
    attachments: Attachments,
  ) {
    this.ledger = ledger;
    this.attachments = attachments;
    this.#part = { size: synced };
    for (const event of events) this.append(event);
  }

  get events(): readonly StoredEvent[] {
    return this.#events;
  }

  get syncedSize(): number {
    return this.#part.size;
  }

  set syncedSize(size: number) {
    this.#part.size = size;
  }

  get heads(): readonly EventId[] {
    return [...this.#heads].sort();
  }

  has(id: EventId): boolean {
    return this.#places.has(id);
  }

  /** The place of an event, from 1; undefined when the ledger lacks it. */
  seqOf(id: EventId): number | undefined {
    return this.#places.get(id);
  }

  append(event: LedgerEvent): void {
    const seq = this.#events.length + 1;
    this.#events.push(new Placed(seq, event, this.#part));
    this.#places.set(event.id, seq);
    for (const parent of event.header.parents) this.#heads.delete(parent);
    this.#heads.add(event.id);
    this.#tree.append(event.headerText);
    const { writer, n } = event.header;
    if ((this.#writers.get(writer)?.n ?? 0) < n) this.#writers.set(writer, { n, last: event.id });
  }

  /** The newest event of a writer and its number; undefined before its first. */
  lastOf(writer: WriterId): { readonly n: number; readonly last: EventId } | undefined {
    return this.#writers.get(writer);
  }

  point(): LedgerPoint {
    return { id: this.ledger, size: this.#tree.size, root: this.#tree.root() };
  }
}

/** The Merkle root over the first `size` events; null when there are fewer. */
export function rootOf(events: readonly LedgerEvent[], size: number): string | null {
  if (events.length < size) return null;
  const tree = new MerkleTree();
  for (let at = 0; at < size; at++) tree.append(events[at]!.headerText);
  return tree.root();
}

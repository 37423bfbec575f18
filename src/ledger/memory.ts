import type { LedgerEvent } from '../core/event.js';
import type { Digest, EventId, LedgerId, WriterId } from '../core/ids.js';
import { keyBytes } from '../core/keyIndex.js';
import { leafHash, MerkleTree } from '../core/merkle.js';
import type { LedgerPoint } from '../core/rows.js';
import { LedgerState } from '../core/state.js';
import { noAttachments, type Attachments, type StoredSignature } from './attachments.js';
import { digestsNamed } from './digestsNamed.js';
import { rootOf, type Ground, type LedgerBase } from './base.js';
import type { EncodedContent } from './contentCodec.js';

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

export interface MemoryInput {
  readonly ledger: LedgerId;
  readonly base: LedgerBase | null;
  /** What stands behind the base, in order. */
  readonly tail: Iterable<LedgerEvent>;
  /** Number of the leading events that the shared branch has. */
  readonly synced: number;
  /** Those of the tail. */
  readonly attachments: Attachments;
}

/** The whole ledger in the agreed order: a base, and the events behind it. */
export class LedgerMemory implements Ground {
  readonly ledger: LedgerId;
  readonly base: LedgerBase | null;
  readonly attachments: Attachments;
  /** What the events say together. */
  readonly state: LedgerState;
  readonly #tail: StoredEvent[] = [];
  #leaves = new Uint8Array(0);
  readonly #heads: Set<EventId>;
  readonly #writers: Map<WriterId, { n: number; last: EventId }>;
  readonly #tree: MerkleTree;
  readonly #part: SyncedPart;

  constructor({ ledger, base, tail, synced, attachments }: MemoryInput) {
    this.ledger = ledger;
    this.base = base;
    this.attachments = attachments;
    this.state = new LedgerState(base?.restore() ?? null);
    this.state.readSignature = (digest) => this.signature(digest)?.bytes;
    this.#heads = new Set(base?.data.heads);
    this.#writers = new Map(base?.writers);
    this.#tree = base?.tree() ?? new MerkleTree();
    this.#part = { size: synced };
    for (const event of tail) this.append(event);
  }

  /** The events behind the base; grows at its end. */
  get tail(): readonly StoredEvent[] {
    return this.#tail;
  }

  /** Number of all events. */
  get size(): number {
    return this.#tree.size;
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

  get writers(): ReadonlyMap<WriterId, { readonly n: number; readonly last: EventId }> {
    return this.#writers;
  }

  get root(): string {
    return this.#tree.root();
  }

  /** Whether the event at one seq is an ancestor of the one at another. */
  isAncestor(ancestor: number, seq: number): boolean {
    return this.state.causality.isAncestor(ancestor, seq);
  }

  /** The hash of the Merkle leaf of an event; 32 bytes. */
  leafAt(seq: number): Uint8Array {
    const { size, leaves } = this.base?.data ?? { size: 0, leaves: this.#leaves };
    const at = (seq <= size ? seq - 1 : seq - 1 - size) * keyBytes;
    return (seq <= size ? leaves : this.#leaves).subarray(at, at + keyBytes);
  }

  /** Roots of the complete subtrees, largest first. */
  get frontier(): readonly Buffer[] {
    return [...this.#tree.frontier];
  }

  has(id: EventId): boolean {
    return this.seqOf(id) !== undefined;
  }

  /** The place of an event, from 1; undefined when the ledger lacks it. */
  seqOf(id: EventId): number | undefined {
    return this.state.seqOf(id);
  }

  append(event: LedgerEvent): void {
    this.#tail.push(new Placed(this.size + 1, event, this.#part));
    this.state.apply(event);
    for (const parent of event.header.parents) this.#heads.delete(parent);
    this.#heads.add(event.id);
    const leaf = leafHash(event.headerText);
    this.#keepLeaf(leaf);
    this.#tree.appendLeaf(leaf);
    const { writer, n } = event.header;
    if ((this.#writers.get(writer)?.n ?? 0) < n) this.#writers.set(writer, { n, last: event.id });
  }

  #keepLeaf(leaf: Buffer): void {
    const at = (this.#tail.length - 1) * keyBytes;
    if (at === this.#leaves.length) {
      const grown = new Uint8Array(Math.max(64 * keyBytes, 2 * at));
      grown.set(this.#leaves);
      this.#leaves = grown;
    }
    this.#leaves.set(leaf, at);
  }

  /** The newest event of a writer and its number; undefined before its first. */
  lastOf(writer: WriterId): { readonly n: number; readonly last: EventId } | undefined {
    return this.#writers.get(writer);
  }

  hasContent(digest: Digest): boolean {
    return this.attachments.contents.has(digest) || (this.base?.hasContent(digest) ?? false);
  }

  /** A text; undefined where the ledger does not hold it or its file cannot be read. */
  content(digest: Digest): EncodedContent | undefined {
    return this.attachments.contents.get(digest) ?? this.base?.content(digest);
  }

  /** A signature; undefined where the ledger does not hold its bytes. */
  signature(digest: Digest): StoredSignature | undefined {
    return this.attachments.signatures.get(digest) ?? this.base?.signature(digest);
  }

  point(): LedgerPoint {
    return { id: this.ledger, size: this.#tree.size, root: this.#tree.root() };
  }

  /** The Merkle root over the first `size` events; null when there are fewer. */
  rootAt(size: number): string | null {
    if (size === this.size) return this.#tree.root();
    return rootOf(
      this.base,
      this.#tail.map(({ event }) => event),
      size,
    );
  }

  /** The same ledger up to an event behind the base, with the attachments that its events name. */
  upTo(size: number): LedgerMemory {
    const { ledger, base } = this;
    const tail = this.#tail.slice(0, size - (base?.size ?? 0)).map(({ event }) => event);
    const attachments = noAttachments();
    for (const event of tail) {
      for (const digest of digestsNamed(event)) {
        const content = this.attachments.contents.get(digest);
        if (content) attachments.contents.set(digest, content);
        const signature = this.attachments.signatures.get(digest);
        if (signature) attachments.signatures.set(digest, signature);
      }
    }
    return new LedgerMemory({ ledger, base, tail, synced: this.syncedSize, attachments });
  }
}

/** The memory of a ledger before its first event. */
export const emptyMemory = (ledger: LedgerId): LedgerMemory =>
  new LedgerMemory({ ledger, base: null, tail: [], synced: 0, attachments: noAttachments() });

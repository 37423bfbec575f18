import { encodeEvent, maxParents } from '../core/eventCodec.js';
import type { EventDraft, LedgerEvent } from '../core/event.js';
import type { Digest, EventId, LedgerId, WriterId } from '../core/ids.js';
import { noAttachments } from './attachments.js';
import { encodeContent } from './contentCodec.js';
import { digestOf } from '../core/hash.js';
import { isRedacted } from '../core/redaction.js';
import { entriesOf, type JournalEntry } from './journalCodec.js';
import type { LedgerMemory } from './memory.js';
import type { StoreContext } from './storeOptions.js';

/** What one transaction may do. All of it is recorded, or nothing. */
export interface LedgerTransaction {
  readonly ledger: LedgerId;
  /** This clone, as its events name it. */
  readonly writer: WriterId;
  /** What this transaction appended so far. */
  readonly pending: readonly LedgerEvent[];
  /** Appends an event behind all that is known; the first one of a ledger after `ledger.created`. Throws `event.invalid`. */
  append(draft: EventDraft): LedgerEvent;
  /** Keeps a text with the events of this transaction. Throws `prompt.tooLarge`. */
  putContent(bytes: Uint8Array): Digest;
  /** Keeps an SSHSIG over the header of an event. */
  putSignature(event: EventId, bytes: Uint8Array): Digest;
}

/** Collects a transaction in memory; the store writes `entries` when the callback is done. */
export class PendingTransaction implements LedgerTransaction {
  readonly ledger: LedgerId;
  readonly pending: LedgerEvent[] = [];
  readonly #memory: LedgerMemory | null;
  readonly #context: StoreContext;
  readonly writer: WriterId;
  readonly #attachments = noAttachments();
  #n: number;

  constructor(
    ledger: LedgerId,
    memory: LedgerMemory | null,
    writer: WriterId,
    context: StoreContext,
  ) {
    this.ledger = ledger;
    this.#memory = memory;
    this.#context = context;
    this.writer = writer;
    this.#n = memory?.lastOf(writer)?.n ?? 0;
  }

  get entries(): readonly JournalEntry[] {
    return entriesOf(this.#attachments, this.pending);
  }

  append(draft: EventDraft): LedgerEvent {
    const { who, identity } = draft;
    const first = (this.#memory?.size ?? 0) + this.pending.length === 0;
    if (first && draft.type !== 'ledger.created') {
      this.#add({ type: 'ledger.created', who, refs: {}, body: {}, identity });
    }
    return this.#add(draft);
  }

  #add(draft: EventDraft): LedgerEvent {
    const { clock, random, tool } = this.#context;
    const { at, utcOffset } = clock();
    const event = encodeEvent(draft, {
      ledger: this.ledger,
      writer: this.writer,
      n: this.#n + 1,
      parents: this.#parents(),
      at: at.toISOString(),
      utcOffset,
      salt: Buffer.from(random(16)).toString('hex'),
      tool,
    });
    this.#n++;
    this.pending.push(event);
    return event;
  }

  putContent(bytes: Uint8Array): Digest {
    const digest = digestOf(bytes);
    const isHere = this.#memory?.hasContent(digest) || this.#attachments.contents.has(digest);
    if (!isHere && !(this.#memory && isRedacted(this.#memory.state, digest))) {
      this.#attachments.contents.set(digest, encodeContent(bytes));
    }
    return digest;
  }

  putSignature(event: EventId, bytes: Uint8Array): Digest {
    const digest = digestOf(bytes);
    if (this.#memory?.signature(digest) === undefined) {
      this.#attachments.signatures.set(digest, { event, digest, bytes: Uint8Array.from(bytes) });
    }
    return digest;
  }

  #parents(): readonly EventId[] {
    const last = this.pending.at(-1);
    const heads = last ? [last.id, ...this.#leftHeads] : (this.#memory?.heads ?? []);
    if (heads.length <= maxParents) return heads;
    const own = last ? last.id : this.#headOfOwn(heads);
    const chosen = heads.filter((head) => head !== own).slice(0, maxParents - (own ? 1 : 0));
    this.#leftHeads = heads.filter((head) => head !== own && !chosen.includes(head));
    return own ? [own, ...chosen] : chosen;
  }

  /** Heads that did not fit under the limit of parents; the next events take them. */
  #leftHeads: readonly EventId[] = [];

  /** The head that this writer's last event leads to: event n must be an ancestor of n + 1. */
  #headOfOwn(heads: readonly EventId[]): EventId | undefined {
    const own = this.#memory?.lastOf(this.writer)?.last;
    if (own === undefined) return undefined;
    const { state } = this.#memory!;
    const place = state.seqOf(own) ?? 0;
    return heads.find(
      (head) => head === own || state.causality.isAncestor(place, state.seqOf(head) ?? 0),
    );
  }
}

import type { EventArchive } from '../core/archive.js';
import { ColumnBytes } from '../core/bytesColumns.js';
import { Causality } from '../core/causality.js';
import { decodeTrustedEvent } from '../core/eventCodec.js';
import type { LedgerEvent } from '../core/event.js';
import type { Digest, EventId, LedgerId, PromptId, WriterId } from '../core/ids.js';
import { KeyIndex, keyBytes } from '../core/keyIndex.js';
import { MerkleTree } from '../core/merkle.js';
import { restoredState } from '../core/stateSnapshot.js';
import type { RestoredState } from '../core/state.js';
import type { StoredSignature } from './attachments.js';
import { idAt, placeInTexts, textsAt, type BaseData } from './baseData.js';
import type { ChainBase, PlacedEvent } from './chainCheck.js';
import type { EncodedContent } from './contentCodec.js';

/** What stands before a volume, as far as checking and reading it asks for that. */
export interface Ground extends ChainBase {
  readonly root: string;
  readonly frontier: readonly Uint8Array[];
  hasContent(digest: Digest): boolean;
}

/** Reads what a base does not hold itself from the files of the ledger. */
export interface BaseFiles {
  /** The texts of an event. Throws `ledger.damaged` where they cannot be read. */
  texts(seq: number, id: EventId): { readonly header: string; readonly body: string | null };
  /** A text that stands before the event at `seq`; undefined where it cannot be found. */
  content(digest: Digest, seq: number): EncodedContent | undefined;
}

/**
 * The leading events of a ledger, verified before and not held in memory: everything later builds on
 * them. All of them keep their places for ever, or the base is thrown away.
 */
export class LedgerBase implements Ground, EventArchive {
  readonly data: BaseData;
  readonly files: BaseFiles;
  readonly #writers: ReadonlyMap<WriterId, { readonly n: number; readonly last: EventId }>;
  readonly #events = new Map<number, LedgerEvent>();
  readonly #bytes: ColumnBytes;
  #causality: Causality | null = null;
  #ids: KeyIndex | null = null;
  #contents: KeyIndex | null = null;
  #signatures: ReadonlyMap<Digest, StoredSignature> | null = null;

  constructor(data: BaseData, files: BaseFiles) {
    this.data = data;
    this.files = files;
    this.#writers = new Map(data.writers);
    this.#bytes = new ColumnBytes(data.state.bytes, this);
  }

  get ledger(): LedgerId {
    return this.data.ledger;
  }

  get size(): number {
    return this.data.size;
  }

  get root(): string {
    return this.data.root;
  }

  get frontier(): readonly Uint8Array[] {
    return this.data.frontier;
  }

  get writers(): ReadonlyMap<WriterId, { readonly n: number; readonly last: EventId }> {
    return this.#writers;
  }

  event(seq: number): LedgerEvent {
    const known = this.#events.get(seq);
    if (known !== undefined) return known;
    const id = this.idAt(seq);
    const place = placeInTexts(this.data.texts, seq);
    if (place < 0) {
      const { header, body } = this.files.texts(seq, id);
      return decodeTrustedEvent(id, header, body);
    }
    const { header, body } = textsAt(this.data.texts, place);
    const event = decodeTrustedEvent(id, header, body);
    this.#events.set(seq, event);
    return event;
  }

  idAt(seq: number): EventId {
    return idAt(this.data.ids, seq);
  }

  seqOf(id: EventId): number | undefined {
    this.#ids ??= new KeyIndex(this.data.ids);
    const place = this.#ids.first(id);
    return place < 0 ? undefined : place + 1;
  }

  typeAt(seq: number): string {
    return this.data.typeNames[this.data.types[seq - 1]!]!;
  }

  seqsOfType(type: string): readonly number[] {
    const { types, typeNames } = this.data;
    const name = typeNames.indexOf(type);
    const seqs: number[] = [];
    if (name < 0) return seqs;
    for (let at = types.indexOf(name); at >= 0; at = types.indexOf(name, at + 1)) seqs.push(at + 1);
    return seqs;
  }

  promptAt(seq: number): PromptId | undefined {
    return this.data.promptIds[this.data.prompts[seq - 1]! - 1];
  }

  parentsOf(seq: number): readonly number[] {
    const { parents, parentStarts } = this.data;
    return [...parents.subarray(parentStarts[seq - 1], parentStarts[seq])];
  }

  childrenOf(seq: number): readonly number[] {
    const { parents, parentStarts } = this.data;
    const children: number[] = [];
    let child = 1;
    for (let at = 0; at < parents.length; at++) {
      if (parents[at] !== seq) continue;
      while (parentStarts[child]! <= at) child++;
      if (children.at(-1) !== child) children.push(child);
    }
    return children;
  }

  lastOf(writer: WriterId): { readonly n: number; readonly last: EventId } | undefined {
    return this.#writers.get(writer);
  }

  isAncestor(ancestor: number, seq: number): boolean {
    const { size, causality } = this.data.state;
    this.#causality ??= Causality.restore(size, causality);
    return this.#causality.isAncestor(ancestor, seq);
  }

  /** What one new LedgerState goes on from. */
  restore(): RestoredState {
    return restoredState(this.data.state, this, this.#bytes);
  }

  /** A tree over all events of the base, to go on with. */
  tree(): MerkleTree {
    return MerkleTree.restore(this.data.size, this.data.frontier);
  }

  /** The Merkle root over the first `size` events; null when there are fewer. */
  rootAt(size: number): string | null {
    if (size === this.size) return this.data.root;
    if (size > this.size) return null;
    const tree = new MerkleTree();
    const { buffer, byteOffset } = this.data.leaves;
    for (let at = 0; at < size; at++)
      tree.appendLeaf(Buffer.from(buffer, byteOffset + at * keyBytes, keyBytes));
    return tree.root();
  }

  hasContent(digest: Digest): boolean {
    return this.#placeOfContent(digest) >= 0;
  }

  /** A text that the files hold for the base; undefined where they do not. */
  content(digest: Digest): EncodedContent | undefined {
    const place = this.#placeOfContent(digest);
    return place < 0 ? undefined : this.files.content(digest, this.data.contents.seqs[place]!);
  }

  signature(digest: Digest): StoredSignature | undefined {
    this.#signatures ??= new Map(this.data.signatures.map((one) => [one.digest, one]));
    return this.#signatures.get(digest);
  }

  #placeOfContent(digest: Digest): number {
    this.#contents ??= new KeyIndex(this.data.contents.digests);
    return this.#contents.first(digest.slice('sha256:'.length));
  }
}

/** Events in their places behind a base. */
export const placedBehind = (
  base: LedgerBase | null,
  tail: readonly LedgerEvent[],
): readonly PlacedEvent[] => {
  const before = base?.size ?? 0;
  return tail.map((event, at) => ({ seq: before + at + 1, event }));
};

/** The Merkle root over the first `size` events of a base and what stands behind it; null when there are fewer. */
export function rootOf(
  base: LedgerBase | null,
  tail: readonly LedgerEvent[],
  size: number,
): string | null {
  const before = base?.size ?? 0;
  if (base !== null && size <= before) return base.rootAt(size);
  if (before + tail.length < size) return null;
  const tree = base?.tree() ?? new MerkleTree();
  for (let at = 0; at < size - before; at++) tree.append(tail[at]!.headerText);
  return tree.root();
}

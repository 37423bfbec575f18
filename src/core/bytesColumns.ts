import type { EventArchive } from './archive.js';
import type { Digest, EventId, PersonId, WriterId } from './ids.js';
import { KeyIndex, keyAt, keyBytes } from './keyIndex.js';
import type { ArchivedBytes, BytesColumns, BytesRecord } from './state.js';

/** Records behind columns: made when they are asked for. */
export class ColumnBytes implements ArchivedBytes {
  readonly columns: BytesColumns;
  readonly #archive: EventArchive;
  readonly #records: ColumnRecord[] = [];
  readonly #coAuthors = new Map<number, PersonId[]>();
  #index: KeyIndex | null = null;

  constructor(columns: BytesColumns, archive: EventArchive) {
    this.columns = columns;
    this.#archive = archive;
    for (let at = 0; at < columns.seqs.length; at++) this.#records.push(new ColumnRecord(this, at));
    const { coAuthors, people } = columns;
    for (let i = 0; i < coAuthors.length; i += 2) {
      const person = people[coAuthors[i + 1]!]!;
      const known = this.#coAuthors.get(coAuthors[i]!);
      if (known === undefined) this.#coAuthors.set(coAuthors[i]!, [person]);
      else known.push(person);
    }
  }

  record(at: number): BytesRecord {
    return this.#records[at]!;
  }

  /** The record of the revision or version at a seq. */
  at(seq: number): BytesRecord {
    return this.record(placeOfSeq(this.columns, seq));
  }

  withDigest(digest: Digest): readonly BytesRecord[] {
    this.#index ??= new KeyIndex(this.columns.digests);
    return this.#index.all(digest.slice('sha256:'.length)).map((at) => this.record(at));
  }

  /** None: an empty list. */
  coAuthorsAt(place: number): readonly PersonId[] {
    return this.#coAuthors.get(place) ?? [];
  }

  idOf(seq: number): EventId {
    return this.#archive.idAt(seq);
  }
}

class ColumnRecord implements BytesRecord {
  readonly #bytes: ColumnBytes;
  readonly #at: number;

  constructor(bytes: ColumnBytes, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get seq(): number {
    return this.#bytes.columns.seqs[this.#at]!;
  }

  get id(): EventId {
    return this.#bytes.idOf(this.seq);
  }

  get digest(): Digest {
    return `sha256:${keyAt(this.#bytes.columns.digests, this.#at)}` as Digest;
  }

  get by(): PersonId {
    const { by, people } = this.#bytes.columns;
    return people[by[this.#at]!]!;
  }

  get coAuthors(): readonly PersonId[] {
    return this.#bytes.coAuthorsAt(this.#at);
  }

  get writer(): WriterId {
    const { writer, writers } = this.#bytes.columns;
    return writers[writer[this.#at]!]!;
  }
}

/** The columns of what `before` holds and of `more`, which stand behind it. */
export function extendColumns(
  before: BytesColumns | null,
  more: readonly BytesRecord[],
): BytesColumns {
  const known = before?.seqs.length ?? 0;
  const size = known + more.length;
  const seqs = new Uint32Array(size);
  const digests = new Uint8Array(size * keyBytes);
  const by = new Uint32Array(size);
  const writer = new Uint32Array(size);
  if (before) {
    seqs.set(before.seqs);
    digests.set(before.digests);
    by.set(before.by);
    writer.set(before.writer);
  }
  const people = new Places<PersonId>(before?.people ?? []);
  const writers = new Places<WriterId>(before?.writers ?? []);
  const coAuthors = [...(before?.coAuthors ?? [])];
  for (const [i, record] of more.entries()) {
    const at = known + i;
    seqs[at] = record.seq;
    digests.set(Buffer.from(record.digest.slice('sha256:'.length), 'hex'), at * keyBytes);
    by[at] = people.of(record.by);
    writer[at] = writers.of(record.writer);
    for (const person of record.coAuthors ?? []) coAuthors.push(at, people.of(person));
  }
  return {
    seqs,
    digests,
    by,
    writer,
    coAuthors: Uint32Array.from(coAuthors),
    people: people.all,
    writers: writers.all,
  };
}

/** The first place with this seq or a higher one; `seqs` are ascending. */
export function placeOfSeq({ seqs }: { readonly seqs: Uint32Array }, seq: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seqs[middle]! < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Gives each value a number, in the order of first sight. */
export class Places<T> {
  readonly all: T[];
  readonly #places: Map<T, number>;

  constructor(known: readonly T[]) {
    this.all = [...known];
    this.#places = new Map(this.all.map((value, at) => [value, at]));
  }

  of(value: T): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    this.#places.set(value, this.all.length);
    return this.all.push(value) - 1;
  }
}

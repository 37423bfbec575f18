import { placeOfSeq, Places } from '../core/bytesColumns.js';
import type { EventId, LedgerId, PromptId, WriterId } from '../core/ids.js';
import { keyAt, keyBytes } from '../core/keyIndex.js';
import { seqsNeededBy, snapshotOf, type StateSnapshot } from '../core/stateSnapshot.js';
import { digestBytes, type StoredSignature } from './attachments.js';
import type { LedgerMemory } from './memory.js';
import { digestsNamed } from './digestsNamed.js';

/** The leading events of a ledger as plain data: what a snapshot file holds (docs/DURABILITY.md). */
export interface BaseData {
  readonly ledger: LedgerId;
  readonly size: number;
  readonly root: string;
  readonly frontier: readonly Uint8Array[];
  readonly heads: readonly EventId[];
  readonly writers: readonly (readonly [
    WriterId,
    { readonly n: number; readonly last: EventId },
  ])[];
  /** By seq - 1; 32 bytes each: the event's id, and its leaf in the Merkle tree. */
  readonly ids: Uint8Array;
  readonly leaves: Uint8Array;
  /** The seqs of the parents of event s stand from parentStarts[s - 1] to parentStarts[s]. */
  readonly parentStarts: Uint32Array;
  readonly parents: Uint32Array;
  /** By seq - 1: places in `typeNames` and, from 1, in `promptIds` (0: names none). */
  readonly types: Uint16Array;
  readonly typeNames: readonly string[];
  readonly prompts: Uint32Array;
  readonly promptIds: readonly PromptId[];
  /** The texts that the files hold, and the seq of the event before which each stands (0: behind all). */
  readonly contents: { readonly digests: Uint8Array; readonly seqs: Uint32Array };
  readonly signatures: readonly StoredSignature[];
  readonly state: StateSnapshot;
  readonly texts: EventTexts;
}

/** The texts of those events that the state shows again and again; the others stay in their files. */
export interface EventTexts {
  /** Ascending. */
  readonly seqs: Uint32Array;
  /** Header of the i-th: starts[2i] to starts[2i + 1]; body from there to starts[2i + 2], empty where it is gone. */
  readonly starts: Uint32Array;
  readonly bytes: Uint8Array;
}

/** All that a memory holds, as plain data. */
export function baseDataOf(memory: LedgerMemory): BaseData {
  const { base, state, size, ledger } = memory;
  const before = base?.data ?? null;
  const from = before?.size ?? 0;
  const ids = grown(before?.ids, size * keyBytes);
  const leaves = grown(before?.leaves, size * keyBytes);
  const parentStarts = new Uint32Array(size + 1);
  if (before) parentStarts.set(before.parentStarts);
  const parents: number[] = [];
  const types = new Uint16Array(size);
  const prompts = new Uint32Array(size);
  if (before) {
    types.set(before.types);
    prompts.set(before.prompts);
  }
  const typeNames = new Places<string>(before?.typeNames ?? []);
  const promptIds = new Places<PromptId>(before?.promptIds ?? []);
  for (const { seq, event } of memory.tail) {
    ids.set(Buffer.from(event.id, 'hex'), (seq - 1) * keyBytes);
    leaves.set(memory.leafAt(seq), (seq - 1) * keyBytes);
    parents.push(...state.parentsOf(seq));
    parentStarts[seq] = (before?.parents.length ?? 0) + parents.length;
    types[seq - 1] = typeNames.of(event.type);
    const { prompt } = event.header;
    prompts[seq - 1] = prompt === undefined ? 0 : promptIds.of(prompt) + 1;
  }
  const allParents = new Uint32Array((before?.parents.length ?? 0) + parents.length);
  if (before) allParents.set(before.parents);
  allParents.set(parents, before?.parents.length ?? 0);
  const snapshot = snapshotOf(state);
  return {
    ledger,
    size,
    root: memory.point().root,
    frontier: memory.frontier,
    heads: memory.heads,
    writers: [...memory.writers],
    ids,
    leaves,
    parentStarts,
    parents: allParents,
    types,
    typeNames: typeNames.all,
    prompts,
    promptIds: promptIds.all,
    contents: contentsOf(memory, from),
    signatures: [...(before?.signatures ?? []), ...memory.attachments.signatures.values()],
    state: snapshot,
    texts: textsOf(memory, seqsNeededBy(snapshot)),
  };
}

function contentsOf(memory: LedgerMemory, from: number): BaseData['contents'] {
  const before = memory.base?.data.contents;
  const { contents } = memory.attachments;
  const first = new Map<string, number>();
  for (const { seq, event } of memory.tail) {
    for (const digest of digestsNamed(event))
      if (contents.has(digest) && !first.has(digest)) first.set(digest, seq);
  }
  const known = before?.seqs.length ?? 0;
  const digests = grown(before?.digests, (known + contents.size) * keyBytes);
  const seqs = new Uint32Array(known + contents.size);
  if (before) seqs.set(before.seqs);
  let at = known;
  for (const digest of contents.keys()) {
    digests.set(digestBytes(digest), at * keyBytes);
    seqs[at++] = first.get(digest) ?? (from === 0 ? 0 : from + 1);
  }
  return { digests, seqs };
}

function textsOf(memory: LedgerMemory, seqs: Uint32Array): EventTexts {
  const before = memory.base?.data.texts ?? null;
  const parts: Uint8Array[] = [];
  const starts = new Uint32Array(seqs.length * 2 + 1);
  let at = 0;
  for (const [i, seq] of seqs.entries()) {
    const place = before === null || seq > memory.base!.size ? -1 : placeInTexts(before, seq);
    const [header, body] = place < 0 ? textsOfEvent(memory, seq) : bytesAt(before!, place);
    parts.push(header, body);
    starts[2 * i] = at;
    starts[2 * i + 1] = at + header.length;
    at += header.length + body.length;
    starts[2 * i + 2] = at;
  }
  return { seqs, starts, bytes: Buffer.concat(parts) };
}

function textsOfEvent({ state }: LedgerMemory, seq: number): [Uint8Array, Uint8Array] {
  const { headerText, bodyText } = state.event(seq);
  return [Buffer.from(headerText), Buffer.from(bodyText ?? '')];
}

function bytesAt({ starts, bytes }: EventTexts, place: number): [Uint8Array, Uint8Array] {
  const [header, body, end] = [starts[2 * place]!, starts[2 * place + 1]!, starts[2 * place + 2]!];
  return [bytes.subarray(header, body), bytes.subarray(body, end)];
}

/** The place of a seq in the texts; -1 where they lack it. */
export function placeInTexts(texts: EventTexts, seq: number): number {
  const place = placeOfSeq(texts, seq);
  return texts.seqs[place] === seq ? place : -1;
}

export function textsAt(texts: EventTexts, place: number): { header: string; body: string | null } {
  const [header, body] = bytesAt(texts, place).map(utf8);
  return { header: header!, body: body === '' ? null : body! };
}

const utf8 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('utf8');

export const idAt = (ids: Uint8Array, seq: number): EventId => keyAt(ids, seq - 1) as EventId;

function grown(before: Uint8Array | undefined, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (before) bytes.set(before);
  return bytes;
}

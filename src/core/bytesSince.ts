import type { PersonId } from './ids.js';
import type { LedgerState, PromptRecord, VersionRecord } from './state.js';

/**
 * Who made the revisions and versions of a version's prompt that its writer had seen and that the
 * writers of `bases`, older versions, had not; the version itself included. In the order of their
 * first revision, then of their first version.
 */
export function writersSince(
  state: LedgerState,
  version: VersionRecord,
  bases: readonly VersionRecord[],
): Set<PersonId> {
  const { causality } = state;
  const from = bases.reduce((seq, base) => Math.max(seq, causality.firstUnseen(base.seq)), 0);
  const isPart = (seq: number): boolean =>
    (seq === version.seq || causality.isAncestor(seq, version.seq)) &&
    bases.every((base) => seq !== base.seq && !causality.isAncestor(seq, base.seq));
  const { revisions, versions } = seqsOf(version.prompt);
  const people = new Set<PersonId>();
  for (const seqs of [revisions, versions]) {
    const firsts: { readonly seq: number; readonly by: PersonId }[] = [];
    for (const [by, own] of seqs) {
      const seq = firstWhere(own, from, version.seq, isPart);
      if (seq !== undefined) firsts.push({ seq, by });
    }
    for (const { by } of firsts.sort((a, b) => a.seq - b.seq)) people.add(by);
  }
  return people;
}

/** Ascending seqs by who made what stands there. */
type SeqsByWriter = ReadonlyMap<PersonId, number[]>;

class SeqsOfPrompt {
  readonly revisions = new Map<PersonId, number[]>();
  readonly versions = new Map<PersonId, number[]>();
  #revisions = 0;
  #versions = 0;

  /** Takes what was added to the prompt, whose lists only grow at their ends. */
  update({ revisions, versions }: PromptRecord): void {
    for (; this.#revisions < revisions.length; this.#revisions++) {
      const { seq, by, coAuthors = [] } = revisions[this.#revisions]!;
      for (const person of [by, ...coAuthors]) addTo(this.revisions, person, seq);
    }
    for (; this.#versions < versions.length; this.#versions++) {
      const { seq, by } = versions[this.#versions]!;
      addTo(this.versions, by, seq);
    }
  }
}

const known = new WeakMap<PromptRecord, SeqsOfPrompt>();

function seqsOf(prompt: PromptRecord): {
  readonly revisions: SeqsByWriter;
  readonly versions: SeqsByWriter;
} {
  let seqs = known.get(prompt);
  if (seqs === undefined) known.set(prompt, (seqs = new SeqsOfPrompt()));
  seqs.update(prompt);
  return seqs;
}

function addTo(seqs: Map<PersonId, number[]>, by: PersonId, seq: number): void {
  const own = seqs.get(by);
  if (own === undefined) seqs.set(by, [seq]);
  else own.push(seq);
}

/** The lowest of ascending seqs from `from` to `to` that fits. */
function firstWhere(
  seqs: readonly number[],
  from: number,
  to: number,
  fits: (seq: number) => boolean,
): number | undefined {
  let low = 0;
  for (let high = seqs.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (seqs[middle]! < from) low = middle + 1;
    else high = middle;
  }
  for (; low < seqs.length && seqs[low]! <= to; low++) if (fits(seqs[low]!)) return seqs[low];
  return undefined;
}

import type { EventArchive } from './archive.js';
import type { ColumnBytes } from './bytesColumns.js';
import { extendColumns, placeOfSeq } from './bytesColumns.js';
import { Causality, type CausalitySnapshot } from './causality.js';
import {
  archivedDeployments,
  deploymentColumns,
  type DeploymentColumns,
} from './deploymentColumns.js';
import type { EventOf, LedgerEvent } from './event.js';
import type { PersonId, PromptId } from './ids.js';
import { Persons, type PersonsSnapshot } from './persons.js';
import { pushAll } from './pushAll.js';
import type {
  BytesColumns,
  BytesRecord,
  LedgerState,
  Placed,
  PromptRecord,
  RestoredState,
  TalkEvent,
  VersionRecord,
} from './state.js';

/** A state as plain data: what it holds of events are their seqs, except for the columns. */
export interface StateSnapshot {
  readonly size: number;
  readonly causality: CausalitySnapshot;
  readonly persons: PersonsSnapshot;
  readonly aliases: readonly (readonly [PromptId, PromptId])[];
  readonly policies: Uint32Array;
  readonly revocations: Uint32Array;
  readonly redactions: Uint32Array;
  /** Pairs: seq of the event that was signed, and of the `signature.attached`. */
  readonly signatures: Uint32Array;
  /** Pairs: seq of a decision, and 1 where it was its own contributor's. */
  readonly ownDecisions: Uint32Array;
  readonly bytes: BytesColumns;
  readonly prompts: readonly PromptSnapshot[];
}

export interface PromptSnapshot {
  readonly id: PromptId;
  readonly format: string;
  readonly path: string | null;
  readonly places: readonly string[];
  readonly removed: boolean;
  readonly retired: boolean;
  /** Places in the columns. */
  readonly revisions: Uint32Array;
  readonly versions: Uint32Array;
  /** For each version the seqs of its decisions, of its withdrawals, and of what was said about it. */
  readonly decisions: readonly Uint32Array[];
  readonly withdrawals: readonly Uint32Array[];
  readonly talk: readonly Uint32Array[];
  readonly deployments: DeploymentColumns;
  readonly ended: Uint32Array;
  readonly reviewed: Uint32Array;
}

/** The whole state as plain data, from which `restoredState` makes it again. */
export function snapshotOf(state: LedgerState): StateSnapshot {
  const bytes = extendColumns(state.archivedBytes?.columns ?? null, state.recentBytes);
  const placeOf = ({ seq }: BytesRecord): number => placeOfSeq(bytes, seq);
  return {
    size: state.size,
    causality: state.causality.snapshot(),
    persons: state.persons.snapshot(),
    aliases: [...state.aliases],
    policies: seqsOf(state.policies),
    revocations: seqsOf(state.revocations),
    redactions: seqsOf(state.redactions),
    signatures: Uint32Array.from(
      [...state.signatures].flatMap(([id, attached]) =>
        attached.flatMap(({ seq }) => [state.seqOf(id)!, seq]),
      ),
    ),
    // What was found out without the bytes of a signature must be found out again.
    ownDecisions: Uint32Array.from(
      state.hasMissedSignature
        ? []
        : [...state.ownDecisions].flatMap(([seq, own]) => [seq, own ? 1 : 0]),
    ),
    bytes,
    prompts: [...state.prompts.values()].map((prompt) => ({
      id: prompt.id,
      format: prompt.format,
      path: prompt.path,
      places: prompt.places,
      removed: prompt.removed,
      retired: prompt.retired,
      revisions: Uint32Array.from(prompt.revisions, placeOf),
      versions: seqsOf(prompt.versions),
      decisions: prompt.versions.map(({ decisions }) => seqsOf(decisions)),
      withdrawals: prompt.versions.map(({ withdrawals }) => seqsOf(withdrawals)),
      talk: prompt.versions.map(({ talk }) => seqsOf(talk)),
      deployments: deploymentColumns(prompt.deployments),
      ended: seqsOf(prompt.ended),
      reviewed: seqsOf(prompt.reviewed),
    })),
  };
}

/** The seqs of all events that a state restored from this may ask of its archive, ascending. */
export function seqsNeededBy(snapshot: StateSnapshot): Uint32Array {
  const parts = [snapshot.policies, snapshot.revocations, snapshot.redactions];
  parts.push(snapshot.signatures.filter((_, at) => at % 2 === 1));
  for (const prompt of snapshot.prompts) {
    parts.push(prompt.versions, ...prompt.decisions, ...prompt.withdrawals, ...prompt.talk);
    parts.push(prompt.deployments.seqs, prompt.ended, prompt.reviewed);
  }
  const all = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}

/**
 * What one LedgerState goes on from: it changes what it is given, so each needs its own. The archive must
 * hold the events of the snapshot; `bytes` may be shared.
 */
export function restoredState(
  snapshot: StateSnapshot,
  archive: EventArchive,
  bytes: ColumnBytes,
): RestoredState {
  return {
    archive,
    bytes,
    causality: Causality.restore(snapshot.size, snapshot.causality),
    persons: Persons.restore(snapshot.persons),
    fill: (state) => fill(state, snapshot, archive, bytes),
  };
}

function fill(
  state: LedgerState,
  snapshot: StateSnapshot,
  archive: EventArchive,
  bytes: ColumnBytes,
): void {
  const placed = <E extends LedgerEvent>(seqs: Uint32Array): Placed<E>[] =>
    Array.from(seqs, (seq) => new ArchivedEvent<E>(seq, archive));
  for (const [id, older] of snapshot.aliases) state.aliases.set(id, older);
  pushAll(state.policies, placed<EventOf<'policy.adopted'>>(snapshot.policies));
  pushAll(state.revocations, placed<EventOf<'review.revoked'>>(snapshot.revocations));
  pushAll(state.redactions, placed<EventOf<'redacted'>>(snapshot.redactions));
  const { signatures } = snapshot;
  for (let i = 0; i < signatures.length; i += 2) {
    const id = archive.idAt(signatures[i]!);
    const attached = placed<EventOf<'signature.attached'>>(signatures.subarray(i + 1, i + 2));
    const known = state.signatures.get(id);
    if (known === undefined) state.signatures.set(id, attached);
    else known.push(...attached);
  }
  const own = snapshot.ownDecisions;
  for (let i = 0; i < own.length; i += 2) state.ownDecisions.set(own[i]!, own[i + 1] === 1);
  for (const from of snapshot.prompts) {
    const prompt: PromptRecord = {
      id: from.id,
      format: from.format,
      path: from.path,
      places: [...from.places],
      removed: from.removed,
      retired: from.retired,
      revisions: Array.from(from.revisions, (at) => bytes.record(at)),
      versions: [],
      deployments: archivedDeployments(from.deployments, archive),
      ended: placed(from.ended),
      reviewed: placed(from.reviewed),
    };
    for (const [i, seq] of from.versions.entries()) {
      const decisions = placed<EventOf<'review.decided'>>(from.decisions[i]!);
      const withdrawals = placed<EventOf<'version.withdrawn'>>(from.withdrawals[i]!);
      const talk = placed<TalkEvent>(from.talk[i]!);
      const version = new ArchivedVersion(
        { seq, by: bytes.at(seq).by, prompt, number: i + 1, decisions, withdrawals, talk },
        archive,
      );
      prompt.versions.push(version);
      state.versions.set(archive.idAt(seq), version);
      for (const decision of decisions) state.decisions.set(archive.idAt(decision.seq), version);
    }
    for (const { id } of prompt.deployments) state.deployments.set(id, prompt);
    state.addPrompt(prompt);
  }
}

class ArchivedEvent<E extends LedgerEvent> implements Placed<E> {
  readonly seq: number;
  readonly #archive: EventArchive;

  constructor(seq: number, archive: EventArchive) {
    this.seq = seq;
    this.#archive = archive;
  }

  get event(): E {
    return this.#archive.event(this.seq) as E;
  }
}

class ArchivedVersion extends ArchivedEvent<EventOf<'version.proposed'>> implements VersionRecord {
  readonly by: PersonId;
  readonly prompt: PromptRecord;
  readonly number: number;
  readonly decisions: Placed<EventOf<'review.decided'>>[];
  readonly withdrawals: Placed<EventOf<'version.withdrawn'>>[];
  readonly talk: Placed<TalkEvent>[];

  constructor(
    { seq, by, prompt, number, decisions, withdrawals, talk }: Omit<VersionRecord, 'event'>,
    archive: EventArchive,
  ) {
    super(seq, archive);
    this.by = by;
    this.prompt = prompt;
    this.number = number;
    this.decisions = decisions;
    this.withdrawals = withdrawals;
    this.talk = talk;
  }
}

const seqsOf = (placed: readonly { readonly seq: number }[]): Uint32Array =>
  Uint32Array.from(placed, ({ seq }) => seq);

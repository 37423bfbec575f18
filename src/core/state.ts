import { Causality } from './causality.js';
import type { EventOf, LedgerEvent } from './event.js';
import type { EventArchive } from './archive.js';
import type { Digest, EventId, PersonId, PromptId, WriterId } from './ids.js';
import { PromptPaths } from './promptPaths.js';
import { Persons } from './persons.js';
import type { Policy } from './policy.js';
import type { SignatureFacts } from './signatures.js';
import type { AllowedSigners } from './ssh/allowedSigners.js';
import { foldEvent } from './stateFold.js';

/** One event at its place in the agreed order; `seq` counts from 1. */
export interface Placed<E = LedgerEvent> {
  readonly seq: number;
  readonly event: E;
}

/** Bytes that a revision or a version gave a prompt. Slim: a ledger has more of them than of anything else. */
export interface BytesRecord {
  readonly seq: number;
  readonly id: EventId;
  readonly digest: Digest;
  /** Who wrote them: the author of an observed commit, else who recorded. */
  readonly by: PersonId;
  /** Co-authors and committer of an observed commit who are not its author; left out where there is nobody. */
  readonly coAuthors?: readonly PersonId[];
  readonly writer: WriterId;
}

export type TalkEvent =
  EventOf<'review.commented'> | EventOf<'review.resolved'> | EventOf<'review.requested'>;

export interface VersionRecord {
  readonly seq: number;
  readonly event: EventOf<'version.proposed'>;
  readonly prompt: PromptRecord;
  /** Who proposed it; of an imported tag: who wrote the revision. */
  readonly by: PersonId;
  /** Counted per prompt by seq, from 1; may differ from the number that the event claims. */
  readonly number: number;
  readonly decisions: Placed<EventOf<'review.decided'>>[];
  readonly withdrawals: Placed<EventOf<'version.withdrawn'>>[];
  /** Comments, which of their threads were resolved, and whose review was asked for, in the agreed order. */
  readonly talk: Placed<TalkEvent>[];
}

export interface DeploymentRecord extends Placed<EventOf<'deployment.recorded'>> {
  readonly id: EventId;
  readonly env: string;
  /** By the recorder's clock; of an imported tag when that claims to have been made. */
  readonly at: string;
  readonly succeeded: boolean;
  readonly breakGlass: boolean;
}

export interface PromptRecord {
  readonly id: PromptId;
  readonly format: string;
  /** Where it is now; null when every body that says so is gone. */
  path: string | null;
  /** Where it ever was, on any branch, in the order of the events that say so; `path` included. */
  readonly places: string[];
  /** Its file was deleted, and nothing was recorded of it since. */
  removed: boolean;
  retired: boolean;
  readonly revisions: BytesRecord[];
  readonly versions: VersionRecord[];
  readonly deployments: DeploymentRecord[];
  readonly ended: Placed<EventOf<'deployment.ended'>>[];
  /** Reviews of its deployments. */
  readonly reviewed: Placed<EventOf<'deployment.reviewed'>>[];
}

/** Records of revisions and versions, in the agreed order, as columns. */
export interface BytesColumns {
  readonly seqs: Uint32Array;
  /** 32 bytes each. */
  readonly digests: Uint8Array;
  /** Places in `people` and `writers`. */
  readonly by: Uint32Array;
  readonly writer: Uint32Array;
  /** Pairs: place of a record, and of a co-author in `people`; ascending. */
  readonly coAuthors: Uint32Array;
  readonly people: readonly PersonId[];
  readonly writers: readonly WriterId[];
}

/** Revisions and versions of the archived part, found by their bytes. */
export interface ArchivedBytes {
  readonly columns: BytesColumns;
  withDigest(digest: Digest): readonly BytesRecord[];
}

/** What a state goes on from; stateSnapshot.ts makes it. */
export interface RestoredState {
  readonly archive: EventArchive;
  readonly bytes: ArchivedBytes;
  readonly causality: Causality;
  readonly persons: Persons;
  /** Puts the records of the archived part into the state. */
  fill(state: LedgerState): void;
}

/**
 * What the events say together, folded in the agreed order. Holds facts only:
 * verdicts are computed from it (approvals.ts, verdicts.ts), for any point in the past.
 */
export class LedgerState {
  readonly causality: Causality;
  readonly persons: Persons;
  readonly prompts = new Map<PromptId, PromptRecord>();
  readonly versions = new Map<EventId, VersionRecord>();
  readonly policies: Placed<EventOf<'policy.adopted'>>[] = [];
  readonly revocations: Placed<EventOf<'review.revoked'>>[] = [];
  readonly redactions: Placed<EventOf<'redacted'>>[] = [];
  readonly decisions = new Map<EventId, VersionRecord>();
  readonly deployments = new Map<EventId, PromptRecord>();
  /** What approvals.ts and policyInScope.ts found out once and for all, by seq. */
  readonly ownDecisions = new Map<number, boolean>();
  readonly parsedPolicies = new Map<number, Policy | null>();
  /** By the id of the event that was signed. */
  readonly signatures = new Map<EventId, Placed<EventOf<'signature.attached'>>[]>();
  /** Gives the bytes of a signature; whoever holds the attachments sets it. */
  readSignature: (digest: Digest) => Uint8Array | undefined = () => undefined;
  /** What signatures.ts found out once and for all, by the seq of `signature.attached` and of an adoption. */
  readonly signatureFacts = new Map<number, SignatureFacts>();
  readonly parsedSigners = new Map<number, AllowedSigners>();
  /** Whether a verdict was asked for that bytes which are not here might change. */
  hasMissedSignature = false;
  /** Registered ids that share a path with an older one (docs/LEDGER.md, "Aliases"). */
  readonly aliases = new Map<PromptId, PromptId>();
  /** Every revision and version behind the archive by its bytes, whatever its prompt. */
  readonly byDigest = new Map<Digest, BytesRecord[]>();
  /** The same records in the agreed order. */
  readonly recentBytes: BytesRecord[] = [];
  readonly archive: EventArchive | null;
  readonly archivedBytes: ArchivedBytes | null;
  readonly #base: number;
  readonly #events: LedgerEvent[] = [];
  readonly #seqs = new Map<EventId, number>();
  readonly #paths = new PromptPaths();
  /** Claimed times of archived events that were read since somebody asked for one, by seq, in milliseconds. */
  #times: Float64Array | null = null;

  /** An empty state, or the one of a snapshot, to which the events behind it are applied. */
  constructor(from: RestoredState | null = null) {
    this.archive = from?.archive ?? null;
    this.#base = from?.archive.size ?? 0;
    this.archivedBytes = from?.bytes ?? null;
    this.causality = from?.causality ?? new Causality();
    this.persons = from?.persons ?? new Persons();
    from?.fill(this);
  }

  /** Number of events, the archived ones included. */
  get size(): number {
    return this.#base + this.#events.length;
  }

  /** The event at a seq from 1 to `size`. Throws `ledger.damaged` where an archived one cannot be read. */
  event(seq: number): LedgerEvent {
    const event = this.#events[seq - 1 - this.#base];
    if (event !== undefined) return event;
    if (this.archive === null || seq < 1 || seq > this.#base)
      throw new RangeError(`There is no event ${seq}.`);
    const archived = this.archive.event(seq);
    if (this.#times !== null) this.#times[seq] = Date.parse(archived.header.at);
    return archived;
  }

  /** The claimed time of the event at a seq from 1 to `size`; an archived one is read once for it. As `event`. */
  timeAt(seq: number): string {
    if (seq > this.#base) return this.event(seq).header.at;
    this.#times ??= new Float64Array(this.#base + 1).fill(NaN);
    const known = this.#times[seq] ?? NaN;
    return Number.isNaN(known) ? this.event(seq).header.at : new Date(known).toISOString();
  }

  seqOf(id: EventId): number | undefined {
    return this.#seqs.get(id) ?? this.archive?.seqOf(id);
  }

  /** The id of the event at a seq from 1 to `size`; reads no file. */
  idAt(seq: number): EventId {
    return this.#events[seq - 1 - this.#base]?.id ?? this.archive!.idAt(seq);
  }

  /** The type of the event at a seq from 1 to `size`; reads no file. */
  typeAt(seq: number): string {
    return this.#events[seq - 1 - this.#base]?.type ?? this.archive!.typeAt(seq);
  }

  /** The seqs of the events of a type, ascending; reads no file. */
  seqsOfType(type: string): readonly number[] {
    const seqs = [...(this.archive?.seqsOfType(type) ?? [])];
    for (const [at, event] of this.#events.entries())
      if (event.type === type) seqs.push(this.#base + at + 1);
    return seqs;
  }

  /** The prompt that the event at `seq` is about, aliases resolved; reads no file. */
  promptOfEvent(seq: number): PromptId | undefined {
    const event = this.#events[seq - 1 - this.#base];
    const id = event === undefined ? this.archive?.promptAt(seq) : event.header.prompt;
    return id === undefined ? undefined : (this.aliases.get(id) ?? id);
  }

  /** The events that name the one at `seq` as a parent, in the agreed order. */
  childrenOf(seq: number): readonly EventId[] {
    const id = this.idAt(seq);
    const archived = seq <= this.#base ? (this.archive?.childrenOf(seq) ?? []) : [];
    const recent = this.#events.filter((event) => event.header.parents.includes(id));
    return [...archived.map((child) => this.idAt(child)), ...recent.map((event) => event.id)];
  }

  /** The seqs of the parents of the event at `seq`. */
  parentsOf(seq: number): readonly number[] {
    const event = this.#events[seq - 1 - this.#base];
    if (event === undefined) return this.archive?.parentsOf(seq) ?? [];
    return event.header.parents.map((id) => this.seqOf(id) ?? 0);
  }

  /** Adds the next event in order. Its parents must have been added. */
  apply(event: LedgerEvent): void {
    const seq = this.size + 1;
    const parents = event.header.parents.map((id) => this.seqOf(id) ?? 0);
    this.causality.add(parents);
    this.#events.push(event);
    this.#seqs.set(event.id, seq);
    foldEvent(this, { seq, event });
  }

  /** Every revision and version with these bytes, whatever its prompt, in the agreed order. */
  withBytes(digest: Digest): readonly BytesRecord[] {
    const recent = this.byDigest.get(digest) ?? [];
    const { archivedBytes } = this;
    return archivedBytes === null ? recent : [...archivedBytes.withDigest(digest), ...recent];
  }

  /** The prompt that an id means, aliases resolved. */
  prompt(id: PromptId): PromptRecord | undefined {
    return this.prompts.get(this.aliases.get(id) ?? id);
  }

  /**
   * The prompt at a path: of several, the one registered first that was not retired. Where none is, the one that
   * was there and left last: another branch may still have it there. `isThere` says whether a path exists among
   * the files that are looked at: a prompt that stands at its own path there is not the one at an old one.
   */
  promptAt(
    path: string,
    isThere: (path: string) => boolean = () => false,
  ): PromptRecord | undefined {
    return this.#paths.at(path) ?? this.#paths.formerlyAt(path, isThere);
  }

  /** Of the retired prompts that ever were at a path the one that came there last. */
  promptRetiredAt(path: string): PromptRecord | undefined {
    return this.#paths.retiredAt(path);
  }

  /** The prompt at a path; where none is, the one that was retired there last: its past can still be asked about. */
  promptEverAt(path: string): PromptRecord | undefined {
    return this.promptAt(path) ?? this.promptRetiredAt(path);
  }

  /** Every prompt that ever was at a path, in the order in which they came there. */
  promptsEverAt(path: string): readonly PromptRecord[] {
    return this.#paths.everAt(path);
  }

  /** The prompt whose path this is now; of several, the one registered first that was not retired. */
  promptNowAt(path: string): PromptRecord | undefined {
    return this.#paths.at(path);
  }

  /** Adds the prompt that was registered last. */
  addPrompt(prompt: PromptRecord): void {
    this.prompts.set(prompt.id, prompt);
    this.#paths.add(prompt);
    for (const place of prompt.places) this.#paths.addPlace(prompt, place);
  }

  movePrompt(prompt: PromptRecord, path: string): void {
    this.#paths.remove(prompt);
    prompt.path = path;
    this.addPlace(prompt, path);
    this.#paths.add(prompt);
  }

  /** Another path of the prompt, which does not become its own. */
  addPlace(prompt: PromptRecord, path: string): void {
    if (prompt.places.includes(path)) return;
    prompt.places.push(path);
    this.#paths.addPlace(prompt, path);
  }

  retirePrompt(prompt: PromptRecord): void {
    this.#paths.remove(prompt);
    prompt.retired = true;
  }

  /** Whether any revision or version of the prompt has this digest. */
  knowsDigest(prompt: PromptRecord, digest: Digest): boolean {
    return prompt.revisions.some((r) => r.digest === digest);
  }
}

/** Which events a verdict may look at, by seq. */
export type Scope = (seq: number) => boolean;

export const everything: Scope = () => true;

/** The ancestors of the event at `seq`: what its writer had seen (DESIGN.md §7). */
export function ancestorsOf(state: LedgerState, seq: number): Scope {
  return (other) => state.causality.isAncestor(other, seq);
}

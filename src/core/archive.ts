import type { LedgerEvent } from './event.js';
import type { EventId, PromptId } from './ids.js';

/** The older part of a ledger, whose events are not held in memory but read when they are asked for. */
export interface EventArchive {
  /** Number of its events: they have the seqs from 1 to this. */
  readonly size: number;
  /** The event at a seq from 1 to `size`. Throws `ledger.damaged` where its file cannot be read. */
  event(seq: number): LedgerEvent;
  idAt(seq: number): EventId;
  typeAt(seq: number): string;
  /** The seqs of the events of a type, ascending. */
  seqsOfType(type: string): readonly number[];
  /** The prompt that the event's header names, before aliases. */
  promptAt(seq: number): PromptId | undefined;
  /** Undefined for an event that the archive does not hold. */
  seqOf(id: EventId): number | undefined;
  parentsOf(seq: number): readonly number[];
  /** The events of the archive that name the one at `seq` as a parent, ascending. */
  childrenOf(seq: number): readonly number[];
}

import type { EventId } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';

export interface ProveInput {
  /** An event id, or a seq from 1. */
  readonly event: EventId | number;
  /**
   * Size of the checkpoint; or the text of a checkpoint of this ledger, signed or not, which goes into the proof
   * as it is. Default: the synced part when the event is in it, else all events.
   */
  readonly checkpoint?: number | string;
}

export interface ProveSinceInput {
  /** The text of the older checkpoint, signed or not; or its size, which claims less. */
  readonly since: number | string;
  /** As in ProveInput: the newer checkpoint. Default: the synced part when it goes that far, else all events. */
  readonly checkpoint?: number | string;
}

/** A text that can be checked without the ledger, and what it stands on. */
export interface ProofText {
  readonly text: string;
  /** The checkpoint that it leads to. */
  readonly point: LedgerPoint;
  /** True while sync may still put other events before some of those: nobody else can have this checkpoint yet. */
  readonly provisional: boolean;
}

export interface EventProof extends ProofText {
  readonly event: EventId;
  /** From 1. */
  readonly seq: number;
  readonly type: string;
}

export interface SinceProof extends ProofText {
  /** Size of the older checkpoint. */
  readonly since: number;
}

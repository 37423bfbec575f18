import type { EventId } from './ids.js';
import type { LedgerPoint, SignatureStatus } from './rows.js';

/** What a checker has. Everything but `proof` comes from elsewhere, which is what makes a check worth something. */
export interface ProofInput {
  /** The text of an inclusion proof or of a consistency proof. */
  readonly proof: string;
  /** The text of a checkpoint that the checker trusts, signed or not. */
  readonly checkpoint?: string;
  /** The text of a consistency proof between the checkpoint of `proof` and the trusted one, either way round. */
  readonly consistency?: string;
  /** The text of an allowed_signers file. */
  readonly allowedSigners?: string;
  /** C2SP vkeys of those who sign checkpoints. Then one of them must have signed. */
  readonly keys?: readonly string[];
}

/** Why a proof does not hold, or what is wrong although it holds. */
export interface ProofRemark {
  readonly code: string;
  readonly message: string;
}

/** What makes the checkpoint of a proof more than a claim of the proof. */
export type ProofAnchor =
  /** The trusted checkpoint is the same, or the proof's one extends it, or the other way round. */
  | {
      readonly kind: 'checkpoint';
      readonly relation: 'same' | 'extends' | 'extended-by';
      readonly point: LedgerPoint;
    }
  /** A known key signed the checkpoint of the proof, or the trusted one; `time` (ISO 8601) where a witness says it. */
  | {
      readonly kind: 'signed';
      readonly by: string;
      readonly time: string | null;
      /** What was signed. */
      readonly point: LedgerPoint;
    };

export interface ProofSignature {
  readonly status: SignatureStatus;
  /** `SHA256:…`; null where no key could be read. */
  readonly fingerprint: string | null;
  readonly keyType: string | null;
  /** Whose key it is by the given allowed_signers; null where none was given or none has it. */
  readonly principals: string | null;
}

/** What the event of a proof says. */
export interface ProvenEvent {
  readonly id: EventId;
  /** From 1. */
  readonly seq: number;
  readonly type: string;
  /** The writer's clock. A claim. */
  readonly at: string;
  /** A person id: the name stands in another event. */
  readonly who: string;
  readonly prompt: string | null;
  readonly refs: Readonly<Record<string, unknown>>;
  /** Null where it was redacted or left out. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** DESIGN.md §10: hash chain only; signed by a person's key; seen by another custodian. */
export type TrustLevel = 'L0' | 'L1' | 'L2';

export interface ProofReport {
  readonly kind: 'inclusion' | 'consistency' | 'unknown';
  readonly holds: boolean;
  /** Why it does not hold; empty when it does. */
  readonly problems: readonly ProofRemark[];
  /** What is wrong although it holds. */
  readonly warnings: readonly ProofRemark[];
  /** The checkpoint that the proof leads to; null where it cannot be read. */
  readonly point: LedgerPoint | null;
  /** Of an inclusion proof whose event could be read. To be believed only when the proof holds. */
  readonly event: ProvenEvent | null;
  readonly signatures: readonly ProofSignature[];
  readonly anchors: readonly ProofAnchor[];
  /** So many events at the beginning of the ledger are covered by an anchor, so by somebody else; 0 for none. */
  readonly seen: number;
  readonly levels: readonly TrustLevel[];
  /** What the proof does not show, one sentence each. */
  readonly limits: readonly string[];
}

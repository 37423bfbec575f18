import type { EventId } from './ids.js';
import type { EventRow, PersonRef } from './rows.js';
import type { Order } from './trace.js';

/** One line of a rule-by-rule trace. */
export interface ExplainedStep {
  /** Name of the entry of `rules` that asks; null: the environment's own rule, or the general one. */
  readonly rule: string | null;
  /** What was looked at, in plain words. */
  readonly check: string;
  readonly outcome: 'pass' | 'fail' | 'not-asked';
  /** Reason code; null where it did not fail. */
  readonly code: string | null;
  /** What the policy wants, and what there is; plain words, null where there is nothing to say. */
  readonly wanted: string | null;
  readonly got: string | null;
  /** What proves it. */
  readonly events: readonly EventId[];
}

/** One decision as the verdict took it, before one rule. */
export interface ExplainedDecision {
  readonly rule: string | null;
  readonly event: EventId;
  /** `v3` */
  readonly version: string;
  readonly decision: string;
  readonly by: PersonRef;
  /** The writer's clock, UTC. */
  readonly at: string;
  readonly order: Order;
  readonly counts: boolean;
  /** Reason codes; empty where it counts, and for decisions against the version. */
  readonly faults: readonly string[];
  readonly because: readonly EventId[];
}

/** Something that came after what is explained, or of which nobody can tell; it changed no verdict. */
export interface LaterFact {
  readonly event: EventRow;
  readonly order: 'after' | 'unknown';
  /** In plain words: what it does to what is explained. */
  readonly text: string;
}

/** Which policy judged. */
export interface ExplainedPolicy {
  /** The adoption; null where none stands before the event. */
  readonly adoption: EventRow | null;
  readonly source: 'protected-branch' | 'working-tree' | null;
  readonly commit: string | null;
  /** Whether its text can be read; else the default judged, or nothing could. */
  readonly readable: boolean;
}

/** Everything that `explain` says of one event. */
export interface Explanation {
  readonly event: EventRow;
  /** One sentence: the verdict, or what the event says where there is none. */
  readonly text: string;
  /** Null where nothing judges an event of its type, or where nobody can tell any more. */
  readonly allowed: boolean | null;
  /** The `redacted` events that took what the verdict needs; absent where it can be told. */
  readonly redactedBy?: readonly EventId[];
  /** Reason codes of the verdict. */
  readonly reasons: readonly string[];
  readonly policy: ExplainedPolicy;
  readonly steps: readonly ExplainedStep[];
  readonly decisions: readonly ExplainedDecision[];
  readonly later: readonly LaterFact[];
}

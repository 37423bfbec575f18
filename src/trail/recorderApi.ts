import type { EventId } from '../core/ids.js';
import type { PersonRef } from '../core/rows.js';

/** Why and since when the recorder of this clone is off. */
export interface RecorderPauseRow {
  readonly event: EventId;
  readonly by: PersonRef;
  /** The writer's clock, UTC. */
  readonly at: string;
  /** Null where it was redacted. */
  readonly reason: string | null;
}

export interface RecorderStatus {
  /** Null while it records. */
  readonly paused: RecorderPauseRow | null;
}

/** `outcome` unchanged: it was so before, and nothing was recorded. */
export interface RecorderResult extends RecorderStatus {
  readonly outcome: 'paused' | 'resumed' | 'unchanged';
  readonly event: EventId | null;
}

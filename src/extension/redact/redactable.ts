import type { EventId } from '../../core/ids.js';
import type { TrailSession } from '../session/trailSession.js';

/** An event of which something is to be redacted, as the timeline hands it to the command. */
export class RedactableEvent {
  constructor(
    readonly session: TrailSession,
    readonly event: EventId,
  ) {}
}

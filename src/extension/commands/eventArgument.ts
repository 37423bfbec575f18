import type { EventId } from '../../core/ids.js';
import type { TrailSession } from '../session/trailSession.js';

/** An event that a command is about, as the timeline hands it over. */
export class EventArgument {
  constructor(
    readonly session: TrailSession,
    readonly event: EventId,
  ) {}
}

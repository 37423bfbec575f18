import type { TrailSession } from '../session/trailSession.js';

/** A finding that a command is about, as the timeline hands it over. */
export class FindingArgument {
  constructor(
    readonly session: TrailSession,
    readonly key: string,
  ) {}
}

import type { VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';

/** The newest version before this one that was approved; null where there is none. */
export async function lastApprovedBefore(
  session: TrailSession,
  version: VersionRow,
): Promise<VersionRow | null> {
  const review =
    session.state.kind === 'ready'
      ? session.state.status.reviews.find((row) => row.version.id === version.id)
      : undefined;
  return review ? review.base : await session.requireTrail().approvedBefore(version.id);
}

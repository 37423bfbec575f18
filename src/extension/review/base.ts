import type { VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';

/** The newest version before this one that was approved; null where there is none. */
export function lastApprovedBefore(session: TrailSession, version: VersionRow): VersionRow | null {
  const review =
    session.state.kind === 'ready'
      ? session.state.status.reviews.find((row) => row.version.id === version.id)
      : undefined;
  if (review) {
    return review.base;
  }
  return session
    .requireTrail()
    .versions(version.path)
    .filter(({ number, state }) => number < version.number && state === 'approved')
    .reduce<VersionRow | null>((a, b) => (a === null || b.number > a.number ? b : a), null);
}

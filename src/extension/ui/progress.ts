import { l10n, ProgressLocation, window } from 'vscode';
import type { TrailSession } from '../session/trailSession.js';
import type { Trail } from '../../trail/api.js';

/** Shows a notification while `work` runs, for what the person started and waits for. */
export async function withProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  return await window.withProgress({ location: ProgressLocation.Notification, title }, work);
}

/** Writes through the trail with a discreet sign of it: sharing may take the network's time. */
export async function recordIn<T>(
  session: TrailSession,
  work: (trail: Trail) => Promise<T>,
): Promise<T> {
  const title = l10n.t('Recording in the audit trail…');
  return await window.withProgress({ location: ProgressLocation.Window, title }, () =>
    session.write(work),
  );
}

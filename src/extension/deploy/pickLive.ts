import { l10n, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { ActiveRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { pickOne, type Answer, type PickEntry, type StepFrame } from '../ui/quickInput.js';
import { baseName, promptName } from '../ui/words.js';
import { isTrailNode } from '../views/nodes.js';

/** A deployment that is active now. */
export interface Live {
  readonly session: TrailSession;
  readonly row: ActiveRow;
}

/** The one that was clicked; null for anything else. */
export function givenLive(argument: unknown): Live | null {
  return isTrailNode(argument) && argument.kind === 'active'
    ? { session: argument.session, row: argument.row }
    : null;
}

/** Asks for one of all active deployments. Throws where nothing is deployed. */
export async function pickLive(
  sessions: readonly TrailSession[],
  frame: StepFrame & { readonly placeholder: string },
): Promise<Answer<Live>> {
  const items: (PickEntry<Live> | QuickPickItem)[] = [];
  for (const session of sessions) {
    const { state } = session;
    const rows = state.kind === 'ready' ? state.status.active : [];
    items.push(
      ...rows.map((row) => ({
        label: `${promptName(row.path)} ${row.version}`,
        description: row.env,
        detail: sessions.length > 1 ? baseName(session.root) : row.path,
        value: { session, row },
      })),
    );
  }
  if (items.length === 0) {
    throw new PromptAuditError({
      code: 'undeploy.nothing',
      message: l10n.t('Nothing is deployed.'),
      remedy: l10n.t('Record a deployment first with "Prompt Audit: Record Deployment…".'),
    });
  }
  return await pickOne<Live>({ ...frame, items });
}

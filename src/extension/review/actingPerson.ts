import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { PersonRef } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';

/**
 * In whose name the next event will be recorded. Asked anew each time: what a dialogue names and what
 * is recorded must not differ. Throws `identity.missing`.
 */
export async function actingPerson(session: TrailSession): Promise<PersonRef> {
  await session.refresh();
  const { state } = session;
  const me = state.kind === 'ready' ? state.status.me : null;
  if (me !== null) {
    return me;
  }
  throw new PromptAuditError({
    code: 'identity.missing',
    message: l10n.t('Git does not know who you are.'),
    remedy: l10n.t('Set "git config user.name" and "git config user.email", then try again.'),
  });
}

import type { PromptRow, ReviewRow } from '../../core/rows.js';
import type { TrailSession } from './trailSession.js';

export interface ShownReviews {
  readonly mine: readonly ReviewRow[];
  readonly others: readonly ReviewRow[];
  /** The newest version of a prompt was sent back: its author is asked. */
  readonly changes: readonly ReviewRow[];
}

const nothing: ShownReviews = { mine: [], others: [], changes: [] };

/** Whether the newest version of a prompt waits for the acting person. */
export function waitsForMe(session: TrailSession, { latest }: PromptRow): boolean {
  return shownReviews(session).mine.some(({ version }) => version.id === latest?.id);
}

/** What "Needs Review" shows of one repository. A damaged ledger shows nothing: it asks to be verified. */
export function shownReviews({ state }: TrailSession): ShownReviews {
  if (state.kind !== 'ready' || state.status.damage !== null) {
    return nothing;
  }
  const { reviews, prompts } = state.status;
  // An approved version waits for whom an environment still needs, or who was asked.
  const waiting = reviews.filter(
    ({ version, waitsForMe }) => version.state === 'waiting' || waitsForMe,
  );
  const sentBack = prompts.flatMap(({ latest, lastApproved }) =>
    latest?.state === 'changes-requested' ? [{ version: latest, base: lastApproved }] : [],
  );
  return {
    mine: waiting.filter(({ waitsForMe }) => waitsForMe),
    others: waiting.filter(({ waitsForMe }) => !waitsForMe),
    changes: sentBack.map((row) => ({ ...row, waitsForMe: false, blockedBecause: [] })),
  };
}

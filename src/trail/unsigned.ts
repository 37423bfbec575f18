import { PromptAuditError } from '../core/errors.js';
import type { EventType, LedgerEvent } from '../core/event.js';
import type { EventId, PersonId } from '../core/ids.js';
import type { TrailContext } from './context.js';
import { isSigned } from './signatureFacts.js';

/** What people sign: what they decide and answer for. */
const signedTypes: ReadonlySet<string> = new Set<EventType>([
  'review.decided',
  'review.revoked',
  'deployment.recorded',
  'deployment.ended',
  'deployment.reviewed',
  'redacted',
  'trail.reviewed',
]);

export interface Unsigned {
  /** Recorded by this clone. */
  readonly here: readonly LedgerEvent[];
  /**
   * Recorded by others. Anybody who may push can record an event under another's name, so nothing of
   * this is signed unless its person names it.
   */
  readonly elsewhere: readonly LedgerEvent[];
}

/** A person's acts without a signature that counts, oldest first. */
export function unsignedOf(context: TrailContext, who: PersonId): Unsigned {
  const { state, store } = context;
  const here: LedgerEvent[] = [];
  const elsewhere: LedgerEvent[] = [];
  for (let seq = 1; seq <= state.size; seq++) {
    if (!signedTypes.has(state.typeAt(seq))) continue;
    const event = state.event(seq);
    if (!isOf(context, event, who) || isSigned(context, event)) continue;
    (event.header.writer === store.writer ? here : elsewhere).push(event);
  }
  return { here, elsewhere };
}

/** The events with these ids, oldest first. Throws `event.unknown`, `signing.failed` for somebody else's. */
export function namedEvents(
  context: TrailContext,
  who: PersonId,
  ids: readonly EventId[],
): readonly LedgerEvent[] {
  const { state } = context;
  const seqs = new Set(ids.map((id) => state.seqOf(id) ?? unknown(id)));
  return [...seqs]
    .sort((a, b) => a - b)
    .map((seq) => {
      const event = state.event(seq);
      if (isOf(context, event, who) && event.type !== 'signature.attached') return event;
      throw new PromptAuditError({
        code: 'signing.failed',
        message: `The event ${event.id.slice(0, 7)} is not yours, so you cannot sign it.`,
        remedy: 'Sign decisions and deployments of your own: prompt-audit sign',
      });
    });
}

function isOf({ state }: TrailContext, event: LedgerEvent, who: PersonId): boolean {
  return state.persons.same(event.header.who) === state.persons.same(who);
}

function unknown(id: EventId): never {
  throw new PromptAuditError({
    code: 'event.unknown',
    message: `The ledger has no event ${id.slice(0, 7)}.`,
    remedy: 'Take the id from: prompt-audit log',
  });
}

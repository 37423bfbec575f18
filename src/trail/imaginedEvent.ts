import type { EventDraft, KnownEvent } from '../core/event.js';
import type { Digest, EventId, WriterId } from '../core/ids.js';
import type { TrailContext } from './context.js';

/**
 * Lets a ledger in memory stand as if this had been recorded behind everything that is in it. Only for a ledger that
 * nobody writes or shows as it is: nothing is stored, and the event has no id that a hash would give.
 */
export function imagine({ state, store }: TrailContext, draft: EventDraft): void {
  const { ledger } = state.event(1).header;
  const id = (state.size + 1).toString(16).padStart(64, '0') as EventId;
  const { type, who, refs, body, identity, prompt } = draft;
  const event = {
    known: true,
    type,
    id,
    headerText: '',
    bodyText: '',
    header: {
      at: new Date().toISOString(),
      body: `sha256:${'0'.repeat(64)}` as Digest,
      ledger,
      n: 1,
      parents: store.heads,
      refs,
      type,
      v: 1,
      who,
      writer: '0'.repeat(32) as WriterId,
      ...(prompt === undefined ? {} : { prompt }),
    },
    body: { ...body, salt: '', tool: '', utcOffset: 0, identity },
  };
  state.apply(event as unknown as KnownEvent);
}

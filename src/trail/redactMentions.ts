import { eventRow } from '../core/eventRows.js';
import type { Digest } from '../core/ids.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { TrailContext } from './context.js';
import type { Mention } from './redactApi.js';

/** Shorter names would be found everywhere. In UTF-16 units. */
const shortestName = 3;

/** Where names or addresses still stand in the trail besides `without`: bodies, and the texts of versions. */
export async function mentionsOf(
  context: TrailContext,
  names: readonly string[],
  without: readonly RedactionTarget[],
): Promise<readonly Mention[]> {
  const { state, store, finalSize } = context;
  const wanted = names.filter((name) => name.trim().length >= shortestName);
  if (wanted.length === 0) return [];
  const plain = wanted.map((name) => name.toLowerCase());
  // As the name stands in canonical JSON.
  const quoted = plain.map((name) => JSON.stringify(name).slice(1, -1));
  const removed = new Set<string>(without);
  const texts = new Map<Digest, boolean>();
  const mentions: Mention[] = [];
  const add = (seq: number, part: Mention['part']): void => {
    const { summary, path } = eventRow(state, finalSize, seq);
    mentions.push({ event: state.idAt(seq), seq, part, what: summary, path });
  };
  for (let seq = 1; seq <= state.size; seq++) {
    const event = state.event(seq);
    const body = event.bodyText?.toLowerCase();
    if (!removed.has(event.id) && quoted.some((name) => body?.includes(name))) add(seq, 'body');
    if (!event.known || event.type !== 'version.proposed') continue;
    const { digest } = event.header.refs;
    if (removed.has(digest) || texts.has(digest) || !store.hasContent(digest)) continue;
    const text = Buffer.from(await store.content(digest))
      .toString('utf8')
      .toLowerCase();
    const found = plain.some((name) => text.includes(name));
    texts.set(digest, found);
    if (found) add(seq, 'content');
  }
  return mentions;
}

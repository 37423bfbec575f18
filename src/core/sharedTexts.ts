import type { JsonValue } from './canonicalJson.js';
import { isEventId, isRandomId, type EventId } from './ids.js';
import { StringPool } from './stringPool.js';

/** Only checked ids come into these pools. Most ids of a header are those of one before it. */
const randomIds = new StringPool(2048);
const eventIds = new StringPool(2048);
let newest: EventId | undefined;

/** Names of tools and paths of prompts. */
const shortTexts = new StringPool(1024);
const maxSharedLength = 256;

/** The shared copy of an event's id, since its children will name it soon; undefined for what is none. */
export function sharedEventId(id: JsonValue | undefined): EventId | undefined {
  if (typeof id !== 'string') return undefined;
  if (id === newest) return newest;
  const known = eventIds.get(id) ?? (isEventId(id) ? eventIds.put(id) : undefined);
  return known as EventId | undefined;
}

/** The same for the id of an event that was just hashed: its first child names it next, nearly always. */
export function newestEventId(id: EventId): EventId {
  newest = id;
  return eventIds.put(id) as EventId;
}

/** The shared copy of an id of a person, prompt, writer or ledger; undefined for what is none. */
export function sharedRandomId(id: JsonValue | undefined): string | undefined {
  if (typeof id !== 'string') return undefined;
  return randomIds.get(id) ?? (isRandomId(id) ? randomIds.put(id) : undefined);
}

/** Swaps the texts of a parsed body that many bodies have for their shared copies. */
export function shareBodyTexts(body: { [key: string]: JsonValue }): void {
  for (const name of ['tool', 'path']) {
    const text = body[name];
    if (typeof text !== 'string' || text.length > maxSharedLength) continue;
    body[name] = shortTexts.get(text) ?? shortTexts.put(text);
  }
}

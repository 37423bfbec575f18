import { isEventId } from '../core/ids.js';
import { PromptAuditError } from '../core/errors.js';
import type { EventDetail, Trail } from '../trail/api.js';

/** Fewer digits of an id name nothing. */
export const fewestDigits = 7;

const idStart = new RegExp(`^[0-9a-f]{${fewestDigits},63}$`);

/** Whether this can be the beginning of an event id, or the whole of it. */
export function isIdStart(argument: string): boolean {
  return isEventId(argument) || idStart.test(argument);
}

/** The event whose id begins with `argument`; null when it looks like no event id or none has it. */
export async function eventNamed(argument: string, trail: Trail): Promise<EventDetail | null> {
  if (isEventId(argument)) return await trail.detail(argument);
  if (!isIdStart(argument)) return null;
  const matching = await trail.log({ idPrefix: argument });
  if (matching.length > 1) {
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message: `${matching.length} events begin with ${argument}.`,
      remedy: 'Give more digits of the event id.',
    });
  }
  return matching[0] === undefined ? null : await trail.detail(matching[0].id);
}

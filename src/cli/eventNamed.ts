import { isEventId } from '../core/ids.js';
import { PromptAuditError } from '../core/errors.js';
import type { EventDetail, Trail } from '../trail/api.js';

/** The event whose id begins with `argument`; null when it looks like no event id or none has it. */
export function eventNamed(argument: string, trail: Trail): EventDetail | null {
  if (isEventId(argument)) return trail.detail(argument);
  if (!/^[0-9a-f]{7,63}$/.test(argument)) return null;
  const matching = trail.log().filter((row) => row.id.startsWith(argument));
  if (matching.length > 1) {
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message: `${matching.length} events begin with ${argument}.`,
      remedy: 'Give more digits of the event id.',
    });
  }
  return matching[0] === undefined ? null : trail.detail(matching[0].id);
}

import type { EventId } from '../core/ids.js';
import { factText } from '../core/reasons.js';
import type { VersionRow } from '../core/rows.js';
import type { Trail } from '../trail/api.js';
import { printable } from './printable.js';

/**
 * Why an approval that was just recorded counts for no rule, as the end of a line; empty where it counts for one.
 * `approval` null: the newest decision on the version.
 */
export async function uncountedText(
  trail: Trail,
  version: VersionRow,
  approval: EventId | null = null,
): Promise<string> {
  const id = approval ?? version.decisions.at(-1)?.id;
  if (id === undefined) return '';
  const explanation = await trail.explain(version.id);
  const own = explanation?.decisions.filter(({ event }) => event === id) ?? [];
  const faults = new Set(own.flatMap((one) => one.faults));
  if (own.some(({ counts }) => counts) || faults.size === 0) return '';
  return `It does not count: ${[...faults].map((code) => printable(factText(code))).join('; ')}.\n`;
}

import { fill } from '../fill.js';
import type { TimelineRow } from '../protocol.js';
import type { ViewContext } from './context.js';

/** What was redacted of an event, by whom, when and why: one sentence each. */
export function redactionLines({ strings, times }: ViewContext, row: TimelineRow): string[] {
  return (row.redactions ?? []).map(({ part, by, at, reason }) => {
    const words = part === 'content' ? strings.detail.redactedText : strings.detail.redactedBody;
    return fill(words, by, times.day(at), reason);
  });
}

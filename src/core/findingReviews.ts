import { findingKey, verdictOfCode } from './findingKinds.js';
import type { EventOf } from './event.js';
import type { Finding, FindingReview, ReportedFinding } from './rows.js';
import type { LedgerState, Placed } from './state.js';

/** What a `trail.reviewed` event of this kind says in `scope`; its `findings` are keys, one a line. */
export const findingsScope = 'verify';

const keyPattern = /^[0-9a-f]{16}\b/;

/** The latest review of each finding, by its key. */
export function findingReviews(state: LedgerState): ReadonlyMap<string, FindingReview> {
  const reviews = new Map<string, FindingReview>();
  for (const { seq, event } of reviewEvents(state)) {
    if (event.body?.scope !== findingsScope) continue;
    const review: FindingReview = {
      event: event.id,
      by: state.persons.ref(event.header.who, (other) => other <= seq),
      at: event.header.at,
      disposition: event.body.disposition,
    };
    for (const line of event.body.findings.split('\n')) {
      const key = keyPattern.exec(line)?.[0];
      if (key !== undefined) reviews.set(key, review);
    }
  }
  return reviews;
}

/** A finding with its verdict, its key and who reviewed it. */
export function reported(
  found: Finding,
  reviews: ReadonlyMap<string, FindingReview>,
): ReportedFinding {
  const key = findingKey(found);
  return {
    ...found,
    verdict: verdictOfCode(found.code),
    key,
    reviewed: reviews.get(key) ?? null,
  };
}

function* reviewEvents(state: LedgerState): Iterable<Placed<EventOf<'trail.reviewed'>>> {
  for (let seq = 1; seq <= state.size; seq++) {
    if (state.typeAt(seq) !== 'trail.reviewed') continue;
    const event = state.event(seq);
    if (event.known && event.type === 'trail.reviewed') yield { seq, event };
  }
}

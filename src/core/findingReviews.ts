import { findingKey, verdictOfCode } from './findingKinds.js';
import type { EventOf } from './event.js';
import type { EventId } from './ids.js';
import type { Finding, FindingReview, ReportedFinding, ReviewFault } from './rows.js';
import { isSigned } from './signatures.js';
import { everything, type LedgerState, type Placed } from './state.js';

/** What a `trail.reviewed` event of this kind says in `scope`; its `findings` are keys, one a line. */
export const findingsScope = 'verify';

/** The reviews of a finding, the newest first. */
export type ReviewsOf = (found: Finding, key: string) => readonly FindingReview[];

/** Where no ledger can be read. */
export const noReviews: ReviewsOf = () => [];

const keyPattern = /^[0-9a-f]{16}\b/;

/**
 * What a ledger says of findings, and which of that counts (docs/LEDGER.md, "Reviews of findings"). `besides`: keys
 * of findings of one clone, each with the review that is about it although it names another clone's key.
 */
export function findingReviews(
  state: LedgerState,
  besides: ReadonlyMap<string, EventId> = new Map(),
): ReviewsOf {
  const reviews = new Map<string, Placed<Review>[]>();
  for (const placed of reviewEvents(state)) {
    const { body } = placed.event;
    if (body?.scope !== findingsScope) continue;
    const named = body.findings.split('\n').map((line) => keyPattern.exec(line)?.[0]);
    const meant = [...besides].flatMap(([key, id]) => (id === placed.event.id ? [key] : []));
    const keys = [...named, ...meant];
    for (const key of new Set(keys)) {
      if (key === undefined) continue;
      const those = reviews.get(key);
      if (those === undefined) reviews.set(key, [placed]);
      else those.push(placed);
    }
  }
  return (found, key) =>
    (reviews.get(key) ?? [])
      .flatMap((placed) => reviewOf(state, placed, found.event) ?? [])
      .reverse();
}

/** A finding with its verdict, its key and who reviewed it. */
export function reported(found: Finding, reviewsOf: ReviewsOf): ReportedFinding {
  const key = findingKey(found);
  const [reviewed = null, ...earlier] = reviewsOf(found, key);
  return {
    ...found,
    verdict: verdictOfCode(found.code),
    key,
    reviewed,
    earlier,
    settled: [reviewed, ...earlier].some((review) => review?.notCounting === null),
  };
}

type Review = EventOf<'trail.reviewed'>;

function reviewOf(
  state: LedgerState,
  { seq, event }: Placed<Review>,
  about: EventId | null,
): FindingReview | null {
  if (event.body === null) return null;
  const { who, at } = event.header;
  const attended = event.body.identity === 'git';
  const signed = isSigned(state, event.id, everything);
  return {
    event: event.id,
    by: state.persons.ref(who, (other) => other <= seq),
    at,
    disposition: event.body.disposition,
    attended,
    signed,
    notCounting: faultOf(state, event, about) ?? (attended || signed ? null : 'unattended'),
  };
}

/** Nobody judges what they recorded themselves; a finding about no event has no such person. */
function faultOf(state: LedgerState, review: Review, about: EventId | null): ReviewFault | null {
  if (about === null) return null;
  const seq = state.seqOf(about);
  if (seq === undefined) return 'event-unknown';
  const { who, writer } = state.event(seq).header;
  const { persons } = state;
  if (persons.same(who) === persons.same(review.header.who)) return 'same-person';
  return writer === review.header.writer ? 'same-clone' : null;
}

function* reviewEvents(state: LedgerState): Iterable<Placed<Review>> {
  for (const seq of state.seqsOfType('trail.reviewed')) {
    const event = state.event(seq);
    if (event.known && event.type === 'trail.reviewed') yield { seq, event };
  }
}

import type { FindingReview, ReviewFault } from '../core/rows.js';
import { printable } from './printable.js';
import { localTime } from './time.js';
import { plural } from './words.js';

const mostShown = 5;

const faults: Readonly<Record<ReviewFault, string>> = {
  'same-person': 'does not count: by the person who recorded the event',
  'same-clone': 'does not count: from the clone that recorded the event',
  unattended: 'does not count: unattended, and without a signature that counts',
  'event-unknown': 'does not count: the event is not in the ledger here',
};

/** The reviews of one finding for people, the newest first; of many the newest, and how many there are before. */
export function reviewLines(reviews: readonly FindingReview[]): readonly string[] {
  const lines = reviews.slice(0, mostShown).map(reviewLine);
  const older = reviews.slice(mostShown);
  if (older.length === 0) return lines;
  const counting = older.filter(({ notCounting }) => notCounting === null).length;
  const more = `${plural(older.length, 'review')} before, of which ${counting} count`;
  return [...lines, `  reviewed  ${more}: prompt-audit log --type trail.reviewed`];
}

function reviewLine({ disposition, by, at, attended, signed, notCounting }: FindingReview): string {
  const how = [
    by.name,
    localTime(at),
    attended ? 'attended' : 'unattended',
    signed ? 'signed' : 'not signed',
    ...(notCounting === null ? [] : [faults[notCounting]]),
  ];
  return `  reviewed  ${printable(disposition)} (${printable(how.join(', '))})`;
}

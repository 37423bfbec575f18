import { pointText } from './evidence.js';
import type { BranchPoint } from './resolveApi.js';

/** What a `trail.reviewed` event says that `resolve` recorded (resolveRemote.ts): text for people, and to be read again. */
export interface Resolution {
  readonly keep: 'ours' | 'theirs';
  /** What the clone that resolved had seen. */
  readonly ours: BranchPoint | null;
  /** What the remote showed; null where it had no branch. */
  readonly theirs: BranchPoint | null;
}

const words = 'Ledger branch resolved';
const kept = { ours: 'what was seen here', theirs: 'what the remote shows' } as const;

export const isResolution = (disposition: string): boolean => disposition.startsWith(words);

/** The `disposition` of that event; `remote` and `reason` are one line each. */
export function dispositionOf(
  { keep, ours, theirs }: Resolution,
  remote: string,
  reason: string,
): string {
  const seen = ours === null ? 'nothing' : pointText(ours);
  const there = theirs === null ? 'no branch' : pointText(theirs);
  return `${words}: kept ${kept[keep]}, because ${reason}. Seen here: ${seen}. On ${remote}: ${there}.`;
}

/** What a disposition says, whoever wrote it; null where it is no such text. */
export function resolutionIn(disposition: string): Resolution | null {
  const side = (['ours', 'theirs'] as const).find((one) =>
    disposition.startsWith(`${words}: kept ${kept[one]}, because `),
  );
  // The reason before it may hold the same words.
  const start = '. Seen here: ';
  const tail = disposition.slice(disposition.lastIndexOf(start) + start.length);
  const points = /^([^.]*)\. On \S+: ([^.]*)\.$/.exec(tail);
  if (side === undefined || points === null) return null;
  return { keep: side, ours: pointIn(points[1]!), theirs: pointIn(points[2]!) };
}

function pointIn(text: string): BranchPoint | null {
  if (text === 'nothing' || text === 'no branch') return null;
  const size = /^(\d{1,15}) events\b/.exec(text)?.[1];
  const root = /\broot ([0-9a-f]{64})\b/.exec(text)?.[1] ?? null;
  const commit = /\bcommit ([0-9a-f]{64}|[0-9a-f]{40})\b/.exec(text)?.[1] ?? null;
  return { ledger: null, size: size === undefined ? null : Number(size), root, commit };
}

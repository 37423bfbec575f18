import type { LedgerEvent } from '../core/event.js';
import { isDigest, type Digest } from '../core/ids.js';

/** The digests in an event's refs, in the order of their names. */
export function digestsNamed(event: LedgerEvent): readonly Digest[] {
  const refs = (event.header as unknown as { refs: Record<string, unknown> }).refs;
  return Object.keys(refs)
    .sort()
    .map((name) => refs[name])
    .filter(isDigest);
}

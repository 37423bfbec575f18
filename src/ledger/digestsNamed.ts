import type { LedgerEvent } from '../core/event.js';
import { isDigest, type Digest } from '../core/ids.js';
import { noAttachments, type Attachments } from './attachments.js';

/** The digests in an event's refs, in the order of their names. */
export function digestsNamed(event: LedgerEvent): readonly Digest[] {
  const refs = (event.header as unknown as { refs: Record<string, unknown> }).refs;
  return Object.keys(refs)
    .sort()
    .map((name) => refs[name])
    .filter(isDigest);
}

/** Those of these attachments that the events name, in the order of the events. */
export function attachmentsNamed(events: readonly LedgerEvent[], all: Attachments): Attachments {
  const named = noAttachments();
  for (const digest of events.flatMap(digestsNamed)) {
    const content = all.contents.get(digest);
    if (content) named.contents.set(digest, content);
    const signature = all.signatures.get(digest);
    if (signature) named.signatures.set(digest, signature);
  }
  return named;
}

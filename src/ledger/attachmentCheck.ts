import type { Digest, EventId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import type { Attachments } from './attachments.js';
import type { PlacedEvent } from './chainCheck.js';
import { finding, restoreRemedy } from './findings.js';

/** What `redacted` events name: event ids and digests whose absence is explained. */
export function redactedTargets(events: readonly PlacedEvent[]): ReadonlySet<EventId | Digest> {
  const targets = new Set<EventId | Digest>();
  for (const { event } of events) {
    if (event.known && event.type === 'redacted') targets.add(event.header.refs.target);
  }
  return targets;
}

/**
 * Bodies, texts of versions and signatures that ought to be there and are not
 * (docs/LEDGER.md, "Attachments"). `broken` are events whose body has a finding already.
 */
export function checkAttachments(
  events: readonly PlacedEvent[],
  attachments: Attachments,
  broken: ReadonlySet<EventId> = new Set(),
): Finding[] {
  const redacted = redactedTargets(events);
  const findings: Finding[] = [];
  for (const { seq, event } of events) {
    const { id } = event;
    const missing = (code: string, what: string, digest: Digest): void => {
      findings.push(
        finding({
          code,
          seq,
          event: id,
          message: `${what} is missing, and no redaction explains it.`,
          expected: digest,
          remedy: restoreRemedy,
        }),
      );
    };
    if (event.bodyText === null && !redacted.has(id) && !broken.has(id)) {
      missing('body.missing', `The body of event ${seq}`, event.header.body);
    }
    if (!event.known) continue;
    if (event.type === 'version.proposed') {
      const { digest } = event.header.refs;
      if (!attachments.contents.has(digest) && !redacted.has(digest)) {
        missing('content.missing', `The text of the version that event ${seq} proposes`, digest);
      }
    } else if (event.type === 'signature.attached') {
      const { signature } = event.header.refs;
      if (!attachments.signatures.has(signature)) {
        missing('signature.missing', `The signature that event ${seq} names`, signature);
      }
    }
  }
  return findings;
}

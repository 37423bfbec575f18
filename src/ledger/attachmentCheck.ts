import type { LedgerEvent } from '../core/event.js';
import type { Digest, EventId } from '../core/ids.js';
import { authorisedRedactions, type RedactionTarget } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import { LedgerState } from '../core/state.js';
import type { Attachments } from './attachments.js';
import type { Ground, LedgerBase } from './base.js';
import type { PlacedEvent } from './chainCheck.js';
import { finding, FindingList, restoreRemedy } from './findings.js';
import { isBodyless } from './slimEvent.js';

/** Event ids and digests whose absence an authorised redaction explains. */
export function redactedTargets(
  base: LedgerBase | null,
  tail: readonly LedgerEvent[],
): ReadonlySet<RedactionTarget> {
  const any = tail.some((event) => event.known && event.type === 'redacted');
  if (!any && (base === null || base.data.state.redactions.length === 0)) return new Set();
  const state = new LedgerState(base?.restore() ?? null);
  for (const event of tail) state.apply(event);
  return new Set(authorisedRedactions(state).keys());
}

/** What is missing and not among the targets of redactions. */
export const unexplained = (
  missing: readonly Finding[],
  redacted: ReadonlySet<RedactionTarget>,
): readonly Finding[] =>
  missing.filter(({ code, event, expected }) => {
    const target = code === 'content.missing' ? (expected as Digest) : event;
    return target === null || !redacted.has(target);
  });

export interface AttachmentContext {
  /** What stands before the events. */
  readonly ground: Pick<Ground, 'hasContent'> | null;
  /** What need not be there. */
  readonly redacted: ReadonlySet<RedactionTarget>;
  /** Events whose body has a finding already. */
  readonly broken?: ReadonlySet<EventId>;
}

/**
 * Bodies, texts of versions and signatures that ought to be there and are not
 * (docs/LEDGER.md, "Attachments").
 */
export function checkAttachments(
  events: readonly PlacedEvent[],
  attachments: Attachments,
  { ground, redacted, broken = new Set() }: AttachmentContext,
): Finding[] {
  const findings = new FindingList();
  for (const { seq, event } of events) {
    const { id } = event;
    const missing = (code: string, what: string, digest: Digest): void => {
      findings.add(
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
    if (isBodyless(event) && !redacted.has(id) && !broken.has(id)) {
      missing('body.missing', `The body of event ${seq}`, event.header.body);
    }
    if (!event.known) continue;
    if (event.type === 'version.proposed') {
      const { digest } = event.header.refs;
      const held = attachments.contents.has(digest) || ground?.hasContent(digest) === true;
      if (!held && !redacted.has(digest)) {
        missing('content.missing', `The text of the version that event ${seq} proposes`, digest);
      }
    } else if (event.type === 'signature.attached') {
      const { signature } = event.header.refs;
      if (!attachments.signatures.has(signature)) {
        missing('signature.missing', `The signature that event ${seq} names`, signature);
      }
    }
  }
  return findings.all;
}

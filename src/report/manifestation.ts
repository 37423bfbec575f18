import { upTo } from '../core/eventRows.js';
import { identitiesIn } from '../core/identities.js';
import type { EventId } from '../core/ids.js';
import { revocationsOf } from '../core/revocations.js';
import type { PersonRef, SignatureRow } from '../core/rows.js';
import { isSigned, signatureRows } from '../core/signatures.js';
import { everything, type VersionRecord } from '../core/state.js';
import type { EvidenceView } from './view.js';

/** Who decided what, when and with which meaning: what has to be printed wherever a signed decision is shown. */
export interface Manifestation {
  readonly event: EventId;
  readonly by: PersonRef;
  readonly decision: VersionRecord['decisions'][number]['event']['header']['refs']['decision'];
  /** By the clock of who decided, UTC; and its minutes east of UTC, null where the details are gone. */
  readonly at: string;
  readonly utcOffset: number | null;
  readonly meaning: string | null;
  readonly reason: string | null;
  readonly envs: readonly string[] | null;
  readonly unattended: boolean;
  readonly digest: string;
  readonly policy: string;
  /** The newest one that is good; else the newest; null where nobody signed. */
  readonly signature: SignatureRow | null;
  /** Whether a signature counts as that person's own. */
  readonly isSigned: boolean;
  readonly revokedBy: EventId | null;
  readonly isRedacted: boolean;
}

export function manifestationOf(
  view: EvidenceView,
  decision: VersionRecord['decisions'][number],
): Manifestation {
  const { state } = view;
  const { seq, event } = decision;
  const { header, body } = event;
  const rows = signatureRows(state, event.id, everything);
  const identities = identitiesIn({ state, policy: view.policy, scope: everything });
  const [revoked] = revocationsOf(state, decision, everything, identities);
  return {
    event: event.id,
    by: state.persons.ref(header.who, upTo(seq)),
    decision: header.refs.decision,
    at: header.at,
    utcOffset: body?.utcOffset ?? null,
    meaning: body === null || body.meaning === '' ? null : body.meaning,
    reason: body?.reason ?? null,
    envs: header.refs.envs ?? null,
    unattended: body?.identity === 'unattended',
    digest: header.refs.digest,
    policy: header.refs.policy,
    signature: rows.findLast(({ status }) => status === 'good') ?? rows.at(-1) ?? null,
    isSigned: isSigned(state, event.id, everything),
    revokedBy: revoked?.event.id ?? null,
    isRedacted: body === null,
  };
}

/** What can be said of a signature, in words. */
export function signatureWords({ signature, isSigned: counts }: Manifestation): string {
  if (signature === null) return 'not signed: the name is what git claims';
  if (counts) return 'signed with a key of this person';
  return `a signature that does not count (${signature.status})`;
}

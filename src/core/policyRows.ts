import { upTo } from './eventRows.js';
import type { PolicySource } from './event.js';
import type { Digest, EventId } from './ids.js';
import type { PersonRef } from './rows.js';
import type { LedgerState } from './state.js';

/**
 * Whether an adopted policy ever stood on the protected branch. `yes`: its commit is on that branch and has these
 * bytes. `later`: it was adopted from a work tree, and a commit of that branch has its bytes. `never`: the branch has, or
 * had, other bytes only. `left`: its commit is not in the history of that branch now, but it or its bytes stood there. `none`: no policy ever stood on that branch. `unknown`: nobody can tell here.
 */
export type PolicyProtection = 'yes' | 'later' | 'left' | 'never' | 'none' | 'unknown';

/** One adoption of a policy. */
export interface PolicyRow {
  readonly seq: number;
  readonly event: EventId;
  readonly digest: Digest;
  /** The writer's clock. */
  readonly at: string;
  /** When the next one was adopted; null while it is in force. */
  readonly until: string | null;
  readonly adoptedBy: PersonRef;
  /** Null where the details were redacted. */
  readonly source: PolicySource | null;
  readonly commit: string | null;
  readonly protection: PolicyProtection;
  /** False while only this clone has the event. */
  readonly synced: boolean;
}

/** Every adoption, in the agreed order. */
export function policyRows(
  state: LedgerState,
  syncedSize: number,
  protection: ReadonlyMap<EventId, PolicyProtection>,
): readonly PolicyRow[] {
  return state.policies.map(({ seq, event }, i) => ({
    seq,
    event: event.id,
    digest: event.header.refs.policy,
    at: event.header.at,
    until: state.policies[i + 1]?.event.header.at ?? null,
    adoptedBy: state.persons.ref(event.header.who, upTo(seq)),
    source: event.body?.source ?? null,
    commit: event.body?.commit ?? null,
    protection: protection.get(event.id) ?? 'unknown',
    synced: seq <= syncedSize,
  }));
}

/** The one in force at a time (ISO 8601; null: now): of those adopted by then, the last in the agreed order. */
export function rowInForce(rows: readonly PolicyRow[], at: string | null): PolicyRow | undefined {
  return rows.findLast((row) => at === null || row.at <= at);
}

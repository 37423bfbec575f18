import type { Trail } from '../trail/api.js';
import type { EventId } from '../core/ids.js';
import { plural } from './words.js';

export const clockCaveat =
  "Times are the writers' own clocks; order is proven by the chain, not by them.";

export const futureCaveat = 'That time has not come: the answer holds for what is recorded now.';

/** What §10 of the design asks every verdict to say: how far it can be trusted. */
export function trustCaveat(
  allSeenByRemote: boolean,
  signed: Signed = { signed: 0, of: 0 },
): string {
  const seen = allSeenByRemote
    ? 'seen by another custodian (pushed)'
    : 'hash chain only, in this clone only';
  if (signed.of > 0 && signed.signed === signed.of) {
    const level = allSeenByRemote ? 'L1 and L2' : 'L1';
    return `Trust level ${level}: signed with the own keys of those who acted; ${seen}.`;
  }
  const names =
    signed.signed === 0
      ? 'without signatures'
      : `${signed.signed} of ${signed.of} with signatures of their own keys`;
  return `Trust level ${allSeenByRemote ? 'L2' : 'L0'}: ${seen}. Names come from git, ${names}.`;
}

/** How many of the answers rest on signatures that count. */
export interface Signed {
  readonly signed: number;
  readonly of: number;
}

/** For answers of which some events were not synced yet; empty when all were. */
export function unsyncedCaveats(count: number, mark = ''): string[] {
  return count === 0
    ? []
    : [
        `${plural(count, 'event is', 'events are')} only in this clone yet${mark}: ` +
          'their order and version numbers may still change. Run "prompt-audit sync".',
      ];
}

/** How many of these events the remote does not have. */
export async function countUnsynced(trail: Trail, events: readonly EventId[]): Promise<number> {
  const rows = await trail.rows(events);
  return rows.filter((row) => row?.synced !== true).length;
}

/** Whether another custodian has all events. Without a remote there is none. */
export async function allPushed(trail: Trail): Promise<boolean> {
  const exchange = await exchangeOf(trail);
  return exchange.remote !== null && exchange.unsent === 0;
}

/** Whether another custodian has these events. */
export async function arePushed(trail: Trail, events: readonly EventId[]): Promise<boolean> {
  return (await countUnsynced(trail, events)) === 0 && (await exchangeOf(trail)).remote !== null;
}

async function exchangeOf(trail: Trail): Promise<{ remote: string | null; unsent: number }> {
  try {
    return await trail.status();
  } catch {
    // A policy that cannot be read stops `status`; an answer about the past must not fail by it,
    // so it claims the lowest level of trust.
    return { remote: null, unsent: 0 };
  }
}

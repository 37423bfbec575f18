import type { IdentityAssertion } from '../core/event.js';
import { findingsScope } from '../core/findingReviews.js';
import type { EventId } from '../core/ids.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { signNow } from './signNow.js';

/** What somebody says about findings, and how this was asserted to be them. */
export interface Review {
  /** One a line: the key of the finding, its code, and what else tells it from others. */
  readonly findings: readonly string[];
  readonly disposition: string;
  readonly identity: IdentityAssertion;
}

/** Records that whoever acts here looked at findings (`trail.reviewed`), and signs it where that is set up. */
export async function recordReview(
  context: TrailContext,
  { findings, disposition, identity }: Review,
): Promise<EventId> {
  const who = await declareActor(context);
  const { id } = await context.transact((tx) =>
    tx.append({
      type: 'trail.reviewed',
      who,
      refs: {},
      body: { scope: findingsScope, findings: findings.join('\n'), disposition },
      identity,
    }),
  );
  await signNow(context, who, [id]);
  return id;
}

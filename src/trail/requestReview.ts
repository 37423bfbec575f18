import type { VersionRow } from '../core/rows.js';
import type { VersionRecord } from '../core/state.js';
import { versionRow } from '../core/versionRows.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { resolveVersion } from './resolveVersion.js';
import type { RequestReviewInput } from './reviewApi.js';
import { namingPolicy, reviewersNamed } from './reviewersNamed.js';

/** Asks people to review a version. Throws `person.unknown`, and what resolving throws. */
export async function requestReview(
  context: TrailContext,
  input: RequestReviewInput,
): Promise<VersionRow> {
  const meant = (): VersionRecord => resolveVersion(context, input.target, { forWriting: true });
  const policy = await namingPolicy(context);
  reviewersNamed(context, input.reviewers, { who: null, version: meant(), policy });
  const who = await declareActor(context);
  const version = await context.transact((tx) => {
    const version = meant();
    const { persons, drafts } = reviewersNamed(context, input.reviewers, {
      who,
      version,
      policy,
    });
    for (const draft of drafts) tx.append(draft);
    tx.append({
      type: 'review.requested',
      who,
      prompt: version.prompt.id,
      refs: { version: version.event.id, persons },
      body: { note: input.note?.trim() || null },
      identity: input.identity,
    });
    return version;
  });
  return versionRow(context.view, context.state.versions.get(version.event.id)!);
}

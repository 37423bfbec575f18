import type { EventType } from './event.js';
import { isDigest } from './ids.js';
import { shortHash, versionLabel } from './labels.js';
import type { RedactionTarget } from './redaction.js';
import type { LedgerState } from './state.js';

/** What a redaction removes, in words: "the text of v3", "the details of a decision". */
export function redactedWhat(
  state: LedgerState,
  target: RedactionTarget,
  syncedSize: number,
): string {
  if (isDigest(target)) {
    const labels = state
      .withBytes(target)
      .map(({ id }) => state.versions.get(id))
      .filter((version) => version !== undefined)
      .map((version) => versionLabel(version, syncedSize));
    return labels.length === 0
      ? `the text ${shortHash(target)} of a draft`
      : `the text of ${[...new Set(labels)].join(' and ')}`;
  }
  const seq = state.seqOf(target);
  const version = state.versions.get(target);
  if (version !== undefined) return `the note of ${versionLabel(version, syncedSize)}`;
  const type = seq === undefined ? undefined : state.typeAt(seq);
  return `the details of ${names[type as EventType] ?? 'an event'}`;
}

const names: { readonly [T in EventType]?: string } = {
  'person.declared': 'a person',
  'policy.adopted': 'a policy',
  'prompt.retired': 'the end of a prompt',
  'revision.saved': 'a revision',
  'revision.observed': 'a revision',
  'version.withdrawn': 'a withdrawal',
  'review.decided': 'a decision',
  'review.revoked': 'a revocation',
  'review.commented': 'a comment',
  'review.requested': 'a request for reviews',
  'review.resolved': 'a resolved comment',
  'deployment.recorded': 'a deployment',
  'deployment.ended': 'the end of a deployment',
  'deployment.reviewed': 'a review of a deployment',
  'recorder.paused': 'a pause',
  'recorder.resumed': 'the end of a pause',
  'trail.reviewed': 'a review of the trail',
  'trail.exported': 'an export',
  'history.imported': 'an import',
};

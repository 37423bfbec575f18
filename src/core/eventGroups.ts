import type { EventType } from './event.js';

/** Kinds of event in the words of people; unknown types are `other`. */
export type EventGroup =
  'edits' | 'versions' | 'decisions' | 'deployments' | 'refusals' | 'people' | 'other';

/** The group of each known type; everything else is `other`. */
const groupOfType: Readonly<Record<EventType, EventGroup>> = {
  'ledger.created': 'other',
  'person.declared': 'people',
  'person.joined': 'people',
  'policy.adopted': 'people',
  'prompt.registered': 'edits',
  'prompt.moved': 'edits',
  'prompt.removed': 'edits',
  'prompt.retired': 'edits',
  'revision.saved': 'edits',
  'revision.observed': 'edits',
  'version.proposed': 'versions',
  'version.withdrawn': 'versions',
  'review.requested': 'decisions',
  'review.decided': 'decisions',
  'review.revoked': 'decisions',
  'review.commented': 'decisions',
  'review.resolved': 'decisions',
  'deployment.recorded': 'deployments',
  'deployment.reviewed': 'deployments',
  'deployment.ended': 'deployments',
  'attempt.denied': 'refusals',
  'signature.attached': 'other',
  'recorder.paused': 'other',
  'recorder.resumed': 'other',
  redacted: 'other',
  'history.purged': 'other',
  'trail.reviewed': 'other',
  'trail.exported': 'other',
  'history.imported': 'other',
};

/** The group of an event type, unknown ones included. */
export function groupOf(type: string): EventGroup {
  return Object.hasOwn(groupOfType, type) ? groupOfType[type as EventType] : 'other';
}

export const eventGroups: readonly EventGroup[] = [
  'edits',
  'versions',
  'decisions',
  'deployments',
  'refusals',
  'people',
  'other',
];

/** How many of each group there are. */
export type GroupCounts = Readonly<Record<EventGroup, number>>;

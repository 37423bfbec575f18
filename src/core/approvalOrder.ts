import type { EventId } from './ids.js';

/** Something that came after a deployment, or of which nobody can tell whether it did. */
export interface LaterNote {
  readonly what: 'revoked' | 'rejected' | 'changes-requested' | 'withdrawn' | 'retired';
  readonly event: EventId;
  readonly order: 'after' | 'unknown';
}

export type ApprovalOrder = 'proven' | 'after' | 'unknown';

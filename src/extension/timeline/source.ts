import type { Event } from 'vscode';
import type { Explanation } from '../../core/explainRows.js';
import type { EventId, PromptId } from '../../core/ids.js';
import type { PersonRef, VerifyReport } from '../../core/rows.js';
import type { TakenBack } from '../../webview/protocol.js';
import type { Trail } from '../../trail/api.js';

/** What the timeline needs of a trail. Reads may fail with PromptAuditError. */
export interface TimelineSource extends Pick<Trail, 'page' | 'step' | 'rows' | 'detail'> {
  prompts(): readonly { readonly id: PromptId; readonly path: string }[];
  /** Whether there is another custodian: without one nobody else has seen an event. */
  hasRemote(): boolean;
  /** The last known verdict; null when nothing was verified yet. */
  verification(): VerifyReport | null;
  verifyNow(full: boolean): Promise<VerifyReport>;
  /** Begins the dialogue that says what a finding turned out to be. */
  review?(key: string): Promise<void>;
  openDiff(id: EventId): Promise<void>;
  /** The verdict on an event, rule by rule. */
  explain?(id: EventId): Promise<Explanation | null>;
  /** Begins the dialogue that redacts an event's details or text. */
  redact?(id: EventId): Promise<void>;
  /** The acting person; null where git names nobody. */
  me?(): PersonRef | null;
  /** Begins the dialogue that revokes a decision or withdraws a version. */
  takeBack?(id: EventId, what: TakenBack): Promise<void>;
  /** Copies a proof of the event. */
  copyProof?(id: EventId): Promise<void>;
  /** Fires after anything that the reads return may have changed, the verdict included. */
  readonly onDidChange: Event<void>;
}

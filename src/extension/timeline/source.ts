import type { Event } from 'vscode';
import type { EventType } from '../../core/event.js';
import type { EventId, PromptId } from '../../core/ids.js';
import type { EventRow, VerifyReport } from '../../core/rows.js';
import type { EventDetail } from '../../trail/api.js';

/** Which events; all conditions must hold. */
export interface SourceFilter {
  /** As in `LogFilter`; empty: all. */
  readonly text: string;
  readonly prompt: PromptId | null;
  /** Null: all, those of unknown types too. */
  readonly types: readonly EventType[] | null;
}

/** What the timeline needs of a trail. Reads may throw PromptAuditError. */
export interface TimelineSource {
  /** Oldest first. Called once per filter and change: the timeline keeps the answer. */
  rows(filter: SourceFilter): readonly EventRow[];
  detail(id: EventId): EventDetail | null;
  prompts(): readonly { readonly id: PromptId; readonly path: string }[];
  /** The last known verdict; null when nothing was verified yet. */
  verification(): VerifyReport | null;
  verifyNow(): Promise<VerifyReport>;
  openDiff(id: EventId): Promise<void>;
  /** Fires after anything that the reads return may have changed, the verdict included. */
  readonly onDidChange: Event<void>;
}

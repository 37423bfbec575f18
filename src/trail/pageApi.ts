import type { EventGroup, GroupCounts } from '../core/eventGroups.js';
import type { EventId, PromptId } from '../core/ids.js';
import type { EventRow } from '../core/rows.js';
import type { Watch } from '../core/watch.js';

/** Which events the timeline lists; all conditions must hold. */
export interface EventFilter {
  /** As in LogFilter; empty: all. */
  readonly text: string;
  /** Aliases count as the prompt that they mean. */
  readonly prompt: PromptId | null;
  /** Empty: all groups. */
  readonly groups: readonly EventGroup[];
}

export interface PageQuery {
  readonly filter: EventFilter;
  /** Numbers of pages, from 0; none: those at the newest end. */
  readonly pages: readonly number[];
  /** Also the pages around this event, if it matches. */
  readonly locate: EventId | null;
  /** Answer with the newest matches where a search takes long; the next call goes on with it. */
  readonly partial?: boolean;
  /** Looks on while a text is searched for. */
  readonly watch?: Watch;
}

/** Rows with the ordinals `page * 200` and up; ordinals count matching events, oldest first, from 0. */
export interface EventPage {
  readonly page: number;
  /** Long texts are cut. */
  readonly rows: readonly EventRow[];
}

export interface PageResult {
  /** Events of the ledger. */
  readonly total: number;
  readonly matching: number;
  /** Events of each group that match text and prompt. */
  readonly counts: GroupCounts;
  readonly pages: readonly EventPage[];
  /** Ordinal of the event that was asked for; null when it does not match. */
  readonly located: number | null;
  /** False: only the newest matches are here, because the search is not done. */
  readonly complete: boolean;
}

export interface StepQuery {
  readonly filter: EventFilter;
  readonly from: EventId;
  readonly direction: 'older' | 'newer';
  readonly watch?: Watch;
}

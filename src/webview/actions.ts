import type { EventId } from './protocol.js';
import type {
  Problem,
  ReadyResult,
  RowsResult,
  Summary,
  TimelineDetail,
  TimelineFilter,
} from './protocol.js';

/** Everything that can change the state. */
export type Action =
  | { readonly type: 'ready'; readonly result: ReadyResult; readonly locate: EventId | null }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'dismissed' }
  | { readonly type: 'measured'; readonly viewport: number; readonly rowHeight: number }
  | { readonly type: 'scrolled'; readonly top: number }
  | { readonly type: 'scrollDone' }
  | { readonly type: 'filtered'; readonly filter: TimelineFilter }
  /** Rows of the present filter, for the first time. */
  | {
      readonly type: 'found';
      readonly epoch: number;
      readonly result: RowsResult;
      readonly show: EventId | null;
    }
  /** More rows of a list that is on the screen already. */
  | { readonly type: 'paged'; readonly epoch: number; readonly result: RowsResult }
  /** The list again after the ledger changed; `live` lets new rows push the others down. */
  | {
      readonly type: 'renewed';
      readonly epoch: number;
      readonly result: RowsResult;
      readonly anchor: { readonly id: EventId; readonly ordinal: number } | null;
      readonly live: boolean;
    }
  | { readonly type: 'summary'; readonly summary: Summary }
  | { readonly type: 'moved'; readonly ordinal: number }
  | { readonly type: 'located'; readonly event: EventId; readonly ordinal: number | null }
  | { readonly type: 'opening'; readonly event: EventId }
  | { readonly type: 'opened'; readonly event: EventId; readonly detail: TimelineDetail | null }
  | { readonly type: 'closed' }
  | { readonly type: 'toTop' }
  | { readonly type: 'verifying'; readonly running: boolean }
  | { readonly type: 'findings'; readonly open: boolean }
  | { readonly type: 'said'; readonly text: string }
  | { readonly type: 'tick'; readonly now: number };

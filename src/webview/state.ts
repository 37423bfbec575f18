import type { EventId } from './protocol.js';
import type { Pages } from './pages.js';
import type {
  EventGroup,
  Problem,
  ReadyResult,
  Summary,
  TimelineDetail,
  TimelineFilter,
} from './protocol.js';
import type { Strings } from './strings.js';

export type DetailState =
  | { readonly state: 'closed' }
  | { readonly state: 'loading'; readonly id: EventId; readonly previous: TimelineDetail | null }
  | { readonly state: 'shown'; readonly id: EventId; readonly value: TimelineDetail }
  | { readonly state: 'missing'; readonly id: EventId };

/** The row that the keyboard stands on. */
export interface ActiveRow {
  readonly ordinal: number;
  readonly id: EventId | null;
}

/** Everything that the page draws; changed by `reduce` alone. */
export interface TimelineState {
  /** Null until the host has answered for the first time. */
  readonly host: { readonly locale: string; readonly strings: Strings } | null;
  readonly summary: Summary;
  readonly filter: TimelineFilter;
  /** Counts filters, so that a late answer to an older one is dropped. */
  readonly epoch: number;
  /** True once rows were read; before that an empty list says nothing about the ledger. */
  readonly loaded: boolean;
  /** True while the rows of the present filter have not come yet. */
  readonly filtering: boolean;
  readonly total: number;
  readonly matching: number;
  readonly counts: Readonly<Record<EventGroup, number>>;
  /** False while a search goes on, of which the newest matches are here. */
  readonly complete: boolean;
  readonly pages: Pages;
  readonly scrollTop: number;
  readonly viewport: number;
  readonly rowHeight: number;
  /** A scroll position that the page has yet to bring about; null when there is none. */
  readonly scrollTo: number | null;
  readonly active: ActiveRow | null;
  readonly detail: DetailState;
  /** Events above the viewport that came since the reader was last at the top. */
  readonly unseen: number;
  readonly verifying: boolean;
  readonly findingsOpen: boolean;
  readonly problem: Problem | null;
  /** For the live region. */
  readonly announcement: string;
  /** Milliseconds since 1970, for relative times. */
  readonly now: number;
}

const noCounts: Readonly<Record<EventGroup, number>> = {
  edits: 0,
  versions: 0,
  decisions: 0,
  deployments: 0,
  refusals: 0,
  people: 0,
  other: 0,
};

export function initialState(filter: TimelineFilter, now: number): TimelineState {
  return {
    host: null,
    summary: { prompts: [], verification: { state: 'unknown' } },
    filter,
    epoch: 0,
    loaded: false,
    filtering: true,
    total: 0,
    matching: 0,
    counts: noCounts,
    complete: true,
    pages: new Map(),
    scrollTop: 0,
    viewport: 600,
    rowHeight: 44,
    scrollTo: null,
    active: null,
    detail: { state: 'closed' },
    unseen: 0,
    verifying: false,
    findingsOpen: false,
    problem: null,
    announcement: '',
    now,
  };
}

/** The event whose detail is open or on its way. */
export function openEvent(state: TimelineState): EventId | null {
  return state.detail.state === 'closed' ? null : state.detail.id;
}

export function hostOf(ready: ReadyResult): NonNullable<TimelineState['host']> {
  return { locale: ready.locale, strings: ready.strings };
}

import type { EventId, TakenBack, TimelineFilter } from '../protocol.js';
import type { TimelineState } from '../state.js';
import type { Strings } from '../strings.js';
import type { Times } from '../times.js';

/** What a view may ask for. */
export interface UiCommands {
  setFilter(change: Partial<TimelineFilter>): void;
  resetFilter(): void;
  open(event: EventId, ordinal: number | null): void;
  closeDetail(): void;
  diff(event: EventId): void;
  copy(event: EventId): void;
  copyProof(event: EventId): void;
  redact(event: EventId): void;
  takeBack(event: EventId, what: TakenBack): void;
  step(direction: 'older' | 'newer'): void;
  verify(full: boolean): void;
  review(key: string): void;
  showFindings(open: boolean): void;
  toTop(): void;
  retry(): void;
  dismiss(): void;
}

/** Given to every view: what to draw, in which words, and what to call. */
export interface ViewContext {
  readonly state: TimelineState;
  readonly strings: Strings;
  readonly times: Times;
  readonly number: (value: number) => string;
  readonly ui: UiCommands;
}

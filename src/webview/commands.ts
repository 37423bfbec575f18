import type { Store } from './app.js';
import type { KeyCommand } from './keys.js';
import type { Loader } from './loader.js';
import { mirror, rowAt } from './pages.js';
import type { EventId, TakenBack, TimelineFilter } from './protocol.js';
import { boxOf } from './reduce.js';
import type { HostLink } from './rpc.js';
import type { Runner } from './runner.js';
import { noFilter } from './savedState.js';
import { openEvent } from './state.js';
import type { UiCommands } from './view/context.js';
import { pageStep } from './virtualWindow.js';

/** Where the focus goes after the next drawing. */
export type FocusTarget = 'list' | 'detail' | 'filter' | 'badge' | 'findings';

const toastMilliseconds = 3000;

/** Carries out what buttons and keys ask for. */
export class Commands implements UiCommands {
  /** Set by a command, taken by the painter. */
  focus: FocusTarget | null = null;
  private toast: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly loader: Loader,
    private readonly link: HostLink,
    private readonly runner: Runner,
  ) {}

  setFilter(change: Partial<TimelineFilter>): void {
    this.loader.filter({ ...this.store.state.filter, ...change });
  }

  resetFilter(): void {
    this.focus = 'filter';
    this.loader.filter(noFilter);
  }

  open(event: EventId, ordinal: number | null): void {
    if (ordinal === null) {
      this.focus = 'detail';
    } else {
      this.store.dispatch({ type: 'moved', ordinal });
    }
    this.loader.open(event, ordinal);
  }

  closeDetail(): void {
    this.focus = 'list';
    this.store.dispatch({ type: 'closed' });
  }

  diff(event: EventId): void {
    void this.runner.run(async () => {
      if (!(await this.link.call('diff', { event }))) {
        this.say((strings) => strings.detail.noDiff);
      }
    });
  }

  redact(event: EventId): void {
    void this.runner.run(async () => {
      await this.link.call('redact', { event });
    });
  }

  takeBack(event: EventId, what: TakenBack): void {
    void this.runner.run(async () => {
      await this.link.call('takeBack', { event, what });
    });
  }

  copyProof(event: EventId): void {
    void this.runner.run(async () => {
      await this.link.call('copyProof', { event });
    });
  }

  copy(event: EventId): void {
    void this.runner.run(async () => {
      await this.link.call('copyId', { event });
      this.say((strings) => strings.detail.copied);
    });
  }

  step(direction: 'older' | 'newer'): void {
    const { state } = this.store;
    const event = openEvent(state) ?? state.active?.id ?? null;
    if (event === null) {
      return;
    }
    void this.runner.run(async () => {
      const { filter } = state;
      const next = await this.link.call('step', { filter, event, direction });
      if (next === null) {
        this.say(({ detail }) => (direction === 'older' ? detail.noOlder : detail.noNewer));
      } else {
        this.loader.open(next, null);
      }
    });
  }

  verify(full: boolean): void {
    this.store.dispatch({ type: 'verifying', running: true });
    void this.runner.run(async () => {
      try {
        const summary = await this.link.call('verify', { full });
        this.store.dispatch({ type: 'summary', summary });
      } finally {
        // Also when it was cancelled, which is no problem to tell.
        this.store.dispatch({ type: 'verifying', running: false });
      }
    });
  }

  review(key: string): void {
    const place: FocusTarget = document.activeElement?.closest('#detail') ? 'detail' : 'findings';
    void this.runner.run(async () => {
      await this.link.call('review', { key });
      // The button that was pressed goes away with the review.
      this.focus = place;
      this.store.dispatch({ type: 'tick', now: Date.now() });
    });
  }

  showFindings(open: boolean): void {
    this.focus = 'badge';
    this.store.dispatch({ type: 'findings', open });
  }

  toTop(): void {
    this.focus = 'list';
    this.store.dispatch({ type: 'toTop' });
  }

  retry(): void {
    this.runner.retry();
  }

  dismiss(): void {
    this.store.dispatch({ type: 'dismissed' });
  }

  /** Runs a key; `inList` when the focus is there. */
  key(command: KeyCommand, place: 'list' | 'detail' | 'text' | 'findings' | 'other'): void {
    const { state } = this.store;
    const active = state.active?.id ?? null;
    const open = openEvent(state);
    const target = place === 'list' ? (active ?? open) : (open ?? active);
    switch (command.do) {
      case 'move':
        return this.move(command.by, place);
      case 'open':
        return active === null ? undefined : this.enter(active);
      case 'diff':
        return target === null ? undefined : this.diff(target);
      case 'copy':
        return target === null ? undefined : this.copy(target);
      case 'older':
      case 'newer':
        return this.step(command.do);
      case 'filter':
        this.focus = 'filter';
        return this.store.dispatch({ type: 'tick', now: Date.now() });
      case 'back':
        return this.back(place);
    }
  }

  private enter(event: EventId): void {
    this.focus = 'detail';
    this.loader.open(event, this.store.state.active?.ordinal ?? null);
  }

  private move(by: Extract<KeyCommand, { do: 'move' }>['by'], place: string): void {
    const { state } = this.store;
    const box = boxOf(state);
    if (box.count === 0) {
      return;
    }
    const firstInSight = Math.ceil(state.scrollTop / state.rowHeight);
    const from = state.active === null ? null : mirror(state.matching, state.active.ordinal);
    const target =
      by === 'first'
        ? 0
        : by === 'last'
          ? box.count - 1
          : from === null
            ? firstInSight
            : from + (by === 'page-down' ? pageStep(box) : by === 'page-up' ? -pageStep(box) : by);
    const index = Math.max(0, Math.min(box.count - 1, target));
    if (place === 'text') {
      this.focus = 'list';
    }
    this.store.dispatch({ type: 'moved', ordinal: mirror(state.matching, index) });
  }

  /** One step back: out of the findings, the filter, the detail; then close the detail. */
  private back(place: string): void {
    const { state } = this.store;
    if (place === 'findings' || (state.findingsOpen && place !== 'text')) {
      return this.showFindings(false);
    }
    if (place === 'text' && state.filter.text !== '') {
      return this.setFilter({ text: '' });
    }
    if (place === 'text' || place === 'detail') {
      this.focus = 'list';
      return this.store.dispatch({ type: 'tick', now: Date.now() });
    }
    if (state.detail.state !== 'closed') {
      this.closeDetail();
    }
  }

  private say(pick: (strings: NonNullable<Store['state']['host']>['strings']) => string): void {
    const { host } = this.store.state;
    this.store.dispatch({ type: 'said', text: host === null ? '' : pick(host.strings) });
    clearTimeout(this.toast);
    this.toast = setTimeout(() => {
      this.store.dispatch({ type: 'said', text: '' });
    }, toastMilliseconds);
  }

  /** The row under the pointer or the keyboard, by its place in the list. */
  clickRow(ordinal: number): void {
    const { state } = this.store;
    const row = rowAt(state.pages, state.matching, mirror(state.matching, ordinal));
    if (row !== undefined) {
      this.open(row.id, ordinal);
    }
  }
}

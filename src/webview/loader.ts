import type { EventId } from './protocol.js';
import type { Store } from './app.js';
import { isComplete, mirror, pagesOf, rowAt } from './pages.js';
import type { Problem, TimelineFilter } from './protocol.js';
import { HostProblem } from './rpc.js';
import type { HostLink } from './rpc.js';
import type { Runner } from './runner.js';
import { noFilter } from './savedState.js';
import { openEvent } from './state.js';
import type { TimelineState } from './state.js';
import { drawnRange } from './view/list.js';

const typingMilliseconds = 150;
const walkingMilliseconds = 80;
const pagesAtOnce = 4;

/** Brings rows and details from the host as the state asks for them. */
export class Loader {
  private paging = false;
  /** The last request for pages; the same one is not sent twice in a row. */
  private lastPaged = '';
  private renewing = false;
  private renewAgain = false;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private walking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly link: HostLink,
    private readonly runner: Runner,
  ) {}

  /** Asks for words and rows; with `top` and `open` the place where the reader was. */
  begin(top: EventId | null, open: EventId | null): void {
    void this.runner.run(async () => {
      const { filter } = this.store.state;
      const result = await this.link.call('ready', { filter, locate: top });
      this.store.dispatch({ type: 'ready', result, locate: top });
      if ('problem' in result.rows) {
        throw new HostProblem(result.rows.problem);
      }
      if (result.reveal !== null) {
        this.reveal(result.reveal);
      } else if (open !== null) {
        this.detail(open);
      }
    });
  }

  /** Filters after a pause, so that typing makes one request. */
  filter(filter: TimelineFilter): void {
    this.store.dispatch({ type: 'filtered', filter });
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.query(null), typingMilliseconds);
  }

  /** Shows an event; its row too, unless the filters hide it. */
  open(event: EventId, ordinal: number | null): void {
    if (ordinal === null) {
      this.locate(event, () => undefined);
    }
    this.detail(event);
  }

  /** As open, for an event that must be seen in the list: filters that hide it are reset. */
  reveal(event: EventId): void {
    this.locate(event, () => {
      this.store.dispatch({ type: 'filtered', filter: noFilter });
      this.query(event);
    });
    this.detail(event);
  }

  /** The list again after the ledger changed; many changes at once make two requests at most. */
  renew(live: boolean): void {
    if (this.store.state.host === null) {
      return;
    }
    if (this.renewing) {
      this.renewAgain = true;
      return;
    }
    this.renewing = true;
    void this.runner
      .run(() => this.renewNow(live))
      .finally(() => {
        this.renewing = false;
        if (this.renewAgain) {
          this.renewAgain = false;
          this.renew(live);
        }
      });
  }

  /** Shows why a search stopped; asked to try again, it goes on. */
  stopped(problem: Problem): void {
    let told = false;
    void this.runner.run(async () => {
      if (told) {
        return await this.renewNow(false);
      }
      told = true;
      throw new HostProblem(problem);
    });
  }

  /** Called after each change of the state: asks for what the page now shows and lacks. */
  followed(before: TimelineState): void {
    const { state } = this.store;
    this.page();
    const walked = state.active?.id ?? null;
    if (walked === null || walked === before.active?.id || openEvent(state) === null) {
      return;
    }
    clearTimeout(this.walking);
    this.walking = setTimeout(() => {
      const { state: now } = this.store;
      if (openEvent(now) !== null && now.active?.id === walked) {
        this.detail(walked);
      }
    }, walkingMilliseconds);
  }

  private detail(event: EventId): void {
    const { state } = this.store;
    if (state.detail.state === 'shown' && state.detail.id === event) {
      return;
    }
    this.store.dispatch({ type: 'opening', event });
    void this.runner.run(() => this.loadDetail(event));
  }

  private async loadDetail(event: EventId): Promise<void> {
    const detail = await this.link.call('detail', { event });
    this.store.dispatch({ type: 'opened', event, detail });
  }

  private query(show: EventId | null): void {
    const { filter, epoch } = this.store.state;
    void this.runner.run(async () => {
      const result = await this.link.call('rows', { filter, pages: [], locate: show });
      this.store.dispatch({ type: 'found', epoch, result, show });
    });
  }

  private locate(event: EventId, absent: () => void): void {
    const { filter, epoch } = this.store.state;
    void this.runner.run(async () => {
      const result = await this.link.call('rows', { filter, pages: [], locate: event });
      if (this.store.state.epoch !== epoch) {
        return;
      }
      if (result.located === null) {
        absent();
        return;
      }
      this.store.dispatch({ type: 'paged', epoch, result });
      this.store.dispatch({ type: 'located', event, ordinal: result.located });
    });
  }

  private async renewNow(live: boolean): Promise<void> {
    const { state } = this.store;
    const { filter, epoch } = state;
    const index = Math.floor(state.scrollTop / state.rowHeight);
    const row = rowAt(state.pages, state.matching, index);
    const anchor = row ? { id: row.id, ordinal: mirror(state.matching, index) } : null;
    const pages = live ? [] : pagesOf(drawnRange(this.store), state.matching);
    const result = await this.link.call('rows', { filter, pages, locate: anchor?.id ?? null });
    this.store.dispatch({ type: 'renewed', epoch, result, anchor, live });
    const open = openEvent(this.store.state);
    if (open !== null) {
      await this.loadDetail(open);
    }
  }

  /** One request for pages at a time: a drag of the scroll bar asks only for where it stops. */
  private page(): void {
    const { state } = this.store;
    if (this.paging || state.filtering || state.problem !== null) {
      return;
    }
    const { filter, epoch, matching, pages } = state;
    const missing = pagesOf(drawnRange(this.store), matching)
      .filter((page) => !isComplete(pages, page, matching))
      .slice(0, pagesAtOnce);
    const asked = `${epoch} ${matching} ${missing.join()}`;
    if (missing.length === 0 || asked === this.lastPaged) {
      return;
    }
    this.paging = true;
    this.lastPaged = asked;
    void this.runner.run(async () => {
      try {
        const result = await this.link.call('rows', { filter, pages: missing, locate: null });
        this.paging = false;
        this.store.dispatch({ type: 'paged', epoch, result });
      } finally {
        this.paging = false;
        this.lastPaged = '';
      }
    });
  }
}

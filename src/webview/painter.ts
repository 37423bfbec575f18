import { render } from 'lit';
import type { Store } from './app.js';
import type { Commands } from './commands.js';
import { listenTo } from './listeners.js';
import { mirror } from './pages.js';
import { timesIn } from './times.js';
import type { Times } from './times.js';
import { drawnRange } from './view/list.js';
import { pageView } from './view/page.js';

/** Row height as a multiple of the font size: 44 px at VS Code's 13 px. */
const rowHeightInEm = 44 / 13;

/** Draws the state, and brings about what templates can't: offsets, scrolling, focus. */
export class Painter {
  private frame = 0;
  private cleared = false;
  private locale: string | null = null;
  private times: Times = timesIn('en');
  private numbers = new Intl.NumberFormat('en');
  private list: HTMLElement | null = null;
  private readonly sizes: ResizeObserver;

  constructor(
    private readonly store: Store,
    private readonly root: HTMLElement,
    private readonly commands: Commands,
  ) {
    this.sizes = new ResizeObserver(() => {
      this.measure();
    });
    // VS Code changes fonts, theme and zoom through these attributes.
    new MutationObserver(() => {
      this.measure();
    }).observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    listenTo(root, store, commands);
  }

  schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  /** New rows may push the others down only while nobody is reading or about to click them. */
  isFollowing(): boolean {
    const { state } = this.store;
    const busy = this.list?.matches(':hover, :focus-within') ?? false;
    return state.scrollTop === 0 && !busy && state.detail.state === 'closed';
  }

  private paint(): void {
    const { state } = this.store;
    if (state.host === null) {
      // Without the host's words only the host's own skeleton can be shown.
      return;
    }
    if (!this.cleared) {
      this.cleared = true;
      this.root.replaceChildren();
      this.root.removeAttribute('aria-busy');
    }
    if (this.locale !== state.host.locale) {
      this.locale = state.host.locale;
      this.times = timesIn(this.locale);
      this.numbers = new Intl.NumberFormat(this.locale);
    }
    const { strings } = state.host;
    const number = (value: number): string => this.numbers.format(value);
    const view = { state, strings, times: this.times, number, ui: this.commands };
    render(pageView(view), this.root);
    this.place();
    this.focus();
  }

  /** Offsets go through the CSSOM: the content security policy forbids style attributes. */
  private place(): void {
    const list = document.getElementById('events');
    if (list !== this.list) {
      this.sizes.disconnect();
      this.list = list;
      if (list !== null) {
        this.sizes.observe(list);
        this.measure();
      }
    }
    if (list === null) {
      return;
    }
    const { state } = this.store;
    const { rowHeight, matching, scrollTo, active } = state;
    offset(list, '.spacer', 'height', matching * rowHeight);
    offset(list, '.window', 'top', drawnRange(this.store).start * rowHeight);
    if (active !== null) {
      offset(list, '.pinned', 'top', mirror(matching, active.ordinal) * rowHeight);
    }
    if (scrollTo !== null) {
      list.scrollTop = scrollTo;
      this.store.dispatch({ type: 'scrollDone' });
    }
  }

  private measure(): void {
    if (this.list === null) {
      return;
    }
    const fontSize = Number.parseFloat(getComputedStyle(this.root).fontSize) || 13;
    const rowHeight = Math.round(fontSize * rowHeightInEm);
    this.root.style.setProperty('--pa-row-height', `${rowHeight}px`);
    const viewport = this.list.clientHeight;
    this.store.dispatch({ type: 'measured', viewport, rowHeight });
  }

  private focus(): void {
    const ids = {
      list: 'events',
      detail: 'detail',
      filter: 'filter-text',
      badge: 'badge',
      findings: 'findings',
    } as const;
    const target = this.commands.focus;
    if (target === null) {
      return;
    }
    this.commands.focus = null;
    const element = document.getElementById(ids[target]) ?? document.getElementById('filter-text');
    element?.focus({ preventScroll: true });
    if (target === 'filter' && element instanceof HTMLInputElement) {
      element.select();
    }
  }
}

function offset(list: HTMLElement, selector: string, name: 'top' | 'height', value: number): void {
  const style = list.querySelector<HTMLElement>(selector)?.style;
  style?.setProperty(name === 'top' ? 'inset-block-start' : 'block-size', `${value}px`);
}

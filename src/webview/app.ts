import type { EventId } from './protocol.js';
import type { Action } from './actions.js';
import { Commands } from './commands.js';
import { Loader } from './loader.js';
import { Painter } from './painter.js';
import type { HostMessage } from './protocol.js';
import { HostLink } from './rpc.js';
import { Runner } from './runner.js';
import { reduce } from './reduce.js';
import { readSavedState } from './savedState.js';
import { initialState, openEvent } from './state.js';
import type { TimelineState } from './state.js';
import { rowAt } from './pages.js';

/** What VS Code gives to a webview. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** What loader, commands and painter share. */
export interface Store {
  readonly state: TimelineState;
  dispatch(action: Action): void;
}

const tickMilliseconds = 30_000;

/** Holds the state and wires its parts together. */
export class TimelineApp implements Store {
  state: TimelineState;
  private readonly link: HostLink;
  private readonly loader: Loader;
  private readonly painter: Painter;
  private readonly savedTop: EventId | null;
  private readonly savedOpen: EventId | null;

  constructor(
    private readonly api: VsCodeApi,
    root: HTMLElement,
  ) {
    const saved = readSavedState(api.getState());
    this.savedTop = saved.top;
    this.savedOpen = saved.open;
    this.state = initialState(saved.filter, Date.now());
    this.link = new HostLink((message) => {
      api.postMessage(message);
    });
    const runner = new Runner(this);
    this.loader = new Loader(this, this.link, runner);
    const commands = new Commands(this, this.loader, this.link, runner);
    this.painter = new Painter(this, root, commands);
  }

  start(): void {
    window.addEventListener('message', (event: MessageEvent<HostMessage>) => {
      this.receive(event.data);
    });
    setInterval(() => {
      if (!document.hidden) {
        this.dispatch({ type: 'tick', now: Date.now() });
      }
    }, tickMilliseconds);
    this.loader.begin(this.savedTop, this.savedOpen);
  }

  dispatch(action: Action): void {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state === before) {
      return;
    }
    this.painter.schedule();
    this.loader.followed(before);
    this.save();
  }

  private receive(message: HostMessage): void {
    switch (message.kind) {
      case 'reply':
        return this.link.settle(message);
      case 'changed':
        this.dispatch({ type: 'summary', summary: message.summary });
        return this.loader.renew(this.painter.isFollowing());
      case 'failed':
        return this.loader.stopped(message.problem);
      case 'reveal':
        return this.loader.reveal(message.event);
    }
  }

  private save(): void {
    const { state } = this;
    if (state.host === null) {
      return;
    }
    const index = Math.floor(state.scrollTop / state.rowHeight);
    const top = index === 0 ? null : (rowAt(state.pages, state.matching, index)?.id ?? null);
    this.api.setState({ v: 1, filter: state.filter, open: openEvent(state), top });
  }
}

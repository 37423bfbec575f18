import { Disposable } from './disposable.js';

/** Sets a timer; returns what clears it. */
export type StartTimer = (work: () => void, milliseconds: number) => () => void;

const systemTimer: StartTimer = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
};

/** Does something once nobody has touched this for a while. */
export class Idle extends Disposable {
  private clear: (() => void) | null = null;

  constructor(
    private readonly work: () => void,
    private readonly after: number,
    private readonly start: StartTimer = systemTimer,
  ) {
    super();
    this._register({ dispose: () => this.stop() });
  }

  /** Begins to wait anew. */
  touch(): void {
    this.stop();
    if (this.isDisposed) {
      return;
    }
    this.clear = this.start(() => {
      this.clear = null;
      this.work();
    }, this.after);
  }

  private stop(): void {
    this.clear?.();
    this.clear = null;
  }
}

import { l10n, ProgressLocation, window, type CancellationToken } from 'vscode';
import type { Progress, Watch } from '../../core/watch.js';
import type { TrailSession } from '../session/trailSession.js';
import type { Trail } from '../../trail/api.js';

/** Milliseconds after which work that nobody asked for says that it is under way. */
export const slowAfter = 1000;

/** Milliseconds after which a write says what it may wait for. */
const waitsAfter = 4000;

/**
 * Shows a notification while `work` runs, with how far it is. It can be cancelled where `work` listens to
 * its watch. With `after` only from that many milliseconds on.
 */
export async function withProgress<T>(
  title: string,
  work: (watch: Watch) => Promise<T>,
  { after = 0, cancellable = true }: { after?: number; cancellable?: boolean } = {},
): Promise<T> {
  const watch = new ShownWatch();
  const done = work(watch);
  if (after > 0 && (await settlesWithin(done, after))) {
    return await done;
  }
  const location = ProgressLocation.Notification;
  return await window.withProgress({ location, title, cancellable }, async (line, token) => {
    watch.show(
      (message, increment) =>
        line.report(message === undefined ? { increment } : { message, increment }),
      token,
    );
    return await done;
  });
}

/** Whoever of the two wants no more ends the work. */
export function bothWatch(one: Watch, other: Watch): Watch {
  return {
    progress: (progress) => {
      one.progress?.(progress);
      other.progress?.(progress);
    },
    isCancelled: () => one.isCancelled?.() === true || other.isCancelled?.() === true,
  };
}

/** Writes through the trail with a discreet sign of it: sharing may take the network's time. */
export async function recordIn<T>(
  session: TrailSession,
  work: (trail: Trail) => Promise<T>,
): Promise<T> {
  const title = l10n.t('Recording in the audit trail…');
  const location = ProgressLocation.Window;
  return await window.withProgress({ location, title }, async (line) => {
    const message = l10n.t('waiting for the network or for your security key');
    const hint = setTimeout(() => line.report({ message }), waitsAfter);
    try {
      return await session.write(work);
    } finally {
      clearTimeout(hint);
    }
  });
}

/** Remembers how far the work is until somebody shows it. */
class ShownWatch implements Watch {
  private token: CancellationToken | null = null;
  private tell: ((message: string | undefined, increment: number) => void) | null = null;
  private last: Progress | null = null;
  private percent = 0;

  readonly progress = (progress: Progress): void => {
    this.last = progress;
    const { done, total } = progress;
    if (total === null || total <= 0) {
      if (done > 0) {
        this.tell?.(l10n.t('{0} done', done), 0);
      }
      return;
    }
    const percent = Math.min(100, Math.floor((done / total) * 100));
    // A task of several steps may begin anew; a bar never goes back.
    const increment = Math.max(0, percent - this.percent);
    if (this.tell !== null) {
      this.percent += increment;
      // At the very beginning it says nothing, least of all where a key waits for a touch.
      this.tell(percent === 0 ? undefined : `${percent} %`, increment);
    }
  };

  readonly isCancelled = (): boolean => this.token?.isCancellationRequested ?? false;

  show(
    tell: (message: string | undefined, increment: number) => void,
    token: CancellationToken,
  ): void {
    this.tell = tell;
    this.token = token;
    if (this.last !== null) {
      this.progress(this.last);
    }
  }
}

async function settlesWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const settled = work.then(
    () => true,
    () => true,
  );
  const first = await Promise.race([settled, late]);
  clearTimeout(timer);
  return first;
}

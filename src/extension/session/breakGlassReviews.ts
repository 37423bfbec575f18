import { isDeepStrictEqual } from 'node:util';
import { EventEmitter } from 'vscode';
import type { BreakGlassRow } from '../../core/deploymentRows.js';
import type { TrailStatus } from '../../trail/api.js';
import { coalesce } from '../base/coalesce.js';
import { Disposable } from '../base/disposable.js';
import { logError, type Log } from '../base/log.js';
import { byDue, isOverdue } from '../deploy/breakGlassWords.js';
import type { Sessions } from './sessions.js';
import type { TrailSession } from './trailSession.js';

/** Milliseconds after which it is looked whether the time for a review is over. */
const dueAgain = 60_000;

/** The emergency deployments that nobody has reviewed yet. */
export class BreakGlassReviews extends Disposable {
  private readonly known = new WeakMap<
    TrailSession,
    { readonly status: TrailStatus; readonly rows: readonly BreakGlassRow[] }
  >();
  private overdueBefore = 0;
  private readonly changed = this._register(new EventEmitter<void>());
  /** There are others, or the time of one is over. */
  readonly onDidChange = this.changed.event;
  private readonly look = coalesce(() => this.read());

  constructor(
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => void this.look()));
    const timer = setInterval(() => this.tell(false), dueAgain);
    timer.unref();
    this._register({ dispose: () => clearInterval(timer) });
  }

  /** What is due first stands first. */
  of(session: TrailSession): readonly BreakGlassRow[] {
    return session.state.kind === 'ready' && session.state.status.damage === null
      ? (this.known.get(session)?.rows ?? [])
      : [];
  }

  /** Those whose time is over, and which the acting person did not deploy. */
  overdueForMe(): readonly { readonly session: TrailSession; readonly row: BreakGlassRow }[] {
    return this.sessions.all.flatMap((session) => {
      const me = session.state.kind === 'ready' ? session.state.status.me : null;
      return this.of(session)
        .filter((row) => isOverdue(row) && !isSame(row.deployedBy, me))
        .map((row) => ({ session, row }));
    });
  }

  private async read(): Promise<void> {
    let isNew = false;
    for (const session of this.sessions.all) {
      const { state, trail } = session;
      const before = this.known.get(session);
      if (state.kind !== 'ready' || trail === null || before?.status === state.status) {
        continue;
      }
      try {
        const rows = byDue(await trail.breakGlassReviews({ waiting: true }));
        this.known.set(session, { status: state.status, rows });
        isNew ||= !isDeepStrictEqual(rows, before?.rows ?? []);
      } catch (error) {
        logError(this.log, 'break-glass', error);
      }
    }
    this.tell(isNew);
  }

  private tell(isNew: boolean): void {
    const rows = this.sessions.all.flatMap((session) => this.of(session));
    const overdue = rows.filter((row) => isOverdue(row)).length;
    if ((isNew || overdue !== this.overdueBefore) && !this.isDisposed) {
      this.overdueBefore = overdue;
      this.changed.fire();
    }
  }
}

function isSame(
  one: { readonly id: string; readonly email: string | null },
  other: typeof one | null,
): boolean {
  return (
    one.id === other?.id ||
    (one.email !== null && one.email.toLowerCase() === other?.email?.toLowerCase())
  );
}

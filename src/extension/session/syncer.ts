import { l10n, window } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import type { Watch } from '../../core/watch.js';
import type { SyncReport } from '../../trail/api.js';
import { Disposable } from '../base/disposable.js';
import { onDidGetFocus } from '../base/focus.js';
import { logError, type Log } from '../base/log.js';
import { setting } from '../base/settings.js';
import { showError } from '../notices/showError.js';
import type { Sessions } from './sessions.js';
import type { TrailSession } from './trailSession.js';

/** Milliseconds after which coming back to the window is a reason to ask the remote. */
const longIdle = 10 * 60_000;

/** Shares the trail on start and after a long idle; the trail itself does so around each decision. */
export class Syncer extends Disposable {
  private readonly last = new Map<string, number>();
  private readonly told = new Set<string>();

  constructor(
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => this.onceEach()));
    this._register(onDidGetFocus(() => this.onceEach()));
  }

  /** Syncs because somebody asked; throws what stands in the way. */
  async now(session: TrailSession, watch?: Watch): Promise<SyncReport> {
    this.last.set(session.root, Date.now());
    const report = await session.write((trail) => trail.sync(watch === undefined ? {} : { watch }));
    if (report.renumbered.length > 0) {
      const changes = report.renumbered.join('; ');
      void window.showInformationMessage(
        l10n.t('Others proposed versions first, so numbers have changed: {0}', changes),
      );
    }
    return report;
  }

  private onceEach(): void {
    for (const session of this.sessions.all) {
      const { state, root } = session;
      const due = Date.now() - (this.last.get(root) ?? -Infinity) > longIdle;
      const shared = state.kind === 'ready' && state.status.remote !== null;
      if (due && shared && setting('sync', session.location.uriOf('.')) === 'auto') {
        this.last.set(root, Date.now());
        void this.quietly(session);
      }
    }
  }

  private async quietly(session: TrailSession): Promise<void> {
    try {
      await this.now(session);
    } catch (error) {
      // Being offline is no news; a rewritten or foreign ledger is, once.
      const serious =
        isPromptAuditError(error, 'sync.rewritten') || isPromptAuditError(error, 'ledger.foreign');
      if (serious && !this.told.has(session.root)) {
        this.told.add(session.root);
        showError(this.log, 'sync', error);
      } else {
        logError(this.log, 'sync', error);
      }
    }
  }
}

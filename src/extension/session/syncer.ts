import { EventEmitter, l10n, window } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import { syncSummary, type SyncSummary } from '../../core/syncSummary.js';
import type { Watch } from '../../core/watch.js';
import type { SyncLogin, SyncReport } from '../../trail/syncApi.js';
import { coalesce } from '../base/coalesce.js';
import { Disposable } from '../base/disposable.js';
import { onDidGetFocus } from '../base/focus.js';
import { logError, type Log } from '../base/log.js';
import { setting } from '../base/settings.js';
import type { EditorGit } from '../git/editorGit.js';
import { TransferWatch } from '../git/transferWatch.js';
import { showError } from '../notices/showError.js';
import type { Sessions } from './sessions.js';
import type { TrailSession } from './trailSession.js';

/** Milliseconds after which coming back to the window is a reason to ask the remote. */
const longIdle = 10 * 60_000;

interface Exchange {
  /** Asks the remote unasked for: one run at most, and one behind it. */
  readonly quietly: () => Promise<void>;
  readonly transfers: TransferWatch;
  running: number;
  begunAt: number;
  /** When the last one succeeded here, ISO 8601. */
  syncedAt: string | null;
}

/**
 * Shares the trail on start, after a long idle, and with the user's own fetches and pushes; the trail itself
 * does so around each decision. Knows how each repository stands to its remote.
 */
export class Syncer extends Disposable {
  private readonly exchanges = new Map<TrailSession, Exchange>();
  private readonly told = new Set<string>();
  private readonly changed = this._register(new EventEmitter<TrailSession>());
  /** A sync began or ended. What it brought comes as a change of the session. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly sessions: Sessions,
    private readonly git: EditorGit,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => this.look()));
    this._register(onDidGetFocus(() => this.look()));
  }

  override dispose(): void {
    for (const { transfers } of this.exchanges.values()) {
      transfers.dispose();
    }
    super.dispose();
  }

  /** How a repository stands to its remote now. */
  summary(session: TrailSession): SyncSummary {
    const { state } = session;
    if (state.kind !== 'ready') {
      return { kind: 'none' };
    }
    const { remote, unsent, syncProblem } = state.status;
    const exchange = this.exchanges.get(session);
    const times = [state.status.syncedAt, exchange?.syncedAt].filter(
      (at) => typeof at === 'string',
    );
    return syncSummary({
      remote,
      unsent,
      trouble: syncProblem,
      syncedAt: times.sort().at(-1) ?? null,
      isSyncing: (exchange?.running ?? 0) > 0,
    });
  }

  /** Syncs because somebody asked; who then may be asked to log in. Throws what stands in the way. */
  now(session: TrailSession, watch?: Watch): Promise<SyncReport> {
    return this.signingIn(session, (login) => this.exchange(session, watch, login));
  }

  /** Does what somebody asked for, and once more with the sign-in of VS Code where git alone could not log in. */
  async signingIn<T>(
    session: TrailSession,
    work: (login: SyncLogin | null) => Promise<T>,
  ): Promise<T> {
    try {
      return await work(null);
    } catch (error) {
      const help = needsLogin(error)
        ? await this.git.signIn(session.root, remoteOf(session))
        : null;
      if (help === null) {
        throw error;
      }
      this.log.info(`[sync] VS Code is asked to log in (${help.kind})`);
      // Whoever has just signed in must not be told at once that nobody has: no quiet sync follows.
      this.of(session).begunAt = Date.now();
      if (help.kind === 'askpass') {
        return await work(help.login);
      }
      await help.run();
      return await work(null);
    }
  }

  private async exchange(
    session: TrailSession,
    watch: Watch | undefined,
    login: SyncLogin | null,
  ): Promise<SyncReport> {
    const exchange = this.of(session);
    exchange.begunAt = Date.now();
    exchange.running++;
    this.changed.fire(session);
    try {
      const report = await session.write((trail) =>
        trail.sync({
          ...(watch === undefined ? {} : { watch }),
          ...(login === null ? {} : { login }),
        }),
      );
      exchange.syncedAt = new Date().toISOString();
      this.tellRenumbered(report);
      return report;
    } finally {
      exchange.running--;
      this.changed.fire(session);
    }
  }

  private tellRenumbered({ renumbered }: SyncReport): void {
    if (renumbered.length > 0) {
      const changes = renumbered.join('; ');
      void window.showInformationMessage(
        l10n.t('Others proposed versions first, so numbers have changed: {0}', changes),
      );
    }
  }

  private look(): void {
    for (const [session, { transfers }] of this.exchanges) {
      if (!this.sessions.all.includes(session)) {
        transfers.dispose();
        this.exchanges.delete(session);
      }
    }
    for (const session of this.sessions.all) {
      if (isAutomatic(session)) {
        const exchange = this.of(session);
        if (Date.now() - exchange.begunAt > longIdle) {
          exchange.begunAt = Date.now();
          void exchange.quietly();
        }
      }
    }
  }

  private of(session: TrailSession): Exchange {
    const known = this.exchanges.get(session);
    if (known !== undefined) {
      return known;
    }
    const quietly = coalesce(() => this.quietly(session));
    const transfers = new TransferWatch({
      root: session.root,
      git: this.git,
      remote: () => remoteOf(session),
      transferred: () => void (isAutomatic(session) && quietly()),
    });
    const exchange = { quietly, transfers, running: 0, begunAt: -Infinity, syncedAt: null };
    this.exchanges.set(session, exchange);
    transfers.start().catch((error: unknown) => logError(this.log, 'transfers', error));
    return exchange;
  }

  private async quietly(session: TrailSession): Promise<void> {
    try {
      await this.exchange(session, undefined, null);
    } catch (error) {
      // The state is shown where it does not disturb; only a rewritten or foreign ledger is told, once.
      const serious =
        isPromptAuditError(error, 'sync.rewritten') ||
        isPromptAuditError(error, 'checkpoint.unmet') ||
        isPromptAuditError(error, 'ledger.foreign');
      if (serious && !this.told.has(session.root)) {
        this.told.add(session.root);
        showError(this.log, 'sync', error);
      } else {
        logError(this.log, 'sync', error);
      }
    }
  }
}

/** Whether an exchange failed only because git could not say who asks. */
export function needsLogin(error: unknown): boolean {
  return isPromptAuditError(error) && error.reasons.includes('login.needed');
}

function remoteOf({ state }: TrailSession): string | null {
  return state.kind === 'ready' ? state.status.remote : null;
}

/** Whether the trail may be shared without being asked to. */
function isAutomatic(session: TrailSession): boolean {
  return remoteOf(session) !== null && setting('sync', session.location.uriOf('.')) === 'auto';
}

import { EventEmitter, workspace, type Uri, type WorkspaceFolder } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import type { TrailSite } from '../../trail/api.js';
import { coalesce } from '../base/coalesce.js';
import { setContext } from '../base/contextKeys.js';
import { Disposable } from '../base/disposable.js';
import { logError, type Log } from '../base/log.js';
import { setting } from '../base/settings.js';
import type { TrailApi } from './trailApi.js';
import { TrailSession } from './trailSession.js';
import { viewStateOf, type ViewState } from './viewState.js';

export interface SessionsInput {
  readonly api: TrailApi;
  readonly tool: string;
  readonly log: Log;
}

/** All repositories of this window, one session for each git root. Does nothing in restricted mode. */
export class Sessions extends Disposable {
  private readonly byRoot = new Map<string, TrailSession>();
  private gitMissing = false;
  private started = false;

  private readonly changed = this._register(new EventEmitter<void>());
  /** Some session changed, came or went. */
  readonly onDidChange = this.changed.event;
  private readonly reconcile = coalesce(() => this.match());

  constructor(private readonly input: SessionsInput) {
    super();
    this._register(workspace.onDidChangeWorkspaceFolders(() => void this.start()));
    this._register(workspace.onDidGrantWorkspaceTrust(() => void this.start()));
    this._register(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('promptAudit.enabled')) {
          void this.start();
        }
        if (event.affectsConfiguration('promptAudit.sync')) {
          void this.reopen();
        }
      }),
    );
    this.publish();
  }

  get all(): readonly TrailSession[] {
    return [...this.byRoot.values()];
  }

  get viewState(): ViewState {
    return viewStateOf({
      trusted: workspace.isTrusted,
      folders: enabledFolders().length,
      gitMissing: this.gitMissing,
      sessions: this.all.map((session) => session.state),
    });
  }

  /** Finds the repositories of the open folders and opens their trails. */
  async start(): Promise<void> {
    if (!workspace.isTrusted || this.isDisposed) {
      this.publish();
      return;
    }
    this.started = true;
    await this.reconcile();
  }

  /** The session whose repository holds a file; the innermost one where repositories nest. */
  sessionOf(uri: Uri): TrailSession | null {
    const holders = this.all.filter((session) => session.location.pathOf(uri) !== null);
    return holders.sort((a, b) => b.root.length - a.root.length)[0] ?? null;
  }

  sessionAt(root: string): TrailSession | null {
    return this.byRoot.get(root) ?? null;
  }

  async refresh(): Promise<void> {
    await (this.started ? Promise.all(this.all.map((session) => session.refresh())) : this.start());
  }

  /** A trail is told when it is opened whether it may sync by itself. */
  private async reopen(): Promise<void> {
    for (const session of this.all.filter(({ state }) => !isLoading({ state }))) {
      await session.reopen().catch((error: unknown) => logError(this.input.log, 'session', error));
    }
    this.publish();
  }

  /** Folds all journals, and ends the worker. */
  async close(): Promise<void> {
    await Promise.allSettled(this.all.map((session) => session.close()));
    await this.input.api.end();
  }

  override dispose(): void {
    for (const session of this.byRoot.values()) {
      session.dispose();
    }
    this.byRoot.clear();
    super.dispose();
  }

  private async match(): Promise<void> {
    const { api } = this.input;
    const found = new Map<string, { site: TrailSite; folders: WorkspaceFolder[] }>();
    this.gitMissing = false;
    for (const folder of enabledFolders()) {
      const site = await this.siteOf(api, folder);
      if (site !== null) {
        const entry = found.get(site.root) ?? { site, folders: [] };
        entry.folders.push(folder);
        found.set(site.root, entry);
      }
    }
    for (const session of this.all.filter(({ root }) => !found.has(root))) {
      this.byRoot.delete(session.root);
      void session.close().finally(() => session.dispose());
    }
    for (const [root, { site, folders }] of found) {
      const session = this.byRoot.get(root) ?? this.add(api, site);
      session.location.setFolders(folders);
    }
    this.publish();
    await Promise.all(this.all.filter(isLoading).map((session) => session.start()));
  }

  private async siteOf(api: TrailApi, folder: WorkspaceFolder): Promise<TrailSite | null> {
    try {
      return await api.siteOf(folder.uri.fsPath);
    } catch (error) {
      logError(this.input.log, 'site', error);
      this.gitMissing ||= isPromptAuditError(error, 'git.missing');
      return null;
    }
  }

  private add(api: TrailApi, site: TrailSite): TrailSession {
    const session = new TrailSession({ site, api, tool: this.input.tool, log: this.input.log });
    session.onDidChange(() => this.publish());
    session.onDidChangeSite(() => {
      this.byRoot.delete(session.root);
      void session.close().finally(() => session.dispose());
      void this.start();
    });
    this.byRoot.set(session.root, session);
    return session;
  }

  private publish(): void {
    const ready = this.all.flatMap(({ state }) => (state.kind === 'ready' ? [state] : []));
    setContext('promptAudit.state', this.viewState);
    setContext(
      'promptAudit.hasTrail',
      this.all.some(({ state }) => state.kind === 'ready' || state.kind === 'failed'),
    );
    setContext(
      'promptAudit.canInitialize',
      this.all.some(({ state }) => state.kind === 'uninitialized'),
    );
    setContext(
      'promptAudit.hasRemote',
      ready.some(({ status }) => status.remote !== null),
    );
    setContext(
      'promptAudit.recorderPaused',
      ready.some(({ status }) => status.recorderPaused !== undefined),
    );
    setContext('promptAudit.trackedPaths', this.trackedPaths());
    this.changed.fire();
  }

  private trackedPaths(): readonly string[] {
    return this.all.flatMap((session) => session.promptFiles().map(({ fsPath }) => fsPath));
  }
}

function isLoading({ state }: Pick<TrailSession, 'state'>): boolean {
  return state.kind === 'loading';
}

function enabledFolders(): readonly WorkspaceFolder[] {
  return (workspace.workspaceFolders ?? []).filter(
    ({ uri }) => uri.scheme === 'file' && setting('enabled', uri),
  );
}

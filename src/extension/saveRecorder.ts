import {
  TextDocumentSaveReason,
  window,
  workspace,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { Disposable } from './base/disposable.js';
import type { Log } from './base/log.js';
import { setting } from './base/settings.js';
import { QuietErrors } from './notices/showError.js';
import { SaveGathering, type SaveReason } from './saveGathering.js';
import type { Sessions } from './session/sessions.js';
import type { TrailSession } from './session/trailSession.js';

/** Milliseconds without a save after which a burst of auto-saves becomes one revision. */
const quiet = 30_000;

/** Records saved prompts: manual saves at once, auto-saves gathered. */
export class SaveRecorder extends Disposable {
  private readonly gatherings = new Map<TrailSession, SaveGathering>();
  private readonly reasons = new Map<string, SaveReason>();
  private readonly errors: QuietErrors;
  private readonly running = new Set<Promise<void>>();
  private left: TextEditor | undefined = window.activeTextEditor;

  constructor(
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {
    super();
    this.errors = new QuietErrors(log);
    this._register(
      workspace.onWillSaveTextDocument(({ document, reason }) => {
        this.reasons.set(document.uri.toString(), reasonOf(reason));
      }),
    );
    this._register(workspace.onDidSaveTextDocument((document) => this.saved(document)));
    this._register(workspace.onDidCloseTextDocument((document) => this.end(document)));
    this._register(window.onDidChangeActiveTextEditor((editor) => this.focusMoved(editor)));
    this._register(
      window.onDidChangeWindowState(({ focused }) => {
        if (!focused) {
          this.endAll();
        }
      }),
    );
  }

  /** The prompt is about to be proposed: what waits of it is recorded before. */
  endGathering(session: TrailSession, path: string): void {
    this.gatherings.get(session)?.end(path);
  }

  endAll(): void {
    for (const gathering of this.gatherings.values()) {
      gathering.endAll();
    }
  }

  /** Records everything that waits, and resolves when that is done. */
  async flush(): Promise<void> {
    this.endAll();
    while (this.running.size > 0) {
      await Promise.allSettled(this.running);
    }
  }

  override dispose(): void {
    for (const gathering of this.gatherings.values()) {
      gathering.clear();
    }
    super.dispose();
  }

  private saved(document: TextDocument): void {
    const key = document.uri.toString();
    const reason = this.reasons.get(key) ?? 'manual';
    this.reasons.delete(key);
    const session = this.sessions.sessionOf(document.uri);
    const path = session?.location.pathOf(document.uri);
    if (!session?.trail || path === null || path === undefined) {
      return;
    }
    if (path === '.prompt-audit/policy.jsonc') {
      void session.refresh();
      return;
    }
    void session.outsideWork.noteSave(path);
    if (setting('autoRecord', document.uri) === 'onSave') {
      this.gatheringOf(session).saved(path, reason);
    }
  }

  private end(document: TextDocument): void {
    for (const [session, gathering] of this.gatherings) {
      const path = session.location.pathOf(document.uri);
      if (path !== null) {
        gathering.end(path);
      }
    }
  }

  private focusMoved(editor: TextEditor | undefined): void {
    const { left } = this;
    this.left = editor;
    if (left !== undefined && left.document !== editor?.document) {
      this.end(left.document);
    }
  }

  private gatheringOf(session: TrailSession): SaveGathering {
    const known = this.gatherings.get(session);
    if (known) {
      return known;
    }
    const gathering = new SaveGathering({
      quiet,
      timers: { set: setTimeout, clear: (handle) => clearTimeout(handle as NodeJS.Timeout) },
      record: (path) => this.track(this.record(session, path)),
    });
    this.gatherings.set(session, gathering);
    return gathering;
  }

  private track(task: Promise<void>): void {
    this.running.add(task);
    void task.finally(() => this.running.delete(task));
  }

  private async record(session: TrailSession, path: string): Promise<void> {
    try {
      const result = await session.recordSave(path);
      const none = 'no prompt, as in git, or the recorder is paused';
      this.log.debug(`[save] ${path}: ${result?.outcome ?? none}`);
    } catch (error) {
      this.errors.tell('save', error);
    }
  }
}

function reasonOf(reason: TextDocumentSaveReason): SaveReason {
  switch (reason) {
    case TextDocumentSaveReason.AfterDelay:
      return 'afterDelay';
    case TextDocumentSaveReason.FocusOut:
      return 'focusOut';
    default:
      return 'manual';
  }
}

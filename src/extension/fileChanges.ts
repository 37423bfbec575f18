import { workspace, type Uri } from 'vscode';
import type { FileChange } from '../trail/recordApi.js';
import { Disposable } from './base/disposable.js';
import type { Log } from './base/log.js';
import { setting } from './base/settings.js';
import { QuietErrors } from './notices/showError.js';
import type { Sessions } from './session/sessions.js';
import type { TrailSession } from './session/trailSession.js';

/** Records what people do to the files of prompts in the editor: rename, move, delete, put back. */
export class FileChanges extends Disposable {
  private readonly errors: QuietErrors;
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly sessions: Sessions,
    log: Log,
  ) {
    super();
    this.errors = new QuietErrors(log);
    this._register(
      workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) {
          this.moved(oldUri, newUri);
        }
      }),
    );
    this._register(
      workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) {
          this.tell(uri, (path) => ({ kind: 'removed', path }));
        }
      }),
    );
    this._register(
      workspace.onDidCreateFiles(({ files }) => {
        for (const uri of files) {
          this.tell(uri, (path) => ({ kind: 'created', path }));
        }
      }),
    );
  }

  /** Resolves when all that was done so far is recorded. */
  async flush(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.allSettled(this.running);
    }
  }

  private moved(oldUri: Uri, newUri: Uri): void {
    const to = this.sessions.sessionOf(newUri);
    const target = to?.location.pathOf(newUri) ?? null;
    if (to === null || target === null || to !== this.sessions.sessionOf(oldUri)) {
      // It left the repository, or came into it.
      this.tell(oldUri, (path) => ({ kind: 'removed', path }));
      this.tell(newUri, (path) => ({ kind: 'created', path }));
      return;
    }
    this.tell(oldUri, (from) => ({ kind: 'moved', from, to: target }));
  }

  private tell(uri: Uri, change: (path: string) => FileChange): void {
    const session = this.sessions.sessionOf(uri);
    const path = session?.location.pathOf(uri) ?? null;
    if (!session?.trail || path === null || setting('autoRecord', uri) !== 'onSave') {
      return;
    }
    const task = this.record(session, change(path));
    this.running.add(task);
    void task.finally(() => this.running.delete(task));
  }

  private async record(session: TrailSession, change: FileChange): Promise<void> {
    try {
      await session.recordFileChange(change);
    } catch (error) {
      this.errors.tell('files', error);
    }
  }
}

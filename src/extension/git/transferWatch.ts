import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RelativePattern, Uri, workspace, type Disposable as VsDisposable } from 'vscode';
import { Disposable } from '../base/disposable.js';
import { Idle } from '../base/idle.js';
import { gitFolders } from '../session/gitFolder.js';
import type { EditorGit } from './editorGit.js';
import type { GitApiRepository } from './gitApi.js';
import { TransferSense } from './transferSense.js';

/** Milliseconds of quiet after which a burst of changes is over. */
const quiet = 1000;

export interface TransferWatchInput {
  readonly root: string;
  readonly git: EditorGit;
  /** The ledger's remote; null where there is none now. */
  readonly remote: () => string | null;
  /** The user has fetched from it or pushed to it, in the editor or elsewhere. */
  readonly transferred: () => void;
}

/** Notices fetches and pushes of one repository. What this extension itself fetches shows in no file watched here. */
export class TransferWatch extends Disposable {
  private readonly sense = new TransferSense();
  private readonly idle = this._register(new Idle(() => void this.burstIsOver(), quiet));
  private sawRef = false;
  private fetchHead: string | null = null;
  private followed: VsDisposable | null = null;

  constructor(private readonly input: TransferWatchInput) {
    super();
    this._register({
      dispose: () => {
        this.followed?.dispose();
      },
    });
  }

  async start(): Promise<void> {
    const folders = await gitFolders(this.input.root);
    if (folders === null) {
      return;
    }
    this.fetchHead = join(folders.own, 'FETCH_HEAD');
    this.watch(folders.own, 'FETCH_HEAD', () => this.fetchNoted());
    this.watch(folders.common, 'refs/remotes/**', (uri) => {
      const ref = uri.path.slice(uri.path.lastIndexOf('/refs/remotes/') + '/refs/remotes/'.length);
      this.touched(this.sense.refWritten(ref, this.input.remote()));
    });
    await this.follow();
    const enablement = await this.input.git.enablement();
    if (enablement !== undefined) {
      this._register(enablement(() => void this.follow()));
    }
  }

  /** Listens to VS Code's git, as soon as it knows the repository. */
  private async follow(): Promise<void> {
    const { git, root } = this.input;
    const api = await git.api();
    this.followed?.dispose();
    this.followed = null;
    if (api === null || this.isDisposed) {
      return;
    }
    const known = await git.repository(root);
    this.followed =
      known !== null
        ? this.listen(known)
        : api.onDidOpenRepository(() => {
            // Only the one of this root; others open beside it.
            void git.repository(root).then(async (found) => {
              if (found !== null) {
                await this.follow();
              }
            });
          });
  }

  private listen({ state }: GitApiRepository): VsDisposable {
    const look = (): void =>
      this.touched(this.sense.upstreamReported(state.HEAD?.upstream, this.input.remote()));
    look();
    return state.onDidChange(look);
  }

  private watch(base: string, pattern: string, changed: (uri: Uri) => void): void {
    // What is removed was packed or pruned: git's housekeeping.
    const watcher = this._register(
      workspace.createFileSystemWatcher(
        new RelativePattern(Uri.file(base), pattern),
        false,
        false,
        true,
      ),
    );
    this._register(watcher.onDidChange(changed));
    this._register(watcher.onDidCreate(changed));
  }

  private fetchNoted(): void {
    this.sense.fetchNoted();
    this.idle.touch();
  }

  private touched(counts: boolean): void {
    if (counts) {
      this.sawRef = true;
      this.idle.touch();
    }
  }

  private async burstIsOver(): Promise<void> {
    const { sawRef } = this;
    this.sawRef = false;
    const noted = await stat(this.fetchHead ?? '').then(
      ({ size }) => size,
      () => 0,
    );
    if (!this.isDisposed && this.sense.isOver(sawRef, noted)) {
      this.input.transferred();
    }
  }
}

import { RelativePattern, Uri, workspace } from 'vscode';
import { Disposable } from '../base/disposable.js';
import { gitFolders } from './gitFolder.js';

/** What may have changed behind the editor's back. */
export type OutsideChange = 'ledger' | 'policy' | 'prompts' | 'identity' | 'sync' | 'site' | 'head';

/** Watches what the command line and other windows write, and tells which part it was. */
export class LedgerWatch extends Disposable {
  constructor(
    private readonly root: string,
    private readonly changed: (what: OutsideChange) => void,
  ) {
    super();
  }

  async start(): Promise<void> {
    this.watch(this.root, '.prompt-audit/{ledger.sqlite,journal.jsonl}', 'ledger');
    this.watch(this.root, '.prompt-audit/{policy.jsonc,allowed_signers}', 'policy');
    const folders = await gitFolders(this.root);
    if (folders === null) {
      this.watch(this.root, '.git/HEAD', 'site');
    } else {
      const { own, common } = folders;
      // A commit in a terminal writes no prompt, and may bring what the trail does not know.
      this.watch(own, '{HEAD,logs/HEAD}', 'head');
      this.watch(common, 'refs/heads/**', 'head');
      this.watch(common, 'prompt-audit/journal.jsonl', 'ledger');
      // What is synced decides whether version numbers are final; its trouble may be over.
      this.watch(common, 'prompt-audit/{clone,sync-problem}.json', 'sync');
      // It names the acting person, and so decides what waits for whom.
      this.watch(common, 'config', 'identity');
    }
  }

  /** Also watches the prompt files themselves. Called anew whenever the policy is read. */
  watchPrompts(patterns: readonly string[]): Disposable {
    const watchers = new Watchers();
    for (const pattern of patterns) {
      watchers.add(this.root, pattern, () => this.changed('prompts'));
    }
    return this._register(watchers);
  }

  private watch(base: string, pattern: string, what: OutsideChange): void {
    const watchers = this._register(new Watchers());
    watchers.add(base, pattern, () => this.changed(what));
  }
}

class Watchers extends Disposable {
  add(base: string, pattern: string, changed: () => void): void {
    const watcher = this._register(
      workspace.createFileSystemWatcher(new RelativePattern(Uri.file(base), pattern)),
    );
    this._register(watcher.onDidChange(changed));
    this._register(watcher.onDidCreate(changed));
    this._register(watcher.onDidDelete(changed));
  }
}

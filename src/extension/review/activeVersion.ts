import { window } from 'vscode';
import { setContext } from '../base/contextKeys.js';
import { Disposable } from '../base/disposable.js';
import type { Sessions } from '../session/sessions.js';
import { fromVersionUri } from './versionUri.js';

/** Keeps the context key that offers decisions in the title of a version's diff. */
export class ActiveVersion extends Disposable {
  constructor(private readonly sessions: Sessions) {
    super();
    this._register(window.onDidChangeActiveTextEditor(() => this.update()));
    this._register(sessions.onDidChange(() => this.update()));
  }

  private update(): void {
    const uri = window.activeTextEditor?.document.uri;
    const address = uri ? fromVersionUri(uri) : null;
    const state = address ? this.sessions.sessionAt(address.root)?.state : undefined;
    const reviews = state?.kind === 'ready' ? state.status.reviews : [];
    setContext(
      'promptAudit.activeVersionWaits',
      reviews.some(({ version }) => version.id === address?.version),
    );
  }
}

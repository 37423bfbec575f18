import { window } from 'vscode';
import { setContext } from '../base/contextKeys.js';
import { Disposable } from '../base/disposable.js';
import { waitsForMe } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import { fromVersionUri } from './versionUri.js';

/** Keeps the context keys that offer decisions in the title of a version's diff, and of a prompt that waits for me. */
export class ActiveVersion extends Disposable {
  constructor(private readonly sessions: Sessions) {
    super();
    this._register(window.onDidChangeActiveTextEditor(() => this.update()));
    this._register(sessions.onDidChange(() => this.update()));
  }

  private update(): void {
    const uri = window.activeTextEditor?.document.uri;
    const session = uri && this.sessions.sessionOf(uri);
    const prompt = uri && session?.promptAt(uri);
    const asksMe = session && prompt ? waitsForMe(session, prompt) : false;
    setContext('promptAudit.activePromptWaits', asksMe);
    const address = uri ? fromVersionUri(uri) : null;
    const state = address ? this.sessions.sessionAt(address.root)?.state : undefined;
    const reviews = state?.kind === 'ready' ? state.status.reviews : [];
    setContext(
      'promptAudit.activeVersionWaits',
      reviews.some(({ version }) => version.id === address?.version),
    );
  }
}

import {
  CodeLens,
  EventEmitter,
  l10n,
  languages,
  Range,
  workspace,
  type CodeLensProvider,
  type TextDocument,
} from 'vscode';
import { Disposable } from '../base/disposable.js';
import { setting } from '../base/settings.js';
import { waitsForMe } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import { hasUnproposed, promptStatusText } from './promptStatus.js';

/** One line above each tracked prompt: its state and the next step. Always there, so nothing jumps. */
export class PromptLens extends Disposable implements CodeLensProvider {
  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly sessions: Sessions) {
    super();
    this._register(languages.registerCodeLensProvider({ scheme: 'file' }, this));
    this._register(sessions.onDidChange(() => this.changed.fire()));
    this._register(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('promptAudit.codeLens')) {
          this.changed.fire();
        }
      }),
    );
  }

  /** From memory only: the editor waits for this. */
  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const session = this.sessions.sessionOf(uri);
    const row = session?.promptAt(uri);
    if (!session || !row || !setting('codeLens', uri)) {
      return [];
    }
    const line = new Range(0, 0, 0, 0);
    const lens = (title: string, command: string): CodeLens =>
      new CodeLens(line, { title, command, arguments: [uri] });
    const lenses = [lens(promptStatusText(session, row), 'promptAudit.showHistory')];
    if (hasUnproposed(row)) {
      lenses.push(lens(l10n.t('Propose Version…'), 'promptAudit.propose'));
    } else if (waitsForMe(session, row)) {
      lenses.push(lens(l10n.t('Review… (waits for me)'), 'promptAudit.review'));
    } else if (row.latest?.state === 'waiting') {
      lenses.push(lens(l10n.t('Review…'), 'promptAudit.review'));
    }
    if (row.lastApproved !== null && row.working !== 'current') {
      lenses.push(lens(l10n.t('Compare with Approved'), 'promptAudit.compareWithApproved'));
    }
    return lenses;
  }
}

import { l10n, languages, LanguageStatusSeverity, window, type LanguageStatusItem } from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { Sessions } from '../session/sessions.js';
import { hasUnproposed, promptStatusText } from './promptStatus.js';

/** The state of the active prompt in the editor's language status. */
export class LanguageStatus extends Disposable {
  private item: LanguageStatusItem | null = null;

  constructor(private readonly sessions: Sessions) {
    super();
    this._register(sessions.onDidChange(() => this.update()));
    this._register(window.onDidChangeActiveTextEditor(() => this.update()));
  }

  override dispose(): void {
    this.item?.dispose();
    super.dispose();
  }

  private update(): void {
    const uri = window.activeTextEditor?.document.uri;
    const row = uri && this.sessions.sessionOf(uri)?.promptAt(uri);
    if (!uri || !row) {
      this.item?.dispose();
      this.item = null;
      return;
    }
    const selector = { scheme: uri.scheme, pattern: uri.fsPath };
    this.item ??= languages.createLanguageStatusItem('promptAudit.prompt', selector);
    this.item.selector = selector;
    this.item.name = l10n.t('Prompt Audit');
    this.item.text = promptStatusText(row);
    this.item.detail = row.problem ?? l10n.t('Prompt Audit');
    this.item.severity =
      row.problem === null ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
    this.item.command = hasUnproposed(row)
      ? { command: 'promptAudit.propose', title: l10n.t('Propose Version…'), arguments: [uri] }
      : { command: 'promptAudit.showHistory', title: l10n.t('Show History'), arguments: [uri] };
  }
}

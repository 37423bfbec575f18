import {
  l10n,
  languages,
  LanguageStatusSeverity,
  window,
  type Command,
  type DocumentSelector,
  type LanguageStatusItem,
  type Uri,
} from 'vscode';
import type { PromptRow } from '../../core/rows.js';
import { needsSomebody } from '../../core/syncSummary.js';
import { Disposable } from '../base/disposable.js';
import { waitsForMe } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import type { Syncer } from '../session/syncer.js';
import type { TrailSession } from '../session/trailSession.js';
import { hasUnproposed, promptStatusText } from './promptStatus.js';
import { syncCommand, syncWords } from './syncWords.js';

/** The state of the active prompt in the editor's language status, and whether others have it. */
export class LanguageStatus extends Disposable {
  private item: LanguageStatusItem | null = null;
  private syncItem: LanguageStatusItem | null = null;

  constructor(
    private readonly sessions: Sessions,
    private readonly sync: Syncer,
  ) {
    super();
    this._register(sync.onDidChange(() => this.update()));
    this._register(sessions.onDidChange(() => this.update()));
    this._register(window.onDidChangeActiveTextEditor(() => this.update()));
  }

  override dispose(): void {
    this.item?.dispose();
    this.syncItem?.dispose();
    super.dispose();
  }

  private update(): void {
    const uri = window.activeTextEditor?.document.uri;
    const session = uri ? this.sessions.sessionOf(uri) : null;
    const row = uri && session?.promptAt(uri);
    if (!uri || !session || !row) {
      this.item?.dispose();
      this.item = null;
      this.showSync(null, null);
      return;
    }
    const selector = { scheme: uri.scheme, pattern: uri.fsPath };
    this.item ??= languages.createLanguageStatusItem('promptAudit.prompt', selector);
    this.item.selector = selector;
    this.item.name = l10n.t('Prompt Audit');
    this.item.text = promptStatusText(session, row);
    this.item.detail = row.problem ?? l10n.t('Prompt Audit');
    this.item.severity =
      row.problem === null ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
    this.item.command = nextStep(session, row, uri);
    this.showSync(session, selector);
  }

  private showSync(session: TrailSession | null, selector: DocumentSelector | null): void {
    const summary = session === null ? null : this.sync.summary(session);
    const words = summary && syncWords(summary);
    if (!summary || !words || selector === null) {
      this.syncItem?.dispose();
      this.syncItem = null;
      return;
    }
    this.syncItem ??= languages.createLanguageStatusItem('promptAudit.sync', selector);
    const item = this.syncItem;
    item.selector = selector;
    item.name = l10n.t('Prompt Audit: Sync');
    item.text = words.line;
    if (words.detail !== null) {
      item.detail = words.detail;
    } else {
      delete item.detail;
    }
    item.busy = summary.kind === 'syncing';
    item.severity = needsSomebody(summary)
      ? LanguageStatusSeverity.Warning
      : LanguageStatusSeverity.Information;
    item.command = syncCommand(summary);
  }
}

function nextStep(session: TrailSession, row: PromptRow, uri: Uri): Command {
  if (hasUnproposed(row)) {
    return { command: 'promptAudit.propose', title: l10n.t('Propose Version…'), arguments: [uri] };
  }
  return waitsForMe(session, row)
    ? { command: 'promptAudit.review', title: l10n.t('Review…'), arguments: [uri] }
    : { command: 'promptAudit.showHistory', title: l10n.t('Show History'), arguments: [uri] };
}

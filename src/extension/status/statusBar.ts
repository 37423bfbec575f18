import {
  l10n,
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  window,
  workspace,
  type Command,
  type StatusBarItem,
} from 'vscode';
import { Disposable } from '../base/disposable.js';
import { setting } from '../base/settings.js';
import { overdueText } from '../deploy/breakGlassWords.js';
import type { BreakGlassReviews } from '../session/breakGlassReviews.js';
import { shownReviews } from '../session/reviews.js';
import type { Sessions } from '../session/sessions.js';
import type { Syncer } from '../session/syncer.js';
import { recorderPause } from '../views/recorderItem.js';
import type { LedgerFindings } from './ledgerFindings.js';
import { syncCommand, syncWords, type SyncWords } from './syncWords.js';

/** The one item of the status bar: what waits for me, or that the ledger is broken. */
export class StatusBar extends Disposable {
  private readonly item: StatusBarItem;

  constructor(
    private readonly sessions: Sessions,
    private readonly findings: LedgerFindings,
    private readonly sync: Syncer,
    private readonly breakGlass: BreakGlassReviews,
  ) {
    super();
    this.item = this._register(
      window.createStatusBarItem('promptAudit.status', StatusBarAlignment.Left, 0),
    );
    this.item.name = l10n.t('Prompt Audit');
    this._register(sessions.onDidChange(() => this.update()));
    this._register(findings.onDidChange(() => this.update()));
    this._register(sync.onDidChange(() => this.update()));
    this._register(breakGlass.onDidChange(() => this.update()));
    this._register(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('promptAudit.statusBar')) {
          this.update();
        }
      }),
    );
  }

  private update(): void {
    const when = setting('statusBar');
    const { item } = this;
    const broken = this.broken();
    const isPaused = this.sessions.all.some((session) => recorderPause(session) !== null);
    const mine = this.sessions.all.flatMap((session) => shownReviews(session).mine).length;
    const overdue = this.breakGlass.overdueForMe().length;
    if (when === 'off' || this.sessions.all.every(({ trail }) => trail === null)) {
      item.hide();
    } else if (broken !== null) {
      this.show(`$(warning) ${broken}`, l10n.t('Show the timeline'), 'promptAudit.openTimeline');
      item.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
    } else if (isPaused) {
      const more = mine === 0 ? '' : ` $(law) ${l10n.t('{0} to review', mine)}`;
      const text = `$(debug-pause) ${l10n.t('Recorder paused')}${more}`;
      this.show(text, l10n.t('Resume Recorder'), 'promptAudit.resumeRecorder');
    } else if (overdue > 0) {
      const more = mine === 0 ? '' : ` $(law) ${l10n.t('{0} to review', mine)}`;
      const text = `$(eye) ${l10n.t('{0} overdue', overdue)}${more}`;
      this.show(text, overdueText(overdue), 'promptAudit.deployments.focus');
    } else if (mine > 0 || when === 'always') {
      const text = mine === 0 ? l10n.t('Nothing to review') : l10n.t('{0} to review', mine);
      this.show(`$(law) ${text}`, this.waitingText(), 'promptAudit.review.focus');
    } else {
      item.hide();
    }
  }

  private waitingText(): string {
    const rows = this.sessions.all.flatMap((session) => shownReviews(session).mine);
    const asked = rows.filter(({ requestedOfMe }) => requestedOfMe === true).length;
    const does = l10n.t('Show what waits for review');
    if (asked === 0) {
      return does;
    }
    const said =
      asked === 1
        ? l10n.t('For 1 of them somebody asked you by name.')
        : l10n.t('For {0} of them somebody asked you by name.', asked);
    return `${does}. ${said}`;
  }

  private show(text: string, tooltip: string, command: string): void {
    const { item } = this;
    const exchanges = this.sessions.all.flatMap((session) => {
      const summary = this.sync.summary(session);
      const words = syncWords(summary);
      return words === null ? [] : [{ words, command: syncCommand(summary) }];
    });
    const lines = exchanges.map(({ words }) => words.line);
    item.text = text;
    item.tooltip = tooltipOf(tooltip, exchanges);
    item.command = command;
    item.backgroundColor = undefined;
    item.accessibilityInformation = {
      label: [text.replace(/\$\([a-z-]+\) /g, ''), tooltip, ...lines].join('. '),
    };
    item.show();
  }

  private broken(): string | null {
    for (const session of this.sessions.all) {
      const report = this.findings.report(session);
      if (report !== null && !report.intact && report.brokenAt !== null) {
        return l10n.t('Ledger broken at {0}', report.brokenAt);
      }
      const { state } = session;
      if ((state.kind === 'ready' && state.status.damage !== null) || report?.intact === false) {
        return l10n.t('Ledger broken');
      }
    }
    return null;
  }
}

/** What the item does, and below it how the trail is shared, with the command that helps. */
function tooltipOf(
  does: string,
  exchanges: readonly { readonly words: SyncWords; readonly command: Command }[],
): MarkdownString {
  const text = new MarkdownString('', true).appendText(does);
  // Only these two can be run from it; what hosts say goes in as text.
  text.isTrusted = { enabledCommands: ['promptAudit.sync', 'promptAudit.signIn'] };
  for (const { words, command } of exchanges) {
    text.appendMarkdown(`\n\n$(${words.icon}) `).appendText(words.line);
    text.appendMarkdown(` [${command.title}](command:${command.command})`);
  }
  return text;
}

import {
  Diagnostic,
  DiagnosticSeverity,
  EventEmitter,
  Range,
  commands,
  l10n,
  languages,
  window,
} from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import type { Finding, ReportedFinding, Severity, VerifyReport } from '../../core/rows.js';
import type { Watch } from '../../core/watch.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { showError } from '../notices/showError.js';
import { ledgerUri } from '../policyFile.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { slowAfter, withProgress } from '../ui/progress.js';
import { openFindings } from './openFindings.js';
import { reviewFaults } from './reviewFaults.js';
import { verdictSentence } from './verdictWords.js';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Findings that go into Problems; VS Code itself shows no more of one file. */
const mostFindings = 1000;

/** Verifies ledgers, keeps the last report of each, and puts findings into Problems. */
export class LedgerFindings extends Disposable {
  private readonly diagnostics = this._register(
    languages.createDiagnosticCollection('prompt-audit-ledger'),
  );
  private readonly reports = new Map<string, VerifyReport>();
  private readonly alarmed = new Set<string>();

  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChange = this.changed.event;

  constructor(
    sessions: Sessions,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => sessions.all.forEach((one) => this.look(one))));
  }

  /** The last report of a repository; null when nothing was verified in this window. */
  report(session: TrailSession): VerifyReport | null {
    return this.reports.get(session.root) ?? null;
  }

  /** Checks because somebody asked, and says what came out. `full`: also what was checked before. */
  async verify(session: TrailSession, full: boolean): Promise<VerifyReport> {
    const title = full
      ? l10n.t('Verifying the whole ledger…')
      : l10n.t('Verifying what is new in the ledger…');
    const report = await withProgress(title, (watch) => this.check(session, full, watch));
    this.tell(report);
    return report;
  }

  /** As verify without a word about the outcome; for the timeline's badge. */
  async checkSlowly(session: TrailSession, full = false): Promise<VerifyReport> {
    return await withProgress(
      l10n.t('Verifying the ledger…'),
      (watch) => this.check(session, full, watch),
      { after: slowAfter },
    );
  }

  /** Checks without a word. */
  async check(session: TrailSession, full: boolean, watch?: Watch): Promise<VerifyReport> {
    const input = { full, atMost: mostFindings, ...(watch === undefined ? {} : { watch }) };
    const report = await session.requireTrail().verify(input);
    this.keep(session, report);
    return report;
  }

  /** A ledger that is damaged when it is opened is verified by itself, once. */
  private look(session: TrailSession): void {
    const { state, root } = session;
    const damaged = state.kind === 'ready' ? state.status.damage !== null : isDamaged(session);
    if (!damaged || this.alarmed.has(root)) {
      return;
    }
    this.alarmed.add(root);
    if (session.trail !== null) {
      this.checkSlowly(session).then(
        (report) => this.tell(report),
        (error: unknown) => showError(this.log, 'verify', error),
      );
    } else if (state.kind === 'failed') {
      this.diagnostics.set(ledgerUri(session), [
        diagnosticOf({
          code: state.error.code,
          severity: 'error',
          seq: null,
          event: null,
          message: state.error.message,
          expected: null,
          found: null,
          remedy: state.error.remedy,
        }),
      ]);
      showError(this.log, 'open', state.error);
    }
  }

  /** Takes over a report that came otherwise, such as after a review. */
  keep(session: TrailSession, report: VerifyReport): void {
    this.reports.set(session.root, report);
    const { omitted = 0 } = report;
    const more = omitted === 0 ? [] : [diagnosticOf(omittedFinding(omitted))];
    this.diagnostics.set(ledgerUri(session), [
      ...report.findings.slice(0, mostFindings).map(diagnosticOf),
      ...more,
    ]);
    this.changed.fire();
  }

  private tell(report: VerifyReport): void {
    const show = l10n.t('Show Findings');
    const showIt = (answer: string | undefined): void => {
      if (answer === show) {
        void commands.executeCommand('workbench.actions.view.problems');
      }
    };
    const text = verdictSentence(report);
    if (!report.intact) {
      const first = report.findings.find(({ severity }) => severity === 'error');
      const message = l10n.t('The ledger is broken. {0} {1}', first?.message ?? '', text);
      void window.showErrorMessage(message, show).then(showIt);
    } else if (openFindings(report.findings).length > 0) {
      void window.showWarningMessage(text, show).then(showIt);
    } else {
      void window.showInformationMessage(text);
    }
  }
}

function isDamaged({ state }: TrailSession): boolean {
  return (
    state.kind === 'failed' &&
    (state.damaged || isPromptAuditError(state.error, 'ledger.futureVersion'))
  );
}

function omittedFinding(count: number): Finding {
  return {
    code: 'findings.omitted',
    severity: 'info',
    seq: null,
    event: null,
    message: l10n.t('{0} more findings are not shown here.', count),
    expected: null,
    found: null,
    remedy: l10n.t('See all of them with: prompt-audit verify'),
  };
}

function diagnosticOf(finding: Finding & Partial<ReportedFinding>): Diagnostic {
  const { message, expected, found, remedy, reviewed = null, settled = false } = finding;
  const lines = [message];
  if (expected !== null) {
    lines.push(l10n.t('Expected: {0}', expected));
  }
  if (found !== null) {
    lines.push(l10n.t('Found: {0}', found));
  }
  if (!settled) {
    lines.push(remedy);
  }
  if (reviewed !== null) {
    lines.push(l10n.t('Reviewed by {0}: {1}', reviewed.by.name, reviewed.disposition));
    if (!settled && reviewed.notCounting !== null) {
      lines.push(reviewFaults()[reviewed.notCounting]);
    }
  }
  const diagnostic = new Diagnostic(
    new Range(0, 0, 0, 0),
    lines.filter((line) => line !== '').join('\n'),
    // What was reviewed stays in the ledger's own file, but asks for nothing any more.
    settled && finding.severity !== 'error'
      ? DiagnosticSeverity.Hint
      : severities[finding.severity],
  );
  diagnostic.source = 'Prompt Audit';
  diagnostic.code = finding.code;
  return diagnostic;
}

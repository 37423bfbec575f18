import { commands, l10n, window } from 'vscode';
import { isPromptAuditError, type PromptAuditError } from '../../core/errors.js';
import { logError, type Log } from '../base/log.js';
import { deploymentReasonWords, reasonWords } from '../ui/reasonWords.js';

/** One message for one failure: what happened, what to do, and the way to the log. */
export function showError(log: Log, scope: string, error: unknown): void {
  if (isPromptAuditError(error, 'cancelled')) {
    return;
  }
  // A remote that refuses is trouble of the exchange, and its log helps.
  const isAnswer = isPromptAuditError(error) && !error.code.startsWith('sync.');
  if (isAnswer && error.reasons.length > 0) {
    log.info(`[${scope}] ${error.code}: ${error.reasons.join(', ')}`);
    void window.showWarningMessage(refusalText(error));
    return;
  }
  logError(log, scope, error);
  const text = isPromptAuditError(error)
    ? `${error.message} ${error.remedy}`
    : l10n.t('Prompt Audit met an unexpected error. The log says more; nothing was overwritten.');
  const show = l10n.t('Show Log');
  const isContradiction =
    isPromptAuditError(error, 'sync.rewritten') || isPromptAuditError(error, 'ledger.foreign');
  const resolve = l10n.t('Resolve…');
  const buttons = isContradiction ? [resolve, show] : [show];
  void window.showErrorMessage(text, ...buttons).then((answer) => {
    if (answer === show) {
      log.show();
    } else if (answer === resolve) {
      void commands.executeCommand('promptAudit.resolveRemote');
    }
  });
}

/** A refusal is an answer, not a failure: it says why, in the user's words. */
function refusalText({ code, message, reasons, remedy }: PromptAuditError): string {
  const wordsOf = code === 'deployment.refused' ? deploymentReasonWords : reasonWords;
  const why = reasons.map(wordsOf).filter((words) => !message.includes(words));
  return [message, why.length > 0 ? l10n.t('Because {0}.', why.join('; ')) : '', remedy]
    .filter((part) => part !== '')
    .join(' ');
}

/** As showError for what nobody asked for: the same code speaks up once a session, the log always. */
export class QuietErrors {
  private readonly told = new Set<string>();

  constructor(private readonly log: Log) {}

  tell(scope: string, error: unknown): void {
    const code = isPromptAuditError(error) ? `${error.code} ${error.message}` : scope;
    if (this.told.has(code)) {
      logError(this.log, scope, error);
      return;
    }
    this.told.add(code);
    showError(this.log, scope, error);
  }
}

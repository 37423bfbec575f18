import { commands, l10n, window, type CustomReadonlyEditorProvider, type Disposable } from 'vscode';
import { messageHtml } from './timeline/html.js';

/** Opening the ledger file shows the timeline instead of bytes that say nothing. */
export function registerLedgerEditor(): Disposable {
  const provider: CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => {
      panel.webview.html = messageHtml({
        language: 'en',
        title: l10n.t('The ledger'),
        message: l10n.t('Its events are shown in the timeline.'),
      });
      void commands.executeCommand('promptAudit.openTimeline', uri);
    },
  };
  return window.registerCustomEditorProvider('promptAudit.ledger', provider);
}

import { delimiter, join } from 'node:path';
import { l10n, workspace, type ExtensionContext } from 'vscode';
import { Disposable } from './base/disposable.js';
import { setting } from './base/settings.js';

/** Puts the command `prompt-audit` on the PATH of VS Code's terminals. */
export class TerminalCommand extends Disposable {
  constructor(private readonly context: ExtensionContext) {
    super();
    this.update();
    this._register(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('promptAudit.terminalCommand')) {
          this.update();
        }
      }),
    );
  }

  private update(): void {
    const variables = this.context.environmentVariableCollection;
    variables.clear();
    if (!setting('terminalCommand')) {
      return;
    }
    variables.description = l10n.t('Adds the command `prompt-audit` of Prompt Audit');
    variables.prepend('PATH', join(this.context.extensionPath, 'media', 'bin') + delimiter);
    // The scripts run the command line with the editor's own Node, so none has to be installed.
    variables.replace('PROMPT_AUDIT_NODE', process.execPath);
  }
}

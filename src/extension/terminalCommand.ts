import { delimiter, join } from 'node:path';
import { l10n, window, workspace, type ExtensionContext, type Terminal } from 'vscode';
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

  /** Runs the command line in a new terminal of a folder; `args` are words of this program, never of a user. */
  run(folder: string, args: 'sign' | 'sign --setup'): void {
    this.open(folder).sendText(`prompt-audit ${args}`);
  }

  /** Writes a line into a new terminal of a folder, and leaves it to the person to run it. */
  type(folder: string, line: string): void {
    this.open(folder).sendText(line, false);
  }

  private open(folder: string): Terminal {
    const env = {
      PATH: `${this.folder}${delimiter}${process.env['PATH'] ?? ''}`,
      PROMPT_AUDIT_NODE: process.execPath,
    };
    const terminal = window.createTerminal({ name: 'Prompt Audit', cwd: folder, env });
    terminal.show();
    return terminal;
  }

  private get folder(): string {
    return join(this.context.extensionPath, 'media', 'bin');
  }

  private update(): void {
    const variables = this.context.environmentVariableCollection;
    variables.clear();
    if (!setting('terminalCommand')) {
      return;
    }
    variables.description = l10n.t('Adds the command `prompt-audit` of Prompt Audit');
    variables.prepend('PATH', this.folder + delimiter);
    // The scripts run the command line with the editor's own Node, so none has to be installed.
    variables.replace('PROMPT_AUDIT_NODE', process.execPath);
  }
}

import { Diagnostic, Range, languages, workspace, type TextDocument } from 'vscode';
import { checkPolicy } from '../../core/policyFile.js';
import { Disposable } from '../base/disposable.js';
import { logError, type Log } from '../base/log.js';
import { policyUri } from '../policyFile.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';

/** Puts the mistakes of policy files into Problems, at their place, also while they are typed. */
export class PolicyFindings extends Disposable {
  private readonly diagnostics = this._register(
    languages.createDiagnosticCollection('prompt-audit-policy'),
  );

  constructor(
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => sessions.all.forEach((one) => void this.look(one))));
    this._register(workspace.onDidChangeTextDocument(({ document }) => this.edited(document)));
  }

  private edited(document: TextDocument): void {
    if (!document.uri.path.endsWith('/.prompt-audit/policy.jsonc')) {
      return;
    }
    if (this.sessions.all.some((session) => policyUri(session).fsPath === document.uri.fsPath)) {
      this.show(document);
    }
  }

  private async look(session: TrailSession): Promise<void> {
    const { state } = session;
    const wrong = state.kind === 'failed' || (state.kind === 'ready' && state.policyError !== null);
    const uri = policyUri(session);
    if (!wrong) {
      this.diagnostics.delete(uri);
      return;
    }
    try {
      this.show(await workspace.openTextDocument(uri));
    } catch (error) {
      logError(this.log, 'policy', error);
    }
  }

  private show(document: TextDocument): void {
    const { problems } = checkPolicy(document.getText());
    this.diagnostics.set(
      document.uri,
      problems.map(({ message, offset, length }) => {
        const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
        const diagnostic = new Diagnostic(range, message);
        diagnostic.source = 'Prompt Audit';
        return diagnostic;
      }),
    );
  }
}

import {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Range,
  workspace,
  WorkspaceEdit,
  type CodeActionContext,
  type CodeActionProvider,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { Severity } from '../../core/rows.js';
import { Disposable } from '../base/disposable.js';
import { logError, type Log } from '../base/log.js';
import { policyUri } from '../policyFile.js';
import type { Sessions } from '../session/sessions.js';
import type { PolicyApi } from '../session/trailApi.js';
import type { TrailSession } from '../session/trailSession.js';
import { checkedFiles, problemsOf, type PlacedProblem } from './policyProblems.js';

interface Shown {
  readonly version: number;
  readonly found: readonly { readonly problem: PlacedProblem; readonly range: Range }[];
}

/** Milliseconds without a key, so that nobody is told of a word that is only begun. */
const quiet = 250;

/** Puts the mistakes of policies, and what lint says of them, into Problems at their place, with what cures them. */
export class PolicyFindings extends Disposable implements CodeActionProvider {
  private readonly diagnostics = this._register(
    languages.createDiagnosticCollection('prompt-audit-policy'),
  );
  private readonly shown = new Map<string, Shown>();
  private readonly stamps = new WeakMap<TrailSession, string>();
  private readonly waiting = new Map<TrailSession, NodeJS.Timeout>();

  constructor(
    private readonly sessions: Sessions,
    private readonly api: PolicyApi,
    private readonly log: Log,
  ) {
    super();
    this._register(sessions.onDidChange(() => sessions.all.forEach((one) => this.renew(one))));
    this._register(workspace.onDidChangeTextDocument(({ document }) => this.edited(document)));
    this._register(
      languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
    this._register({ dispose: () => this.waiting.forEach((timer) => clearTimeout(timer)) });
  }

  provideCodeActions(
    document: TextDocument,
    _range: Range,
    { diagnostics }: CodeActionContext,
  ): CodeAction[] {
    const shown = this.shown.get(document.uri.toString());
    // Their places are those of the text that was looked at.
    if (shown?.version !== document.version) {
      return [];
    }
    return diagnostics.flatMap((diagnostic) => {
      const found = shown.found.find(
        ({ problem, range }) =>
          problem.code === diagnostic.code &&
          problem.message === diagnostic.message &&
          range.isEqual(diagnostic.range),
      );
      return found?.problem.fix === undefined
        ? []
        : [fixAction(document, diagnostic, found.problem)];
    });
  }

  /** Most changes of a session have nothing to do with its policy. */
  private renew(session: TrailSession): void {
    const stamp = stampOf(session);
    if (this.stamps.get(session) !== stamp) {
      this.stamps.set(session, stamp);
      this.soon(session, 0);
    }
  }

  private edited({ uri }: TextDocument): void {
    const session = this.sessions.sessionOf(uri);
    if (session !== null && checkedFiles(session).some((one) => one.fsPath === uri.fsPath)) {
      this.soon(session, quiet);
    }
  }

  private soon(session: TrailSession, after: number): void {
    clearTimeout(this.waiting.get(session));
    const look = (): void => {
      this.waiting.delete(session);
      void this.look(session).catch((error: unknown) => logError(this.log, 'policy', error));
    };
    this.waiting.set(session, setTimeout(look, after));
  }

  private async look(session: TrailSession): Promise<void> {
    const { kind } = session.state;
    if (kind === 'loading' || kind === 'uninitialized') {
      this.clear(session);
      return;
    }
    const problems = await problemsOf(session, this.api);
    if (this.isDisposed || !this.sessions.all.includes(session)) {
      return;
    }
    this.clear(session, new Set(problems.keys()));
    for (const [document, found] of problems) {
      this.show(document, found);
    }
  }

  /** Takes away what was said of files of which nothing is to be said now. */
  private clear(session: TrailSession, except: ReadonlySet<TextDocument> = new Set()): void {
    const kept = new Set([...except].map(({ uri }) => uri.toString()));
    for (const uri of [policyUri(session), ...checkedFiles(session)]) {
      if (!kept.has(uri.toString())) {
        this.remove(uri);
      }
    }
  }

  private remove(uri: Uri): void {
    this.shown.delete(uri.toString());
    this.diagnostics.delete(uri);
  }

  private show(document: TextDocument, problems: readonly PlacedProblem[]): void {
    const found = problems.map((problem) => {
      const { offset, length } = problem;
      const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
      return { problem, range };
    });
    this.shown.set(document.uri.toString(), { version: document.version, found });
    this.diagnostics.set(
      document.uri,
      found.map(({ problem, range }) => {
        const { message, severity, code } = problem;
        const diagnostic = new Diagnostic(range, message, severities[severity]);
        diagnostic.source = 'Prompt Audit';
        diagnostic.code = code;
        return diagnostic;
      }),
    );
  }
}

/** What lint rests on besides the texts in the editor. */
function stampOf({ state, trail }: TrailSession): string {
  const seen =
    state.kind === 'ready'
      ? [state.policy, state.policyError?.message, state.status.prompts.map(({ path }) => path)]
      : [];
  return JSON.stringify([state.kind, trail !== null, ...seen]);
}

/** What is only worth knowing is told in the file: in Problems it would stand for ever. */
const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Hint,
};

function fixAction(
  document: TextDocument,
  diagnostic: Diagnostic,
  { fix }: PlacedProblem,
): CodeAction {
  const action = new CodeAction(fix?.title ?? '', CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new WorkspaceEdit();
  for (const { offset, length, text } of fix?.edits ?? []) {
    const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
    action.edit.replace(document.uri, range, text);
  }
  return action;
}

import { ExtensionMode, workspace, type ExtensionContext } from 'vscode';
import { onDidGetFocus } from './base/focus.js';
import { createLog } from './base/log.js';
import { registerCommands } from './commands/register.js';
import { FileChanges } from './fileChanges.js';
import { EditorGit } from './git/editorGit.js';
import { SelectionTexts, selectionScheme } from './identify/selectionText.js';
import { registerLedgerEditor } from './ledgerEditor.js';
import { OverdueNotice } from './notices/overdueNotice.js';
import { ReviewNotice } from './notices/reviewNotice.js';
import { SigningNotice } from './notices/signingNotice.js';
import { PolicyCompletion } from './policy/policyCompletion.js';
import { PolicyFindings } from './policy/policyFindings.js';
import { PolicyHover } from './policy/policyHover.js';
import { ActiveVersion } from './review/activeVersion.js';
import { VersionContent } from './review/versionContent.js';
import { versionScheme } from './review/versionUri.js';
import { SaveRecorder } from './saveRecorder.js';
import { BreakGlassReviews } from './session/breakGlassReviews.js';
import { Sessions } from './session/sessions.js';
import { Syncer } from './session/syncer.js';
import { workerApi } from './session/trailApi.js';
import { PromptLens } from './status/codeLens.js';
import { Decorations } from './status/decorations.js';
import { LanguageStatus } from './status/languageStatus.js';
import { LedgerFindings } from './status/ledgerFindings.js';
import { StatusBar } from './status/statusBar.js';
import { ReviewTalk } from './talk/reviewTalk.js';
import { TerminalCommand } from './terminalCommand.js';
import type { TestApi } from './testApi.js';
import { TimelineOpener } from './timelineOpener.js';
import { Views } from './views/views.js';

let stop: (() => Promise<void>) | null = null;

/** Registers everything and returns; git, the ledger and files are touched only afterwards. */
export function activate(context: ExtensionContext): TestApi | undefined {
  const version = versionOf(context);
  const log = createLog(version);
  const api = workerApi(context.asAbsolutePath('dist/worker.js'), log);
  const sessions = new Sessions({ api, tool: `prompt-audit/${version}`, log });
  const findings = new LedgerFindings(sessions, log);
  const saves = new SaveRecorder(sessions, log);
  const files = new FileChanges(sessions, log);
  const sync = new Syncer(sessions, new EditorGit(log), log);
  const timeline = new TimelineOpener(context, sessions, findings, log);
  const breakGlass = new BreakGlassReviews(sessions, log);
  const views = new Views(sessions, sync, breakGlass);
  const talk = new ReviewTalk(sessions, log);
  const terminal = new TerminalCommand(context);
  const selections = new SelectionTexts();
  const signing = new SigningNotice(sessions, terminal, log);
  context.subscriptions.push(
    log,
    sessions,
    findings,
    saves,
    files,
    sync,
    timeline,
    breakGlass,
    views,
    talk,
    new PolicyFindings(sessions, api, log),
    new PolicyCompletion(sessions, log),
    new PolicyHover(sessions, log),
    new StatusBar(sessions, findings, sync, breakGlass),
    new LanguageStatus(sessions, sync),
    new Decorations(sessions),
    new PromptLens(sessions),
    new ReviewNotice(sessions, context.workspaceState),
    new OverdueNotice(breakGlass, context.workspaceState),
    new ActiveVersion(sessions),
    terminal,
    selections,
    signing,
    workspace.registerTextDocumentContentProvider(versionScheme, new VersionContent(sessions)),
    workspace.registerTextDocumentContentProvider(selectionScheme, selections),
    registerLedgerEditor(),
    ...registerCommands({
      ...{ sessions, log, saves, findings, timeline, talk, sync, signing },
      ...{ proofs: api, hooks: api, questions: api },
      selections,
      extensionUri: context.extensionUri,
      cliFile: context.asAbsolutePath('dist/cli.js'),
    }),
    onDidGetFocus(() => void sessions.refresh()),
  );
  stop = async () => {
    await saves.flush();
    await files.flush();
    await sessions.close();
  };
  setImmediate(() => void sessions.start());
  return context.extensionMode === ExtensionMode.Test
    ? { sessions, views, findings, saves, files, sync, log }
    : undefined;
}

function versionOf({ extension }: ExtensionContext): string {
  const manifest: unknown = extension.packageJSON;
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '0';
}

/** Records what still waits, and folds the journal, before the editor goes. */
export async function deactivate(): Promise<void> {
  await stop?.();
  stop = null;
}

import path from 'node:path';
import { commands, env, l10n, UIKind, Uri, window } from 'vscode';
import type { EvidenceWritten } from '../../trail/exportApi.js';
import { pickScope, scopeOfNode, type Scope } from '../evidence/pickScope.js';
import { withProgress } from '../ui/progress.js';
import type { CommandHandler } from './context.js';
import { sessionTarget } from './targets.js';

/** Writes a folder of tables, texts and sums that somebody else can check without this program. */
export const exportEvidence: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Export Evidence');
  const session = await sessionTarget(sessions, argument, title);
  const given = scopeOfNode(argument);
  const scope =
    session &&
    (await pickScope(sessions, session, {
      ...{ title, deployments: false },
      given: given?.deployment === undefined ? given : null,
    }));
  if (!session || !scope) {
    return;
  }
  const [folder] =
    (await window.showOpenDialog({
      title,
      openLabel: l10n.t('Export Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: Uri.file(path.dirname(session.root)),
    })) ?? [];
  if (folder === undefined) {
    return;
  }
  const out = path.join(folder.fsPath, `prompt-audit-evidence-${stamp()}`);
  const written = await withProgress(l10n.t('Exporting evidence…'), (watch) =>
    session.write((trail) => trail.exportEvidence({ ...scope, out, watch })),
  );
  await sayWritten(
    l10n.t('Exported {0} rows in {1} files: {2}', written.rows, written.files, written.scope),
    written,
  );
};

/** Writes one HTML file for people: what changed, who approved it, and how to check that. */
export const createReport: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Create Report');
  const session = await sessionTarget(sessions, argument, title);
  const given = scopeOfNode(argument);
  const scope =
    session && (await pickScope(sessions, session, { title, given, deployments: true }));
  if (!session || !scope) {
    return;
  }
  const file = await window.showSaveDialog({
    title,
    saveLabel: l10n.t('Create Report'),
    defaultUri: Uri.file(path.join(path.dirname(session.root), nameOf(scope))),
    filters: { HTML: ['html'] },
  });
  if (file === undefined) {
    return;
  }
  const out = path.extname(file.fsPath) === '' ? `${file.fsPath}.html` : file.fsPath;
  const written = await withProgress(l10n.t('Writing the report…'), (watch) =>
    // The dialogue has asked whether a file that is there is to be replaced.
    session.write((trail) => trail.report({ ...scope, out, force: true, watch })),
  );
  await sayWritten(l10n.t('Wrote the report: {0}', written.scope), written);
};

/** Says where it is, without holding up who goes on working. */
async function sayWritten(message: string, { out }: EvidenceWritten): Promise<void> {
  const [open, reveal] = [l10n.t('Open'), l10n.t('Reveal')];
  const answer = await window.showInformationMessage(message, open, reveal);
  const file = Uri.file(out);
  if (answer === open && path.extname(out) !== '.html') {
    await commands.executeCommand('vscode.open', Uri.file(path.join(out, 'README.txt')));
  } else if (answer === open) {
    // A browser that is elsewhere cannot open a file of this machine.
    await (env.remoteName === undefined && env.uiKind === UIKind.Desktop
      ? env.openExternal(file)
      : commands.executeCommand('vscode.open', file));
  } else if (answer === reveal) {
    await commands.executeCommand(
      env.remoteName === undefined ? 'revealFileInOS' : 'revealInExplorer',
      file,
    );
  }
}

function nameOf({ deployment, path: prompt, env: environment }: Scope): string {
  const about =
    deployment !== undefined
      ? deployment.slice(0, 7)
      : prompt !== undefined
        ? path.basename(prompt).replace(/[^\w.-]+/g, '-')
        : (environment?.replace(/[^\w.-]+/g, '-') ?? 'all');
  return `prompt-audit-report-${about}-${stamp()}.html`;
}

/** `2026-11-22-1405`, local. */
function stamp(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}`;
}

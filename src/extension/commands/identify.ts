import { commands, l10n, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { EventId } from '../../core/ids.js';
import type { Identified, IdentifiedRow } from '../../trail/identifyApi.js';
import { chooseText, type Asked } from '../identify/chooseText.js';
import { matchText, populationText, spanText } from '../identify/identifiedWords.js';
import { toVersionUri } from '../review/versionUri.js';
import type { TrailSession } from '../session/trailSession.js';
import { slowAfter, withProgress } from '../ui/progress.js';
import { goBack, pickOne, type PickEntry } from '../ui/quickInput.js';
import { ago } from '../ui/time.js';
import { baseName, promptName, shortDigest } from '../ui/words.js';
import type { CommandContext, CommandHandler } from './context.js';
import { sessionTarget } from './targets.js';

type Line = PickEntry<IdentifiedRow | EventId> | QuickPickItem;

/** Says which prompt and version a text is, and where and when it was active. */
export const identify: CommandHandler = async (context, argument) => {
  const title = l10n.t('Identify');
  const asked = await chooseText(title);
  const session = asked && (await sessionTarget(context.sessions, argument, title));
  if (!asked || !session) {
    return;
  }
  const found = await withProgress(
    l10n.t('Looking for this text in the audit trail…'),
    (watch) => session.requireTrail().identify({ ...asked, watch }),
    { after: slowAfter },
  );
  if (found.rows.length === 0) {
    void window.showInformationMessage(
      `${l10n.t('No recorded prompt is, holds or resembles this text.')} ${populationText(found)}`,
    );
    return;
  }
  const chosen = await pickOne<IdentifiedRow | EventId>({
    title: titleOf(title, found),
    placeholder: l10n.t('Take a line to see the text, the difference or the deployment'),
    items: lines(found),
  });
  if (chosen === undefined || chosen === goBack) {
    return;
  }
  if (typeof chosen === 'string') {
    context.timeline.show(session, { event: chosen });
  } else {
    await openText(context, session, chosen, asked);
  }
};

function titleOf(title: string, { digest }: Identified): string {
  return digest === null ? title : `${title}: ${shortDigest(digest)}…`;
}

function lines(found: Identified): readonly Line[] {
  const rows = found.rows.flatMap((row): Line[] => [
    {
      label: `${row.match === 'near' ? '$(diff)' : '$(pass-filled)'} ${nameOf(row)}`,
      description: [matchText(row), row.by.name, ago(row.at)].join(' · '),
      detail: row.note ?? row.path,
      value: row,
    },
    ...(row.active.length === 0
      ? [{ label: `$(circle-slash) ${l10n.t('never active anywhere')}`, value: row.event }]
      : row.active.map((span) => ({
          label: `$(rocket) ${spanText(span)}`,
          value: span.deployment,
        }))),
  ]);
  const population = populationText(found);
  return population === ''
    ? rows
    : [...rows, { label: population, kind: QuickPickItemKind.Separator }];
}

function nameOf({ path, version, versions }: IdentifiedRow): string {
  const labels = versions.map(({ label }) => label).join(', ');
  return `${promptName(path)} ${version === null ? l10n.t('draft') : labels}`;
}

async function openText(
  { selections }: CommandContext,
  session: TrailSession,
  row: IdentifiedRow,
  asked: Asked,
): Promise<void> {
  const { path, digest, lines: place } = row;
  const uri = toVersionUri({
    ...{ root: session.root, path, digest },
    version: row.versions[0]?.id ?? null,
  });
  if (row.match !== 'exact' && row.match !== 'part' && 'text' in asked) {
    const title = l10n.t('{0} ↔ what you asked about', nameOf(row));
    const other = selections.keep(asked.text, baseName(path));
    await commands.executeCommand('vscode.diff', uri, other, title, { preview: true });
    return;
  }
  const editor = await window.showTextDocument(uri, { preview: true });
  if (place !== null) {
    const range = editor.document.validateRange(
      editor.selection.with(editor.selection.start.with(place.line - 1, 0)),
    );
    editor.revealRange(range);
  }
}

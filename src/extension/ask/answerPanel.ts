import { env, l10n, Uri, ViewColumn, window } from 'vscode';
import type { Column, QuestionAnswer } from '../../core/questions/question.js';
import type { Asked } from '../../trail/askApi.js';
import { factWords } from '../ui/reasonWords.js';
import { fullTime } from '../ui/time.js';
import { cellHtml, type CellWords } from './answerCell.js';
import { answerHtml, mostShownRows, type AnswerWords } from './answerPage.js';
import type { AskLink, Asking } from './asking.js';
import { paramKeys } from './askParam.js';
import { durationText, paramName, paramText } from './paramWords.js';
import { questionTitle } from './pickQuestion.js';
import { shortTime } from './times.js';

/** Shows an answer in a tab of its own: population, caveats, and the point of the ledger on which it stands. */
export function showAnswer(extensionUri: Uri, asking: Asking, asked: Asked): void {
  const { entry } = asking;
  const title = questionTitle(entry);
  const media = Uri.joinPath(extensionUri, 'media', 'timeline');
  const panel = window.createWebviewPanel('promptAudit.answer', title, ViewColumn.Active, {
    // No script at all: the two links are all that it does.
    enableScripts: false,
    enableCommandUris: ['promptAudit.openTimeline', 'promptAudit.askTrail'],
    enableFindWidget: true,
    localResourceRoots: [media],
  });
  panel.iconPath = {
    light: Uri.joinPath(media, 'tab-light.svg'),
    dark: Uri.joinPath(media, 'tab-dark.svg'),
  };
  const { webview } = panel;
  const cells = cellWords(asking);
  webview.html = answerHtml({
    language: env.language,
    cspSource: webview.cspSource,
    styles: ['answer.css'].map((name) =>
      webview.asWebviewUri(Uri.joinPath(media, name)).toString(),
    ),
    title,
    about: aboutText(asking),
    answer: asked.answer,
    words: answerWords(asking, asked),
    again: commandLink('promptAudit.askTrail', linkOf(asking)),
    cell: (column, row) => cellHtml(cells, column, row),
  });
}

function commandLink(command: string, argument: unknown): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;
}

function linkOf({ session, entry, params, asKnownAt }: Asking): AskLink {
  return {
    root: session.root,
    kind: entry.kind,
    params,
    ...(asKnownAt === undefined ? {} : { asKnownAt }),
  };
}

/** `Environment: production · Time: from 1 Oct on`. */
function aboutText({ entry, params, asKnownAt }: Asking): string {
  const said = paramKeys([...entry.needs, ...entry.takes]).flatMap((key) => {
    const text = paramText(key, params);
    return text === '' ? [] : [l10n.t('{0}: {1}', paramName(key), text)];
  });
  const known = asKnownAt === undefined ? [] : [l10n.t('As known at {0}', shortTime(asKnownAt))];
  return [...said, ...known].join(' · ');
}

function answerWords({ entry }: Asking, { ledger, answer }: Asked): AnswerWords {
  const { rows, columns, counts = {} } = answer;
  const found = Object.entries(counts).map(([name, count]) => l10n.t('{0}: {1}', name, count));
  return {
    result: resultText(answer),
    basis: l10n.t(
      'Asked {0} of ledger {1} with {2} events, root {3}.',
      ...[shortTime(new Date().toISOString()), ledger.id.slice(0, 8)],
      ...[ledger.size, ledger.root.slice(0, 8)],
    ),
    again:
      [...entry.needs, ...entry.takes].length === 0
        ? l10n.t('Ask Again')
        : l10n.t('Change or Narrow Down…'),
    caveats: l10n.t('Before you rely on this'),
    more: l10n.t('More'),
    cut:
      rows.length > mostShownRows
        ? l10n.t(
            'The first {0} of {1} rows. Narrow the question down, or export.',
            mostShownRows,
            rows.length,
          )
        : null,
    table: questionTitle(entry),
    columns: new Map(columns.map((column): [Column, string] => [column, l10n.t(column.title)])),
    counts: found,
    caveatLines: answer.caveats.map((text) => l10n.t(text)),
    unanswerable: answer.unanswerable === undefined ? null : l10n.t(answer.unanswerable),
  };
}

function resultText({ rows, population, areExceptions }: QuestionAnswer): string {
  const among = l10n.t(population.of);
  return areExceptions
    ? l10n.t('{0} exceptions among {1} {2}', rows.length, population.count, among)
    : l10n.t('{0} found among {1} {2}', rows.length, population.count, among);
}

function cellWords({ session }: Asking): CellWords {
  return {
    eventLink: (event) => commandLink('promptAudit.openTimeline', { root: session.root, event }),
    eventHint: l10n.t('Show this event in the timeline'),
    yes: l10n.t('yes'),
    no: l10n.t('no'),
    time: (at) => ({ short: shortTime(at), full: fullTime(at) }),
    duration: durationText,
    code: factWords,
  };
}

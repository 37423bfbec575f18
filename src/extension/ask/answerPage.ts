import type { AnswerRow, Column, QuestionAnswer } from '../../core/questions/question.js';

/** Rows that one page shows: more nobody reads, and a browser would stumble over them. */
export const mostShownRows = 2000;

export interface AnswerPage {
  readonly language: string;
  readonly cspSource: string;
  readonly styles: readonly string[];
  /** The question. */
  readonly title: string;
  /** What it was asked with; empty: of everything. */
  readonly about: string;
  readonly answer: QuestionAnswer;
  readonly words: AnswerWords;
  /** Address of the link that changes what it is asked with. */
  readonly again: string;
  readonly cell: (column: Column, row: AnswerRow) => string;
}

/** Lines of text; they are made safe here. */
export interface AnswerWords {
  /** `2 of 412 deployments`. */
  readonly result: string;
  /** On what it stands: point and time. */
  readonly basis: string;
  readonly again: string;
  readonly caveats: string;
  readonly more: string;
  readonly cut: string | null;
  readonly table: string;
  readonly columns: ReadonlyMap<Column, string>;
  readonly counts: readonly string[];
  readonly caveatLines: readonly string[];
  readonly unanswerable: string | null;
}

/** An answer as a page without any script. Cells come as safe HTML, everything else is text. */
export function answerHtml(page: AnswerPage): string {
  const { words, cspSource, answer } = page;
  const policy = `default-src 'none'; style-src ${cspSource}; base-uri 'none'; form-action 'none'`;
  const tone = answer.areExceptions && answer.rows.length > 0 ? 'is-exception' : 'is-fine';
  return `<!DOCTYPE html>
<html lang="${escaped(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)}</title>
${page.styles.map((style) => `<link rel="stylesheet" href="${escaped(style)}">`).join('\n')}
</head>
<body>
<main>
<header>
<h1>${escaped(page.title)}</h1>
${page.about === '' ? '' : `<p class="about"><bdi>${escaped(page.about)}</bdi></p>`}
${words.unanswerable === null ? `<p class="result ${tone}">${escaped(words.result)}</p>` : `<p class="result is-open">${escaped(words.unanswerable)}</p>`}
${list('counts', words.counts)}
<p class="basis">${escaped(words.basis)}</p>
<p><a class="again" href="${escaped(page.again)}">${escaped(words.again)}</a></p>
</header>
${answer.rows.length === 0 ? '' : tableHtml(page)}
${words.caveatLines.length === 0 ? '' : `<section aria-labelledby="caveats"><h2 id="caveats">${escaped(words.caveats)}</h2>${list('caveats', words.caveatLines)}</section>`}
</main>
</body>
</html>`;
}

function list(name: string, lines: readonly string[]): string {
  return lines.length === 0
    ? ''
    : `<ul class="${name}">${lines.map((line) => `<li><bdi>${escaped(line)}</bdi></li>`).join('')}</ul>`;
}

function tableHtml({ answer, words, cell }: AnswerPage): string {
  const { columns, rows } = answer;
  // A column that is empty all the way down only pushes others out of sight.
  const shown = columns.filter(
    (column) => column.isDetail !== true && rows.some((row) => cell(column, row) !== ''),
  );
  const details = columns.filter(({ isDetail }) => isDetail === true);
  const name = (column: Column): string => escaped(words.columns.get(column) ?? column.title);
  const more = (row: AnswerRow): string => {
    const found = details.flatMap((column) => {
      const text = cell(column, row);
      return text === '' ? [] : [`<dt>${name(column)}</dt><dd>${text}</dd>`];
    });
    return found.length === 0
      ? '<td></td>'
      : `<td><details><summary>${escaped(words.more)}</summary><dl>${found.join('')}</dl></details></td>`;
  };
  const head = shown.map((column) => `<th scope="col">${name(column)}</th>`).join('');
  const lastHead =
    details.length === 0 ? '' : `<td class="more"><span>${escaped(words.more)}</span></td>`;
  const body = rows
    .slice(0, mostShownRows)
    .map((row) => {
      const cells = shown.map(
        (column) => `<td class="kind-${column.kind}">${cell(column, row)}</td>`,
      );
      return `<tr>${cells.join('')}${details.length === 0 ? '' : more(row)}</tr>`;
    })
    .join('\n');
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escaped(words.table)}">
<table>
<thead><tr>${head}${lastHead}</tr></thead>
<tbody>
${body}
</tbody>
</table>
</div>
${words.cut === null ? '' : `<p class="cut">${escaped(words.cut)}</p>`}`;
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

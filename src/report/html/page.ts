import { createHash } from 'node:crypto';
import type { Block, Fact, ReportDocument, Section } from '../document.js';
import { diffHtml } from './diff.js';
import { escaped, escapedText } from './escape.js';
import { style } from './style.js';
import { tableHtml } from './table.js';

/** By this a report is known as one of ours, before it is replaced. */
export const reportMark = '<meta name="generator" content="prompt-audit/report 1">';

/**
 * A report as one HTML file: no script, nothing from outside, and a policy that allows neither. The same document makes
 * the same bytes.
 */
export function reportHtml(document: ReportDocument): string {
  const { title, subtitle, tool, cover, sections } = document;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    reportMark,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="robots" content="noindex">',
    `<title>${escaped(title)}: ${escaped(subtitle)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<header>',
    '<p class="kicker">Prompt Audit Trail · evidence report</p>',
    `<h1>${escaped(title)}</h1>`,
    `<p class="subtitle"><bdi>${escaped(subtitle)}</bdi></p>`,
    factsHtml(cover),
    '</header>',
    '<nav aria-labelledby="contents">',
    '<h2 id="contents">Contents</h2>',
    `<ol>${sections.map(({ id, title: name }) => `<li><a href="#${id}">${escaped(name)}</a></li>`).join('')}</ol>`,
    '</nav>',
    '<main>',
    ...sections.map(sectionHtml),
    '</main>',
    '<footer>',
    `<p>Made by ${escaped(tool)}. The file needs nothing else and runs no program. Its SHA-256 stands in the ledger, in the event that follows the point above.</p>`,
    '</footer>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function sectionHtml({ id, title, blocks }: Section, index: number): string {
  const heading = `<h2 id="${id}">${index + 1}. ${escaped(title)}</h2>`;
  const body = blocks.map((block) => blockHtml(block, 3)).join('');
  return `<section aria-labelledby="${id}">\n${heading}\n${body}</section>`;
}

function blockHtml(block: Block, level: number): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>\n`;
    case 'list': {
      const tag = block.isNumbered === true ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</${tag}>\n`;
    }
    case 'facts':
      return factsHtml(block.facts);
    case 'status':
      return `<div class="status ${block.tone}"><p class="word">${escaped(block.title)}</p><p>${escaped(block.text)}</p></div>\n`;
    case 'numbers': {
      const items = block.numbers.map(
        ({ name, count, tone }) =>
          `<li class="${tone}"><b>${count}</b><span>${escaped(name)}</span></li>`,
      );
      return `<ul class="numbers">${items.join('')}</ul>\n`;
    }
    case 'code':
      return (
        `<div class="scroll" role="region" aria-label="${escaped(block.label)}" tabindex="0">` +
        `<pre>${escapedText(block.text)}</pre></div>\n`
      );
    case 'table':
      return tableHtml(block.table, block.shown, block.empty);
    case 'diff':
      return diffHtml(block.diff, block.label);
    case 'sub': {
      const body = block.blocks.map((one) => blockHtml(one, Math.min(level + 1, 6))).join('');
      return `<div class="sub"><h${level}>${escaped(block.title)}</h${level}>\n${body}</div>\n`;
    }
  }
}

function factsHtml(facts: readonly Fact[]): string {
  const pairs = facts.map(({ name, value, isCode }) => {
    const text =
      isCode === true ? `<code>${escapedText(value)}</code>` : `<bdi>${escapedText(value)}</bdi>`;
    return `<dt>${escaped(name)}</dt><dd>${text}</dd>`;
  });
  return `<dl class="facts">${pairs.join('')}</dl>\n`;
}

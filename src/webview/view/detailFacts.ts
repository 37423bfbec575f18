import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { CutText, TimelineDetail } from '../protocol.js';
import { offsetText } from '../times.js';
import { visibleLine, visibleText } from '../visibleText.js';
import type { ViewContext } from './context.js';
import { commitFacts } from './detailCommit.js';
import { fact } from './fact.js';
import { timeAgo, userText } from './parts.js';
import { trustFacts } from './detailTrust.js';

/** Who, when, why and what, as pairs. */
export function factsPart(view: ViewContext, detail: TimelineDetail): TemplateResult {
  const { strings, number } = view;
  const words = strings.detail;
  const { row } = detail;
  return html`<dl class="facts">
    ${fact(words.who, whoText(detail))} ${fact(words.when, whenText(view, detail))}
    ${fact(words.why, whyText(view, detail.note))} ${commitFacts(view, detail)}
    ${row.env === null ? nothing : fact(words.env, userText(row.env))}
    ${(detail.deployed ?? []).map(({ what, text }) => fact(words.deployed[what], userText(text)))}
    ${
      detail.digest === null
        ? nothing
        : fact(words.digest, html`<code class="long">${detail.digest}</code>`)
    }
    ${fact(words.id, html`<code class="long">${row.id}</code>`)}
    ${fact(
      words.position,
      html`${number(row.seq)}
        <span class="quiet-text">· ${row.synced ? words.shared : words.notShared}</span>`,
    )}
    ${trustFacts(view, detail)} ${fact(words.identity, identityText(view, detail))}
    ${fact(words.tool, detail.tool === null ? unknown(view) : userText(detail.tool))}
  </dl>`;
}

/** A text of several lines, with a note of how much was left out. */
export function cutText({ strings, number }: ViewContext, cut: CutText): TemplateResult {
  const dense = /\S{200}/.test(cut.text);
  const text = visibleText(cut.text);
  return html`<bdi class=${dense ? 'dense' : ''}>${dense ? pieces(text) : text}</bdi>${
      cut.more > 0
        ? html`<span class="cut">… ${fill(strings.detail.cut, number(cut.more))}</span>`
        : nothing
    }`;
}

/** Chromium takes a second to wrap one word of 20,000 kerned letters; in pieces it is quick. */
function pieces(text: string): TemplateResult[] {
  return (text.match(/[^]{1,500}/gu) ?? []).map((piece) => html`${piece}<wbr />`);
}

function whoText({ row, email }: TimelineDetail): TemplateResult {
  return html`${userText(row.who)}
  ${email === null ? nothing : html`<span class="quiet-text">${userText(email)}</span>`}`;
}

function whenText({ state, strings, times }: ViewContext, detail: TimelineDetail): TemplateResult {
  const { at } = detail.row;
  const offset = detail.utcOffset === null ? '' : `${offsetText(detail.utcOffset)}, `;
  return html`${visibleLine(times.full(at))} (${timeAgo(at, times, state.now)})
    <span class="quiet-text block"
      ><code>${visibleLine(at)}</code> · ${offset}${strings.detail.clock}</span
    >`;
}

function whyText(view: ViewContext, note: CutText | null): TemplateResult {
  return note === null
    ? html`<span class="quiet-text">${view.strings.detail.noWhy}</span>`
    : html`<div class="why">${cutText(view, note)}</div>`;
}

function identityText(view: ViewContext, { identity }: TimelineDetail): TemplateResult {
  const words = view.strings.detail;
  if (identity === null) {
    return unknown(view);
  }
  return html`${identity === 'git' ? words.identityGit : words.identityUnattended}`;
}

function unknown({ strings }: ViewContext): TemplateResult {
  return html`<span class="quiet-text">${strings.detail.unknown}</span>`;
}

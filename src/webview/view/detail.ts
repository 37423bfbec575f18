import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { iconOf } from '../icons.js';
import type { TimelineDetail, TimelineFinding } from '../protocol.js';
import { visibleLine } from '../visibleText.js';
import type { ViewContext } from './context.js';
import { chainPart, exactPart } from './detailChain.js';
import { factsPart } from './detailFacts.js';
import { verdictPart } from './detailVerdict.js';
import { versionPart } from './detailVersion.js';
import { findingItem } from './findings.js';
import { icon, iconButton, textButton, toned, userText } from './parts.js';
import type { Piece } from './parts.js';
import { redactionLines } from './redactions.js';

/** Everything about the open event. */
export function detailPane(view: ViewContext): Piece {
  const { detail } = view.state;
  if (detail.state === 'closed') {
    return nothing;
  }
  const value =
    detail.state === 'shown' ? detail.value : detail.state === 'loading' ? detail.previous : null;
  return html`<section
    id="detail"
    class="detail"
    aria-label=${view.strings.detail.label}
    aria-busy=${detail.state === 'loading' ? 'true' : 'false'}
    tabindex="-1"
  >
    ${value === null ? emptyDetail(view) : detailBody(view, value)}
  </section>`;
}

function emptyDetail({ state, strings, ui }: ViewContext): TemplateResult {
  return html`<div class="detail-head">
    <p class="quiet-text">
      ${state.detail.state === 'missing' ? strings.detail.missing : strings.list.loading}
    </p>
    ${iconButton({
      icon: 'close',
      label: strings.detail.close,
      shortcut: 'Escape',
      run: () => ui.closeDetail(),
    })}
  </div>`;
}

function detailBody(view: ViewContext, detail: TimelineDetail): TemplateResult {
  const { row } = detail;
  return html`<div class="detail-head">
      ${toned(iconOf(row.type, row.variant))}
      <div class="detail-title">
        <h2>${userText(row.who)} ${userText(row.summary)}</h2>
        ${row.path === null ? nothing : html`<p class="path">${userText(row.path)}</p>`}
      </div>
      <div class="detail-nav">${navigation(view, detail)}</div>
    </div>
    <div class="detail-scroll">
      ${findingsPart(view, detail)} ${redactionsPart(view, detail)} ${actions(view, detail)}
      ${reasonsPart(view, detail)} ${factsPart(view, detail)} ${versionPart(view, detail)}
      ${verdictPart(view, detail)} ${chainPart(view, detail)} ${exactPart(view, detail)}
    </div>`;
}

function navigation({ strings, ui }: ViewContext, { row }: TimelineDetail): Piece[] {
  const words = strings.detail;
  const step = (direction: 'older' | 'newer'): TemplateResult =>
    iconButton({
      icon: direction === 'older' ? 'chevron-down' : 'chevron-up',
      label: words[direction],
      shortcut: direction === 'older' ? '[' : ']',
      run: () => ui.step(direction),
    });
  return [
    row.path === null ? nothing : step('newer'),
    row.path === null ? nothing : step('older'),
    iconButton({
      icon: 'close',
      label: words.close,
      shortcut: 'Escape',
      run: () => ui.closeDetail(),
    }),
  ];
}

function redactionsPart(view: ViewContext, { row }: TimelineDetail): Piece {
  const lines = redactionLines(view, row);
  return lines.length === 0
    ? nothing
    : html`<ul class="finding-list in-detail">
        ${lines.map((text) => html`<li>${icon('eye-closed')} ${userText(text)}</li>`)}
      </ul>`;
}

function actions(
  { strings, ui }: ViewContext,
  { row, hasDiff, canRedact, canTakeBack }: TimelineDetail,
): TemplateResult {
  return html`<div class="actions">
    ${
      hasDiff
        ? textButton({
            kind: 'primary',
            icon: 'diff',
            label: strings.detail.diff,
            shortcut: 'd',
            run: () => ui.diff(row.id),
          })
        : nothing
    }
    ${textButton({
      kind: 'secondary',
      icon: 'copy',
      label: strings.detail.copy,
      shortcut: 'c',
      run: () => ui.copy(row.id),
    })}
    ${textButton({
      kind: 'secondary',
      icon: 'verified',
      label: strings.detail.copyProof,
      run: () => ui.copyProof(row.id),
    })}
    ${
      canTakeBack === undefined
        ? nothing
        : textButton({
            kind: 'secondary',
            icon: 'reply',
            label: strings.detail.takeBack[canTakeBack],
            run: () => ui.takeBack(row.id, canTakeBack),
          })
    }
    ${
      canRedact === true
        ? textButton({
            kind: 'secondary',
            icon: 'eye-closed',
            label: strings.detail.redact,
            run: () => ui.redact(row.id),
          })
        : nothing
    }
  </div>`;
}

function findingsPart(view: ViewContext, { row }: TimelineDetail): Piece {
  const verdict = view.state.summary.verification;
  const found =
    verdict.state === 'unknown' ? [] : verdict.findings.filter(({ event }) => event === row.id);
  return found.length === 0
    ? nothing
    : html`<ul class="finding-list in-detail ${found.some(isBroken) ? 'is-bad' : ''}">
        ${found.map((finding) => findingItem(view, { ...finding, event: null }))}
      </ul>`;
}

function isBroken({ severity }: TimelineFinding): boolean {
  return severity === 'error';
}

function reasonsPart({ strings }: ViewContext, { reasons }: TimelineDetail): Piece {
  return reasons.length === 0
    ? nothing
    : html`<div class="refused">
        <h3>${strings.detail.refused}</h3>
        <ul>
          ${reasons.map((reason) => html`<li><bdi>${visibleLine(reason)}</bdi></li>`)}
        </ul>
      </div>`;
}

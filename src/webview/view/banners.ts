import { html, nothing } from 'lit';
import { visibleLine } from '../visibleText.js';
import { fill } from '../fill.js';
import type { ViewContext } from './context.js';
import { icon, iconButton, textButton } from './parts.js';
import type { Piece } from './parts.js';

/** A failed request, with a way to try again. The rows that are there stay usable. */
export function problemBanner({ state, strings, ui }: ViewContext): Piece {
  const { problem } = state;
  if (problem === null) {
    return nothing;
  }
  return html`<div class="banner banner-error" role="alert">
    ${icon('error', 'tone-bad')}
    <p>
      ${visibleLine(problem.message)} <span class="quiet-text">${visibleLine(problem.remedy)}</span>
    </p>
    ${textButton({
      kind: 'secondary',
      icon: 'refresh',
      label: strings.error.retry,
      run: () => ui.retry(),
    })}
    ${iconButton({ icon: 'close', label: strings.error.dismiss, run: () => ui.dismiss() })}
  </div>`;
}

/** Says that the ledger is broken for as long as it is; the badge alone is too easy to miss. */
export function brokenBanner({ state, strings, ui, number }: ViewContext): Piece {
  const verdict = state.summary.verification;
  if (verdict.state !== 'broken' || state.findingsOpen) {
    return nothing;
  }
  const worst =
    verdict.findings.find((finding) => finding.severity === 'error') ?? verdict.findings[0];
  const title =
    verdict.brokenAt === null
      ? strings.verify.broken
      : fill(strings.verify.brokenAt, number(verdict.brokenAt));
  const event = worst?.event ?? null;
  return html`<div class="banner banner-error">
    ${icon('error', 'tone-bad')}
    <p><strong>${title}.</strong> ${worst === undefined ? nothing : visibleLine(worst.message)}</p>
    ${
      event === null
        ? nothing
        : html`<button type="button" class="link" @click=${() => ui.open(event, null)}>
            ${strings.verify.showEvent}
          </button>`
    }
    <button type="button" class="link" @click=${() => ui.showFindings(true)}>
      ${strings.verify.showFindings}
    </button>
  </div>`;
}

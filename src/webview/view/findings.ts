import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { TimelineFinding } from '../protocol.js';
import { visibleLine } from '../visibleText.js';
import type { ViewContext } from './context.js';
import { icon, iconButton, textButton, userText } from './parts.js';
import type { Piece } from './parts.js';

const severityIcons = { error: 'error', warning: 'warning', info: 'info' } as const;
const severityTones = { error: 'tone-bad', warning: 'tone-warn', info: 'tone-info' } as const;

/** What verification found, and "Verify Now". */
export function findingsPanel(view: ViewContext): Piece {
  const { state, strings, ui } = view;
  if (!state.findingsOpen) {
    return nothing;
  }
  const words = strings.verify;
  return html`<section id="findings" class="findings" aria-label=${words.title} tabindex="-1">
    <div class="findings-head">
      <h2>${words.title}</h2>
      ${textButton({
        kind: 'primary',
        icon: state.verifying ? 'loading' : 'verified',
        label: state.verifying ? words.running : words.now,
        disabled: state.verifying,
        run: () => ui.verifyNow(),
      })}
      ${iconButton({
        icon: 'close',
        label: strings.error.dismiss,
        shortcut: 'Escape',
        run: () => ui.showFindings(false),
      })}
    </div>
    ${verdictBody(view)}
  </section>`;
}

function verdictBody(view: ViewContext): TemplateResult {
  const { state, strings, number } = view;
  const verdict = state.summary.verification;
  if (verdict.state === 'unknown') {
    return html`<p class="quiet-text">${strings.verify.never}</p>`;
  }
  if (verdict.findings.length === 0) {
    return html`<p>${icon('pass-filled', 'tone-good')} ${strings.verify.nothing}</p>`;
  }
  const more = verdict.findingCount - verdict.findings.length;
  return html`<ul class="finding-list">
      ${verdict.findings.map((finding) => findingItem(view, finding))}
    </ul>
    ${
      more > 0
        ? html`<p class="quiet-text">${fill(strings.verify.moreFindings, number(more))}</p>`
        : nothing
    }`;
}

/** One finding with what was expected, what was found, and what to do. */
export function findingItem(view: ViewContext, finding: TimelineFinding): TemplateResult {
  const { strings, ui, number } = view;
  const words = strings.verify;
  const { event } = finding;
  return html`<li class="finding">
    ${icon(severityIcons[finding.severity], severityTones[finding.severity])}
    <div class="finding-text">
      <p>
        <span class="sr-only">${words.severity[finding.severity]}:</span>
        ${
          finding.seq === null
            ? nothing
            : html`<strong>${fill(words.position, number(finding.seq))}</strong>`
        }
        ${userText(finding.message)}
      </p>
      ${compared(words.expected, finding.expected)} ${compared(words.found, finding.found)}
      <p class="quiet-text">${userText(finding.remedy)}</p>
    </div>
    ${
      event === null
        ? nothing
        : html`<button type="button" class="link" @click=${() => ui.open(event, null)}>
            ${words.showEvent}
          </button>`
    }
  </li>`;
}

function compared(label: string, value: string | null): Piece {
  return value === null
    ? nothing
    : html`<p class="compared">
        <span class="quiet-text">${label}</span> <code><bdi>${visibleLine(value)}</bdi></code>
      </p>`;
}

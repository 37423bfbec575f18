import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { TimelineFinding } from '../protocol.js';
import { visibleLine } from '../visibleText.js';
import type { ViewContext } from './context.js';
import { icon, iconButton, textButton, userText } from './parts.js';
import type { Piece } from './parts.js';
import { verdictList } from './verdicts.js';

const severityIcons = { error: 'error', warning: 'warning', info: 'info' } as const;
const severityTones = { error: 'tone-bad', warning: 'tone-warn', info: 'tone-info' } as const;

/** The separate verdicts, what was found for each, and "Verify Now". */
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
        run: () => ui.verify(false),
      })}
      ${iconButton({
        icon: 'close',
        label: strings.error.dismiss,
        shortcut: 'Escape',
        run: () => ui.showFindings(false),
      })}
    </div>
    ${panelBody(view)}
  </section>`;
}

function panelBody(view: ViewContext): TemplateResult {
  const { state, strings, number } = view;
  const verdict = state.summary.verification;
  if (verdict.state === 'unknown') {
    return html`<p class="quiet-text">${strings.verify.never}</p>`;
  }
  const more = verdict.findingCount - verdict.findings.length;
  return html`${verdictList(view, verdict)}
  ${verdict.verdicts.map(({ name }) => {
    const found = verdict.findings.filter((finding) => finding.verdict === name);
    return found.length === 0
      ? nothing
      : html`<h3>${strings.verify.verdicts[name]}</h3>
          <ul class="finding-list">
            ${found.map((finding) => findingItem(view, finding))}
          </ul>`;
  })}
  ${
    verdict.findingCount === 0 ? html`<p class="quiet-text">${strings.verify.nothing}</p>` : nothing
  }
  ${
    more > 0
      ? html`<p class="quiet-text">${fill(strings.verify.moreFindings, number(more))}</p>`
      : nothing
  }`;
}

/** One finding with what was expected, what was found, and what to do or what it turned out to be. */
export function findingItem(view: ViewContext, finding: TimelineFinding): TemplateResult {
  const words = view.strings.verify;
  const { severity, reviewed, settled } = finding;
  const quiet = settled && severity !== 'error';
  return html`<li class="finding ${quiet ? 'is-reviewed' : ''}">
    ${icon(severityIcons[severity], quiet ? 'tone-quiet' : severityTones[severity])}
    <div class="finding-text">
      <p>
        <span class="sr-only">${words.severity[severity]}:</span>
        ${whatWasFound(view, finding)}
      </p>
      <dl class="finding-facts">
        ${compared(words.expected, finding.expected)} ${compared(words.found, finding.found)}
        ${
          !settled && finding.remedy !== ''
            ? html`<dt>${words.remedy}</dt>
                <dd>${userText(finding.remedy)}</dd>`
            : nothing
        }
      </dl>
      ${reviewed === null ? nothing : reviewText(view, reviewed)}
    </div>
    ${findingActions(view, finding)}
  </li>`;
}

/** The place in the ledger once, in bold; many messages begin with it. */
function whatWasFound({ strings, number }: ViewContext, { seq, message }: TimelineFinding): Piece {
  if (seq === null) {
    return userText(message);
  }
  const own = `Event ${seq}`;
  return message.startsWith(`${own} `)
    ? html`<strong>${own}</strong> ${userText(message.slice(own.length + 1))}`
    : html`<strong>${fill(strings.verify.position, number(seq))}:</strong> ${userText(message)}`;
}

function reviewText(
  { strings, times, number }: ViewContext,
  { by, at, disposition, earlier, notCounting }: NonNullable<TimelineFinding['reviewed']>,
): TemplateResult {
  return html`<p class="review">
    ${icon('checklist')} ${userText(fill(strings.verify.reviewed, by, times.day(at), disposition))}
    ${earlier === 0 ? nothing : fill(strings.verify.earlierReviews, number(earlier))}
    ${notCounting === null ? nothing : strings.verify.reviewFaults[notCounting]}
  </p>`;
}

function findingActions({ strings, ui }: ViewContext, finding: TimelineFinding): Piece {
  const { event, key, settled, severity } = finding;
  const canReview = !settled && severity !== 'info';
  if (event === null && !canReview) {
    return nothing;
  }
  return html`<div class="finding-actions">
    ${
      event === null
        ? nothing
        : html`<button type="button" class="link" @click=${() => ui.open(event, null)}>
            ${strings.verify.showEvent}
          </button>`
    }
    ${
      canReview
        ? html`<button type="button" class="link" @click=${() => ui.review(key)}>
            ${strings.verify.review}
          </button>`
        : nothing
    }
  </div>`;
}

function compared(label: string, value: string | null): Piece {
  return value === null
    ? nothing
    : html`<dt>${label}</dt>
        <dd>
          <code><bdi>${visibleLine(value)}</bdi></code>
        </dd>`;
}

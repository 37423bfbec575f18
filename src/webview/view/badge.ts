import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { ViewContext } from './context.js';
import { icon } from './parts.js';

interface BadgeLook {
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet';
  readonly icon: string;
  readonly text: string;
}

/** What the last verification said; a click shows its findings. */
export function verifyBadge(view: ViewContext): TemplateResult {
  const { state, ui, strings } = view;
  const look = lookOf(view);
  return html`<button
    type="button"
    id="badge"
    class="badge badge-${look.tone}"
    aria-expanded=${state.findingsOpen ? 'true' : 'false'}
    aria-controls="findings"
    title=${strings.verify.showFindings}
    @click=${() => ui.showFindings(!state.findingsOpen)}
  >
    ${icon(look.icon)}<span>${look.text}</span>
  </button>`;
}

/** The badge in words. */
export function badgeText(view: ViewContext): string {
  return lookOf(view).text;
}

function lookOf(view: ViewContext): BadgeLook {
  const { state, strings, number } = view;
  const words = strings.verify;
  const verdict = state.summary.verification;
  if (state.verifying) {
    return { tone: 'quiet', icon: 'loading', text: words.running };
  }
  if (verdict.state === 'unknown') {
    return { tone: 'quiet', icon: 'unverified', text: words.unknown };
  }
  if (verdict.state === 'broken') {
    const at = verdict.brokenAt;
    const text = at === null ? words.broken : fill(words.brokenAt, number(at));
    return { tone: 'bad', icon: 'error', text };
  }
  const whole = verdict.size >= state.total;
  const text = whole
    ? fill(words.intact, number(verdict.size))
    : fill(words.intactPart, number(verdict.size), number(state.total));
  const warnings = warningsText(view);
  return warnings === null
    ? { tone: 'good', icon: 'verified-filled', text }
    : { tone: 'warn', icon: 'warning', text: `${text} · ${warnings}` };
}

function warningsText({ state, strings, number }: ViewContext): string | null {
  const verdict = state.summary.verification;
  if (verdict.state === 'unknown') {
    return null;
  }
  const count = verdict.warnings;
  if (count === 0) {
    return null;
  }
  return count === 1 ? strings.verify.oneWarning : fill(strings.verify.warnings, number(count));
}

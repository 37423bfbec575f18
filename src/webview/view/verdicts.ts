import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { ShownOutcome, VerdictLine, Verification } from '../protocol.js';
import { visibleLine } from '../visibleText.js';
import { badgeText } from './badge.js';
import type { ViewContext } from './context.js';
import { icon } from './parts.js';

export type Verified = Exclude<Verification, { readonly state: 'unknown' }>;

const looks: Readonly<Record<ShownOutcome, readonly [icon: string, tone: string]>> = {
  holds: ['pass-filled', 'tone-good'],
  doubtful: ['warning', 'tone-warn'],
  broken: ['error', 'tone-bad'],
  unknown: ['question', 'tone-quiet'],
  unsigned: ['unverified', 'tone-quiet'],
  partly: ['key', 'tone-quiet'],
};

/** Each verdict with its outcome in a word and what it rests on; then how much was checked now. */
export function verdictList(view: ViewContext, verified: Verified): TemplateResult {
  const words = view.strings.verify;
  return html`<ul class="verdicts">
      ${verified.verdicts.map((verdict) => {
        const { name, outcome, basis } = verdict;
        const [glyph, tone] = looks[outcome];
        return html`<li class="verdict">
          <span class="verdict-name">${words.verdicts[name]}</span>
          <span class="verdict-outcome">${icon(glyph, tone)} ${outcomeText(view, verdict)}</span>
          <span class="verdict-basis">${visibleLine(basis)}</span>
        </li>`;
      })}
    </ul>
    ${checkedText(view, verified)}`;
}

/** A review changes no outcome: it says that somebody else looked. */
function outcomeText({ strings, number }: ViewContext, verdict: VerdictLine): string {
  const { outcome, warnings, reviewed } = verdict;
  const words = strings.verify;
  if (reviewed === 0) {
    return words.outcomes[outcome];
  }
  const text = reviewed < warnings ? words.reviewedOf : words.reviewedAll;
  return `${words.outcomes[outcome]}, ${fill(text, number(reviewed), number(warnings))}`;
}

function checkedText({ strings, number, times, ui, state }: ViewContext, verified: Verified) {
  const { size, checkedNow, since } = verified;
  const words = strings.verify;
  if (size === 0) {
    return nothing;
  }
  if (since === null) {
    return html`<p class="checked quiet-text">${fill(words.checkedAll, number(size))}</p>`;
  }
  const before = number(size - checkedNow);
  return html`<p class="checked">
    <span class="quiet-text"
      >${fill(words.checkedBefore, before, number(size), visibleLine(times.full(since)))}</span
    >
    <button type="button" class="link" ?disabled=${state.verifying} @click=${() => ui.verify(true)}>
      ${words.again}
    </button>
  </p>`;
}

/** What a verification came to, for readers; empty while one runs, so that the next is spoken too. */
export function spokenVerdicts(view: ViewContext): string {
  const verified = view.state.summary.verification;
  if (view.state.verifying || verified.state === 'unknown') {
    return '';
  }
  const words = view.strings.verify;
  const each = verified.verdicts.map(
    (verdict) => `${words.verdicts[verdict.name]}: ${outcomeText(view, verdict)}.`,
  );
  return [`${badgeText(view)}.`, ...each].join(' ');
}

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { EventId, RuleTrace, TimelineDetail } from '../protocol.js';
import type { ViewContext } from './context.js';
import { icon, userText } from './parts.js';
import type { Piece } from './parts.js';

/** Why the verdict is as it is, rule by rule; what failed is open. */
export function verdictPart(view: ViewContext, { verdict }: TimelineDetail): Piece {
  if (verdict === undefined) {
    return nothing;
  }
  const words = view.strings.detail.verdict;
  const { text, allowed, policy, adoption, rules, later } = verdict;
  return html`<h3>${words.title}</h3>
    <p class="verdict">
      ${outcomeIcon(allowed)}
      <span>${userText(text)}</span>
    </p>
    <p class="quiet-text">${linked(view, policy, adoption)}</p>
    ${rules.map((rule) => rulePart(view, rule))}
    ${
      later.length === 0
        ? nothing
        : html`<details class="rule" open>
            <summary>${icon('history', 'tone-quiet')} ${words.later}</summary>
            <ul class="trace">
              ${later.map(
                ({ text: fact, event, isAfter }) =>
                  html`<li>
                    ${icon(isAfter ? 'reply' : 'question', 'tone-quiet')}
                    <span
                      >${isAfter ? nothing : html`<strong>${words.unordered}</strong> `}${linked(
                        view,
                        fact,
                        event,
                      )}</span
                    >
                  </li>`,
              )}
            </ul>
          </details>`
    }`;
}

function rulePart(view: ViewContext, { name, passed, steps, decisions }: RuleTrace): Piece {
  const words = view.strings.detail.verdict;
  return html`<details class="rule" ?open=${!passed}>
    <summary>
      ${outcomeIcon(passed)} ${userText(name)}
      <span class="quiet-text">${passed ? words.passed : words.failed}</span>
    </summary>
    <ul class="trace">
      ${steps.map(
        (step) =>
          html`<li>
            ${outcomeIcon(step.passed)}
            <span
              ><span class="sr-only">${step.passed ? words.passed : words.failed}: </span>${linked(
                view,
                step.text,
                step.event,
              )}${because(step.why)}</span
            >
          </li>`,
      )}
      ${decisions.map(
        (one) =>
          html`<li>
            ${icon('person', one.counts ? 'tone-good' : 'tone-quiet')}
            <span>${linked(view, one.text, one.event)}${because(one.why)}</span>
          </li>`,
      )}
    </ul>
  </details>`;
}

function because(why: string | null): Piece {
  return why === null ? nothing : userText(why, 'block because');
}

function outcomeIcon(passed: boolean): TemplateResult {
  return passed ? icon('pass-filled', 'tone-good') : icon('error', 'tone-bad');
}

/** A sentence that leads to the event which shows it, if there is one. */
function linked({ ui }: ViewContext, text: string, event: EventId | null): TemplateResult {
  return event === null
    ? userText(text)
    : html`<button type="button" class="link wraps" @click=${() => ui.open(event, null)}>
        ${userText(text)}
      </button>`;
}

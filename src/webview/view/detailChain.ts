import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { fill } from '../fill.js';
import type { EventLink, TimelineDetail } from '../protocol.js';
import type { ViewContext } from './context.js';
import { cutText } from './detailFacts.js';
import { userText } from './parts.js';

/** Parents and children, so that a reader can walk the chain. */
export function chainPart(view: ViewContext, detail: TimelineDetail): TemplateResult {
  const { strings, number } = view;
  const words = strings.detail;
  const more = detail.moreChildren;
  return html`<h3>${words.chain}</h3>
    <h4>${words.parents}</h4>
    ${links(view, detail.parents, words.noParents)}
    <h4>${words.children}</h4>
    ${links(view, detail.children, words.noChildren)}
    ${more > 0 ? html`<p class="quiet-text">${fill(words.moreLinks, number(more))}</p>` : nothing}`;
}

/** What the hashes were taken of. */
export function exactPart(view: ViewContext, detail: TimelineDetail): TemplateResult {
  const words = view.strings.detail;
  return html`<details class="exact" open>
      <summary>${words.header}</summary>
      <pre tabindex="0">${cutText(view, detail.header)}</pre>
    </details>
    <details class="exact">
      <summary>${words.body}</summary>
      ${
        detail.body === null
          ? html`<p class="quiet-text">${words.noBody}</p>`
          : html`<pre tabindex="0">${cutText(view, detail.body)}</pre>`
      }
    </details>`;
}

function links({ ui }: ViewContext, targets: readonly EventLink[], none: string): TemplateResult {
  if (targets.length === 0) {
    return html`<p class="quiet-text">${none}</p>`;
  }
  return html`<ul class="links">
    ${targets.map(
      ({ id, label }) =>
        html`<li>
          <button type="button" class="link" @click=${() => ui.open(id, null)}>
            <code>${id.slice(0, 7)}</code>${label === null ? nothing : userText(label)}
          </button>
        </li>`,
    )}
  </ul>`;
}

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { brokenBanner, problemBanner } from './banners.js';
import type { ViewContext } from './context.js';
import { detailPane } from './detail.js';
import { countText, filterBar } from './filterBar.js';
import { findingsPanel } from './findings.js';
import { eventList } from './list.js';
import { spokenVerdicts } from './verdicts.js';

/** The whole page. */
export function pageView(view: ViewContext): TemplateResult {
  const open = view.state.detail.state !== 'closed';
  return html`${filterBar(view)}
    <div class="notices">${problemBanner(view)} ${brokenBanner(view)} ${findingsPanel(view)}</div>
    <div class="panes ${open ? 'with-detail' : ''}">
      <div class="list-pane">${eventList(view)}</div>
      ${detailPane(view)}
    </div>
    <div class="toast" role="status" aria-live="polite">${view.state.announcement}</div>
    <div class="sr-only" role="status" aria-live="polite">${spokenCount(view)}</div>
    <div class="sr-only" role="status" aria-live="polite">${spokenVerdicts(view)}</div>`;
}

/** How many events the filters leave, once they have settled. */
function spokenCount(view: ViewContext): string {
  return view.state.filtering ? '' : countText(view);
}

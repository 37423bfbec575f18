import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { isFiltered } from '../savedState.js';
import type { ViewContext } from './context.js';
import { icon, textButton } from './parts.js';
import type { Piece } from './parts.js';

/** Grey rows while the first page is on its way; the same as in the host's HTML. */
export function skeleton(label: string): TemplateResult {
  return html`<div class="skeleton" role="status" aria-label=${label}>
    ${Array.from({ length: 12 }, () => html`<div class="skeleton-row"></div>`)}
  </div>`;
}

/** Nothing is recorded yet, or nothing matches. */
export function emptyState({ state, strings, ui }: ViewContext): Piece {
  if (!state.loaded) {
    // The banner says what went wrong; that nothing is recorded would be a guess.
    return nothing;
  }
  const words = strings.list;
  const filtered = isFiltered(state.filter) && state.total > 0;
  return html`<div class="empty">
    ${icon(filtered ? 'filter' : 'history', 'empty-icon')}
    <h2>${filtered ? words.noMatchTitle : words.emptyTitle}</h2>
    <p>${filtered ? words.noMatchHint : words.emptyHint}</p>
    ${
      filtered
        ? textButton({
            kind: 'primary',
            icon: 'clear-all',
            label: strings.bar.reset,
            run: () => ui.resetFilter(),
          })
        : nothing
    }
  </div>`;
}

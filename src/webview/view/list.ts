import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { fill } from '../fill.js';
import { mirror, rowAt } from '../pages.js';
import { boxOf } from '../reduce.js';
import { visibleLine } from '../visibleText.js';
import { visibleRange } from '../virtualWindow.js';
import type { RowRange } from '../virtualWindow.js';
import type { ViewContext } from './context.js';
import { emptyState, skeleton } from './placeholders.js';
import { rowId, rowView } from './row.js';
import { icon } from './parts.js';
import type { Piece } from './parts.js';

/** Rows drawn beyond both edges, so that a quick scroll shows no gap. */
const overscan = 8;

/** The rows that are in the document now. */
export function drawnRange(view: Pick<ViewContext, 'state'>): RowRange {
  return visibleRange(boxOf(view.state), overscan);
}

/** The virtual list: one tab stop, the active row named by aria-activedescendant. */
export function eventList(view: ViewContext): Piece {
  const { state, strings } = view;
  if (state.matching === 0) {
    const searching = !state.complete && state.problem === null;
    const busy = state.filtering || searching || (!state.loaded && state.problem === null);
    return busy ? skeleton(strings.list.loading) : emptyState(view);
  }
  const range = drawnRange(view);
  const active = state.active === null ? null : mirror(state.matching, state.active.ordinal);
  const pinned = active !== null && (active < range.start || active >= range.end);
  return html`${dayBar(view)}${newPill(view)}
    <div
      id="events"
      class="events ${state.filtering ? 'pending' : ''}"
      role="listbox"
      tabindex="0"
      aria-label=${strings.list.label}
      aria-busy=${state.filtering || !state.complete ? 'true' : 'false'}
      aria-activedescendant=${active === null ? nothing : rowId(mirror(state.matching, active))}
    >
      <div class="spacer" role="presentation">
        <div class="window" role="presentation">
          ${repeat(
            indexes(range),
            (index) => mirror(state.matching, index),
            (index) => rowView(view, index),
          )}
        </div>
        ${
          pinned
            ? html`<div class="pinned" role="presentation">${rowView(view, active)}</div>`
            : nothing
        }
      </div>
    </div>`;
}

/** The day of the first visible row; rows say only how long ago. */
function dayBar({ state, times }: ViewContext): Piece {
  const first = rowAt(state.pages, state.matching, Math.floor(state.scrollTop / state.rowHeight));
  const day = first === undefined ? '' : visibleLine(times.day(first.at));
  return html`<div class="day-bar" aria-hidden="true">${day}</div>`;
}

function newPill({ state, strings, ui, number }: ViewContext): Piece {
  if (state.unseen === 0) {
    return nothing;
  }
  const text =
    state.unseen === 1 ? strings.list.oneNew : fill(strings.list.manyNew, number(state.unseen));
  return html`<button type="button" class="pill" @click=${() => ui.toTop()}>
    ${icon('arrow-up')}<span>${text}</span>
  </button>`;
}

function indexes({ start, end }: RowRange): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, step) => start + step);
}

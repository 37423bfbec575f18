import type { Action } from './actions.js';
import { mirror, withPages } from './pages.js';
import type { TimelineState } from './state.js';
import { clampTop } from './virtualWindow.js';

/**
 * The list after the ledger changed. Ordinals count from the oldest event, so what is appended
 * leaves them alone; only a sync may move events that were not shared yet.
 * The reader's first visible row stays where it is, unless the list is followed live.
 */
export function renewed(
  state: TimelineState,
  action: Extract<Action, { type: 'renewed' }>,
): TimelineState {
  const { result, anchor, live } = action;
  const { total, matching, counts, located, complete } = result;
  // The newest matches of a search have other ordinals when it is done, and are no new events.
  const ordered = state.complete && complete;
  const moved = !ordered || (anchor !== null && located !== anchor.ordinal);
  // Rows that moved would be shown at wrong places until their new pages come.
  const known = moved || matching < state.matching ? new Map() : state.pages;
  const next = {
    ...state,
    loaded: true,
    total,
    matching,
    counts,
    complete,
    pages: withPages(known, result.pages),
  };
  const active = moved || matching < state.matching ? null : state.active;
  if (anchor === null || located === null || live) {
    const box = { ...state, count: matching };
    const top = live ? 0 : clampTop(box, state.scrollTop);
    return { ...next, active, scrollTop: top, scrollTo: top, unseen: 0 };
  }
  const shift = mirror(matching, located) - mirror(state.matching, anchor.ordinal);
  const top = clampTop({ ...state, count: matching }, state.scrollTop + shift * state.rowHeight);
  const unseen = state.unseen + (ordered ? Math.max(0, matching - state.matching) : 0);
  return {
    ...next,
    active,
    scrollTop: top,
    scrollTo: shift === 0 ? state.scrollTo : top,
    // A list that is too short to scroll shows what is new at once.
    unseen: stillHidden(unseen, top, state.rowHeight),
  };
}

/** How many of the new events above are still out of sight when the list stands at `top`. */
export function stillHidden(unseen: number, top: number, rowHeight: number): number {
  return Math.min(unseen, Math.ceil(top / rowHeight));
}

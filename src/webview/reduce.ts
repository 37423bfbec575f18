import type { EventId } from './protocol.js';
import type { Action } from './actions.js';
import { renewed, stillHidden } from './renew.js';
import { mirror, rowAt, withPages } from './pages.js';
import type { RowsResult } from './protocol.js';
import { hostOf } from './state.js';
import type { DetailState, TimelineState } from './state.js';
import { clampTop, topToCentre, topToShow } from './virtualWindow.js';
import type { ListBox } from './virtualWindow.js';

/** The next state; the same object when nothing changed. */
export function reduce(state: TimelineState, action: Action): TimelineState {
  switch (action.type) {
    case 'ready': {
      const { result } = action;
      const { rows, summary } = result;
      const known = { ...state, host: hostOf(result), summary, filtering: false };
      if ('problem' in rows) {
        return { ...known, problem: rows.problem };
      }
      const shown = withRows({ ...known, problem: null }, rows);
      return action.locate === null ? shown : atTop(shown, rows.located);
    }
    case 'failed':
      return { ...state, problem: action.problem, filtering: false, verifying: false };
    case 'dismissed':
      return { ...state, problem: null };
    case 'measured':
      return measured(state, action.viewport, action.rowHeight);
    case 'scrolled':
      return scrolled(state, action.top);
    case 'scrollDone':
      return state.scrollTo === null ? state : { ...state, scrollTo: null };
    case 'filtered':
      return { ...state, filter: action.filter, epoch: state.epoch + 1, filtering: true };
    case 'found': {
      if (action.epoch !== state.epoch) {
        return state;
      }
      const fresh = { ...state, pages: new Map(), active: null, unseen: 0, filtering: false };
      const top = { ...withRows(fresh, action.result), scrollTop: 0, scrollTo: 0, problem: null };
      const { located } = action.result;
      return action.show === null || located === null ? top : activated(top, located, true);
    }
    case 'paged':
      return action.epoch === state.epoch && sameOrdinals(state, action.result)
        ? withPagesOf(state, action.result)
        : state;
    case 'renewed':
      return action.epoch === state.epoch ? renewed(state, action) : state;
    case 'summary':
      return { ...state, summary: action.summary };
    case 'moved':
      return activated(state, action.ordinal, false);
    case 'located':
      return action.ordinal === null
        ? { ...state, active: null }
        : activated(state, action.ordinal, true);
    case 'opening':
      return { ...state, detail: opening(state, action.event) };
    case 'opened': {
      if (state.detail.state === 'closed' || state.detail.id !== action.event) {
        return state;
      }
      const { event: id, detail: value } = action;
      return {
        ...state,
        detail: value === null ? { state: 'missing', id } : { state: 'shown', id, value },
      };
    }
    case 'closed':
      return { ...state, detail: { state: 'closed' } };
    case 'toTop':
      return { ...state, scrollTop: 0, scrollTo: 0, unseen: 0 };
    case 'verifying':
      return { ...state, verifying: action.running };
    case 'findings':
      return { ...state, findingsOpen: action.open };
    case 'said':
      return { ...state, announcement: action.text };
    case 'tick':
      return { ...state, now: action.now };
  }
}

/** Rows of a search that went on meanwhile stand elsewhere; `renewed` will bring them. */
function sameOrdinals(state: TimelineState, { complete, matching }: RowsResult): boolean {
  return (state.complete && complete) || matching === state.matching;
}

export function boxOf(state: TimelineState): ListBox {
  const { scrollTop, viewport, rowHeight, matching: count } = state;
  return { scrollTop, viewport, rowHeight, count };
}

/** Takes over the rows and counts of an answer. */
function withRows(state: TimelineState, result: RowsResult): TimelineState {
  const { total, matching, counts, complete } = result;
  return withPagesOf({ ...state, loaded: true, total, matching, counts, complete }, result);
}

/** Takes over the rows alone. New counts would move the rows; that is left to `renewed`. */
function withPagesOf(state: TimelineState, result: RowsResult): TimelineState {
  const pages = withPages(state.pages, result.pages);
  const { active, matching } = state;
  if (active === null || active.id !== null) {
    return { ...state, pages };
  }
  const id = rowAt(pages, matching, mirror(matching, active.ordinal))?.id ?? null;
  return { ...state, pages, active: { ...active, id } };
}

function measured(state: TimelineState, viewport: number, rowHeight: number): TimelineState {
  if (state.viewport === viewport && state.rowHeight === rowHeight) {
    return state;
  }
  if (state.rowHeight === rowHeight) {
    return { ...state, viewport };
  }
  // A change of the font size keeps the same rows in sight.
  const scrollTop = Math.round((state.scrollTop / state.rowHeight) * rowHeight);
  return { ...state, viewport, rowHeight, scrollTop, scrollTo: scrollTop };
}

function scrolled(state: TimelineState, top: number): TimelineState {
  if (top === state.scrollTop) {
    return state;
  }
  return { ...state, scrollTop: top, unseen: stillHidden(state.unseen, top, state.rowHeight) };
}

function atTop(state: TimelineState, ordinal: number | null): TimelineState {
  if (ordinal === null) {
    return state;
  }
  const top = clampTop(boxOf(state), mirror(state.matching, ordinal) * state.rowHeight);
  return { ...state, scrollTop: top, scrollTo: top };
}

function activated(state: TimelineState, ordinal: number, centre: boolean): TimelineState {
  const index = mirror(state.matching, ordinal);
  const id = rowAt(state.pages, state.matching, index)?.id ?? null;
  const place = centre ? topToCentre : topToShow;
  const top = place(boxOf(state), index);
  const scrollTo = top === state.scrollTop ? state.scrollTo : top;
  const unseen = stillHidden(state.unseen, top, state.rowHeight);
  return { ...state, active: { ordinal, id }, scrollTop: top, scrollTo, unseen };
}

function opening(state: TimelineState, id: EventId): DetailState {
  // The old detail stays until the new one comes, so that walking the list does not flicker.
  const previous =
    state.detail.state === 'shown'
      ? state.detail.value
      : state.detail.state === 'loading'
        ? state.detail.previous
        : null;
  return { state: 'loading', id, previous };
}

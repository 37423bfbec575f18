import assert from 'node:assert/strict';
import type { EventId } from '../../src/core/ids.js';
import type { Action } from '../../src/webview/actions.js';
import { pageSize } from '../../src/webview/pages.js';
import type { ReadyResult, RowsResult, TimelineRow } from '../../src/webview/protocol.js';
import { reduce } from '../../src/webview/reduce.js';
import { noFilter } from '../../src/webview/savedState.js';
import { initialState } from '../../src/webview/state.js';
import type { TimelineState } from '../../src/webview/state.js';

const idOf = (ordinal: number): EventId => ordinal.toString(16).padStart(64, '0') as EventId;

function row(ordinal: number): TimelineRow {
  return {
    seq: ordinal + 1,
    id: idOf(ordinal),
    type: 'revision.saved',
    at: '2026-11-21T05:12:33.123Z',
    who: 'Anna Author',
    path: null,
    env: null,
    note: null,
    summary: 'saved a revision',
    synced: true,
    variant: null,
  };
}

function result(matching: number, located: number | null = null): RowsResult {
  const pages = [];
  for (let page = 0; page * pageSize < matching; page += 1) {
    const length = Math.min(pageSize, matching - page * pageSize);
    const rows = Array.from({ length }, (_, index) => row(page * pageSize + index));
    pages.push({ page, rows });
  }
  const counts = {
    edits: matching,
    versions: 0,
    decisions: 0,
    deployments: 0,
    refusals: 0,
    people: 0,
    other: 0,
  };
  return { total: matching, matching, counts, pages, located, complete: true };
}

const summary = { prompts: [], verification: { state: 'unknown' } } as const;

function ready(rows: ReadyResult['rows']): Action {
  const strings = {} as ReadyResult['strings'];
  const answer = { locale: 'en', strings, summary, rows, reveal: null };
  return { type: 'ready', result: answer, locate: null };
}

function run(state: TimelineState, ...actions: readonly Action[]): TimelineState {
  return actions.reduce(reduce, state);
}

const start = initialState(noFilter, 0);
const shown = run(start, ready(result(500)));

describe('webview: state', () => {
  it('shows the first rows', () => {
    assert.equal(shown.loaded, true);
    assert.equal(shown.filtering, false);
    assert.equal(shown.matching, 500);
  });

  it('does not claim an empty ledger when it could not be read', () => {
    const problem = { message: 'The ledger is damaged.', remedy: 'Run verify.' };
    const failed = run(start, ready({ problem }));
    assert.equal(failed.loaded, false);
    assert.deepEqual(failed.problem, problem);
  });

  it('drops the late answer to an older filter', () => {
    const typed = run(shown, { type: 'filtered', filter: { ...noFilter, text: 'a' } });
    const late = { type: 'found', epoch: shown.epoch, result: result(3), show: null } as const;
    assert.equal(run(typed, late), typed);
    const now = run(typed, { ...late, epoch: typed.epoch });
    assert.equal(now.matching, 3);
    assert.equal(now.filtering, false);
    assert.equal(now.scrollTo, 0);
  });

  it('keeps the first visible row in place when events come', () => {
    const scrolled = run(shown, { type: 'scrolled', top: 4400 }, { type: 'moved', ordinal: 399 });
    const anchor = { id: idOf(399), ordinal: 399 };
    const next = run(scrolled, {
      type: 'renewed',
      epoch: 0,
      result: result(502, 399),
      anchor,
      live: false,
    });
    assert.equal(next.scrollTop, scrolled.scrollTop + 2 * 44);
    assert.equal(next.scrollTo, next.scrollTop);
    assert.equal(next.unseen, 2);
    assert.deepEqual(next.active, { ordinal: 399, id: idOf(399) });
  });

  it('takes what a search finds later for no new events, and its rows by their new places', () => {
    const partial = { ...result(80), complete: false };
    const searching = run(
      shown,
      { type: 'filtered', filter: noFilter },
      {
        type: 'found',
        epoch: 1,
        result: partial,
        show: null,
      },
    );
    assert.equal(searching.complete, false);
    const late = run(searching, { type: 'paged', epoch: 1, result: result(300) });
    assert.equal(late.pages, searching.pages, 'rows of another order wait for the whole list');
    const first = partial.pages[0]?.rows.at(-1);
    assert.ok(first);
    const done = run(searching, {
      type: 'renewed',
      epoch: 1,
      result: result(300, 299),
      anchor: { id: first.id, ordinal: 79 },
      live: false,
    });
    assert.deepEqual(
      [done.complete, done.matching, done.unseen, done.scrollTop],
      [true, 300, 0, 0],
    );
  });

  it('counts new events until the reader has seen them', () => {
    const scrolled = run(shown, { type: 'scrolled', top: 4400 });
    const anchor = { id: idOf(399), ordinal: 399 };
    const renew = { type: 'renewed', epoch: 0, anchor, live: false } as const;
    const next = run(scrolled, { ...renew, result: result(503, 399) });
    assert.equal(next.unseen, 3);
    assert.equal(run(next, { type: 'scrolled', top: 60 }).unseen, 2);
    assert.equal(run(next, { type: 'toTop' }).unseen, 0);
  });

  it('counts no new events in a list that is too short to scroll, nor where the keys went', () => {
    const short = run(start, ready(result(3, null)));
    const anchor = { id: idOf(2), ordinal: 2 };
    const renew = { type: 'renewed', epoch: 0, anchor, live: false } as const;
    const next = run(short, { ...renew, result: result(5, 2) });
    assert.deepEqual([next.unseen, next.scrollTop], [0, 0]);
    const long = run(shown, { type: 'scrolled', top: 4400 });
    const far = { id: idOf(399), ordinal: 399 };
    const more = run(long, { ...renew, anchor: far, result: result(503, 399) });
    assert.equal(run(more, { type: 'moved', ordinal: 502 }).unseen, 0);
  });

  it('follows live at the top', () => {
    const renew = { type: 'renewed', epoch: 0, anchor: null, live: true } as const;
    const next = run(shown, { ...renew, result: result(501) });
    assert.equal(next.scrollTop, 0);
    assert.equal(next.unseen, 0);
  });

  it('forgets its pages when sync moved events', () => {
    const anchor = { id: idOf(499), ordinal: 499 };
    const moved = { ...result(501, 500), pages: [] };
    const renew = { type: 'renewed', epoch: 0, anchor, live: false, result: moved } as const;
    assert.equal(run(shown, renew).pages.size, 0);
  });

  it('names the active row once its page has come', () => {
    const bare = run(start, ready({ ...result(500), pages: [] }), { type: 'moved', ordinal: 7 });
    assert.deepEqual(bare.active, { ordinal: 7, id: null });
    const filled = run(bare, { type: 'paged', epoch: 0, result: result(500) });
    assert.deepEqual(filled.active, { ordinal: 7, id: idOf(7) });
  });

  it('ignores the detail of an event that is no longer open', () => {
    const opening = run(shown, { type: 'opening', event: idOf(1) });
    const other = run(opening, { type: 'opened', event: idOf(2), detail: null });
    assert.equal(other, opening);
    const missing = run(opening, { type: 'opened', event: idOf(1), detail: null });
    assert.equal(missing.detail.state, 'missing');
  });

  it('keeps the same rows in sight when the font grows', () => {
    const scrolled = run(shown, { type: 'scrolled', top: 4400 });
    const grown = run(scrolled, { type: 'measured', viewport: 600, rowHeight: 88 });
    assert.equal(grown.scrollTo, 8800);
  });
});

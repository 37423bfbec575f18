import assert from 'node:assert/strict';
import type { EventId } from '../../src/core/ids.js';
import { pageSize as hostPageSize } from '../../src/trail/eventPages.js';
import {
  isComplete,
  mirror,
  pageSize,
  pagesOf,
  rowAt,
  withPages,
} from '../../src/webview/pages.js';
import type { TimelineRow } from '../../src/webview/protocol.js';
import {
  clampTop,
  pageStep,
  topToCentre,
  topToShow,
  visibleRange,
} from '../../src/webview/virtualWindow.js';

const box = { scrollTop: 0, viewport: 440, rowHeight: 44, count: 100_000 };

describe('webview: window of the virtual list', () => {
  it('draws the visible rows and some more', () => {
    assert.deepEqual(visibleRange(box, 8), { start: 0, end: 18 });
    assert.deepEqual(visibleRange({ ...box, scrollTop: 4400 }, 8), { start: 92, end: 118 });
  });

  it('stays inside the list at its end, and when it is empty or short', () => {
    assert.deepEqual(visibleRange({ ...box, scrollTop: 1e9 }, 0), { start: 99_990, end: 100_000 });
    assert.deepEqual(visibleRange({ ...box, count: 0 }, 8), { start: 0, end: 0 });
    assert.deepEqual(visibleRange({ ...box, count: 3 }, 8), { start: 0, end: 3 });
  });

  it('scrolls no more than is needed to show a row', () => {
    assert.equal(topToShow(box, 9), 0);
    assert.equal(topToShow(box, 10), 44);
    assert.equal(topToShow({ ...box, scrollTop: 4400 }, 50), 2200);
    assert.equal(topToShow(box, 99_999), 100_000 * 44 - 440);
  });

  it('centres a row that is out of sight', () => {
    assert.equal(topToCentre(box, 3), 0);
    assert.equal(topToCentre(box, 1000), 44_000 - 198);
  });

  it('moves by a viewport less one row', () => {
    assert.equal(pageStep(box), 9);
    assert.equal(pageStep({ ...box, viewport: 10 }), 1);
    assert.equal(clampTop({ ...box, count: 2 }, 100), 0);
  });
});

describe('webview: pages of rows', () => {
  const row = (seq: number): TimelineRow => ({
    seq,
    id: seq.toString(16).padStart(64, '0') as EventId,
    type: 'revision.saved',
    at: '2026-11-21T05:12:33.123Z',
    who: 'Anna Author',
    path: null,
    env: null,
    note: null,
    summary: 'saved a revision',
    synced: true,
    variant: null,
  });
  const page = (number: number, length = pageSize): { page: number; rows: TimelineRow[] } => ({
    page: number,
    rows: Array.from({ length }, (_, index) => row(number * pageSize + index + 1)),
  });

  it('has pages of the size that the host sends', () => {
    assert.equal(pageSize, hostPageSize);
  });

  it('counts from the oldest, so that an appended event moves nothing', () => {
    const pages = withPages(new Map(), [page(5, 4)]);
    assert.equal(rowAt(pages, 1004, 0)?.seq, 1004);
    assert.equal(rowAt(pages, 1004, 3)?.seq, 1001);
    assert.equal(rowAt(pages, 1006, 2)?.seq, 1004);
    assert.equal(rowAt(pages, 1004, 4), undefined);
    assert.equal(mirror(1004, mirror(1004, 17)), 17);
  });

  it('names the pages of a range, newest first', () => {
    assert.deepEqual(pagesOf({ start: 0, end: 30 }, 1004), [5, 4]);
    assert.deepEqual(pagesOf({ start: 0, end: 0 }, 0), []);
  });

  it('knows that the newest page grew', () => {
    const pages = withPages(new Map(), [page(5, 4), page(4)]);
    assert.equal(isComplete(pages, 5, 1004), true);
    assert.equal(isComplete(pages, 5, 1005), false);
    assert.equal(isComplete(pages, 4, 1005), true);
    assert.equal(isComplete(pages, 3, 1005), false);
  });

  it('forgets the pages that are farthest away', () => {
    let pages = withPages(new Map(), []);
    for (let number = 0; number < 100; number += 1) {
      pages = withPages(pages, [page(number, 1)]);
    }
    assert.equal(pages.size, 40);
    assert.equal(pages.has(99), true);
    assert.equal(pages.has(0), false);
  });
});

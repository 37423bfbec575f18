import type { RowPage, TimelineRow } from './protocol.js';
import type { RowRange } from './virtualWindow.js';

/** Rows the host sends at a time; both sides must agree. */
export const pageSize = 200;

/** Pages kept in memory: 8,000 rows, more than anybody looks at in one go. */
const keptPages = 40;

export type Pages = ReadonlyMap<number, readonly TimelineRow[]>;

/** The list shows the newest first, the host counts from the oldest: index <-> ordinal, both ways. */
export function mirror(matching: number, index: number): number {
  return matching - 1 - index;
}

/** The row at a list index; undefined while its page has not come. */
export function rowAt(pages: Pages, matching: number, index: number): TimelineRow | undefined {
  const ordinal = mirror(matching, index);
  return pages.get(Math.floor(ordinal / pageSize))?.[ordinal % pageSize];
}

/** Pages that hold the rows of a range of list indexes, nearest to its start first. */
export function pagesOf(range: RowRange, matching: number): number[] {
  if (range.end <= range.start) {
    return [];
  }
  const newest = Math.floor(mirror(matching, range.start) / pageSize);
  const oldest = Math.floor(mirror(matching, range.end - 1) / pageSize);
  return Array.from({ length: newest - oldest + 1 }, (_, step) => newest - step);
}

/** Adds pages, and forgets those farthest from the ones that came last. */
export function withPages(pages: Pages, added: readonly RowPage[]): Pages {
  const merged = new Map(pages);
  for (const { page, rows } of added) {
    merged.set(page, rows);
  }
  const centre = added[0]?.page ?? 0;
  const byDistance = [...merged.keys()].sort((a, b) => Math.abs(b - centre) - Math.abs(a - centre));
  for (const page of byDistance.slice(0, Math.max(0, merged.size - keptPages))) {
    merged.delete(page);
  }
  return merged;
}

/** Whether all rows of a page are here; the newest page is short, and grows. */
export function isComplete(pages: Pages, page: number, matching: number): boolean {
  const expected = Math.min(pageSize, matching - page * pageSize);
  return (pages.get(page)?.length ?? 0) >= expected;
}

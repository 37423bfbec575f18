/** Measures of a list with rows of one height; lengths in CSS pixels. */
export interface ListBox {
  readonly scrollTop: number;
  readonly viewport: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** Rows to draw: from `start` up to, not including, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** The visible rows and `overscan` more on both sides. */
export function visibleRange(box: ListBox, overscan: number): RowRange {
  const top = clampTop(box, box.scrollTop);
  const first = Math.floor(top / box.rowHeight);
  const last = Math.ceil((top + box.viewport) / box.rowHeight);
  return {
    start: Math.max(0, first - overscan),
    end: Math.min(box.count, last + overscan),
  };
}

/** The scroll position, moved no more than is needed to show the whole row `index`. */
export function topToShow(box: ListBox, index: number): number {
  const rowTop = index * box.rowHeight;
  if (rowTop < box.scrollTop) {
    return clampTop(box, rowTop);
  }
  if (rowTop + box.rowHeight > box.scrollTop + box.viewport) {
    return clampTop(box, rowTop + box.rowHeight - box.viewport);
  }
  return clampTop(box, box.scrollTop);
}

/** The scroll position that puts row `index` in the middle, unless it is visible already. */
export function topToCentre(box: ListBox, index: number): number {
  if (topToShow(box, index) === box.scrollTop) {
    return box.scrollTop;
  }
  return clampTop(box, index * box.rowHeight - Math.floor((box.viewport - box.rowHeight) / 2));
}

/** Rows that Page Up and Page Down move by: a viewport less one, so that one row stays in sight. */
export function pageStep(box: ListBox): number {
  return Math.max(1, Math.floor(box.viewport / box.rowHeight) - 1);
}

export function clampTop(box: ListBox, top: number): number {
  return Math.max(0, Math.min(top, box.count * box.rowHeight - box.viewport));
}

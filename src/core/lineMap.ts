import { diffArrays } from 'diff';

/** Lines of a text, from 1, both ends included. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/** Where lines of an older text stand in a newer one. */
export interface LinePlace extends LineRange {
  /** False: they were changed or removed, and this is the nearest place. */
  readonly kept: boolean;
}

export interface LineMap {
  /** By the number of an older line minus 1: its number in the newer text; 0 where it is gone. Ascending but for zeros. */
  readonly to: Uint32Array;
  /** Lines of the newer text; at least 1. */
  readonly count: number;
}

/**
 * Lines that may be added and removed before all between the first and the last of them counts as rewritten. The work grows with the
 * square of it.
 */
const mostEdits = 2000;

/** The lines of a text as editors count them, but that a line end at the end begins no other; at least one. */
export function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/** Where each line of `older` stands in `newer`. Ends of lines make no difference. */
export function lineMap(older: string, newer: string): LineMap {
  const [from, into] = [linesOf(older), linesOf(newer)];
  const to = new Uint32Array(from.length);
  const most = Math.min(from.length, into.length);
  let head = 0;
  while (head < most && from[head] === into[head]) {
    to[head] = head + 1;
    head++;
  }
  let tail = 0;
  while (tail < most - head && from.at(-1 - tail) === into.at(-1 - tail)) {
    to[from.length - 1 - tail] = into.length - tail;
    tail++;
  }
  const [left, right] = [
    from.slice(head, from.length - tail),
    into.slice(head, into.length - tail),
  ];
  let [at, there] = [head, head];
  for (const { added, removed, count } of diffArrays(left, right, { maxEditLength: mostEdits }) ??
    []) {
    if (!added && !removed) for (let i = 0; i < count; i++) to[at + i] = there + i + 1;
    if (!added) at += count;
    if (!removed) there += count;
  }
  return { to, count: into.length };
}

/** Where a range of the older text stands. Lines that it does not have count as its last one. */
export function placeOf({ to, count }: LineMap, range: LineRange): LinePlace {
  const first = clamp(range.line, to.length);
  const last = Math.max(first, clamp(range.endLine, to.length));
  const stand = [...to.subarray(first - 1, last)].filter((line) => line !== 0);
  const [line, endLine] = [stand[0], stand.at(-1)];
  if (line !== undefined && endLine !== undefined) {
    const whole = stand.length === last - first + 1 && endLine - line === last - first;
    return { line, endLine, kept: whole };
  }
  return { ...nearest({ to, count }, first, last), kept: false };
}

/** What stands between the kept lines around a range that is gone; where nothing does, the line before it. */
function nearest({ to, count }: LineMap, first: number, last: number): LineRange {
  let before = first - 1;
  while (before > 0 && to[before - 1] === 0) before--;
  let after = last + 1;
  while (after <= to.length && to[after - 1] === 0) after++;
  const from = before === 0 ? 0 : to[before - 1]!;
  const end = after > to.length ? count : to[after - 1]! - 1;
  if (end <= from) return { line: Math.max(from, 1), endLine: Math.max(from, 1) };
  const line = Math.min(from + first - before, end);
  return { line, endLine: Math.min(line + last - first, end) };
}

const clamp = (line: number, most: number): number => Math.min(Math.max(line, 1), most);

import type { EventRow } from '../core/rows.js';

/** Longest text of a row that is only listed, in UTF-16 units: a note of a megabyte must not stop a list. */
const lineLength = 300;

/** Whether a row holds `text`, which is in lower case: in what people read of it, or as the beginning of its id. */
export function mentions(row: EventRow, text: string): boolean {
  const { path, who, note, summary, env, version, type } = row;
  return (
    row.id.startsWith(text) ||
    [path, who.name, who.email, note, summary, env, version, type].some(
      (part) => part !== null && part.toLowerCase().includes(text),
    )
  );
}

/** The row with its long texts cut. */
export function shortRow(row: EventRow): EventRow {
  const { who, path, env, note, summary } = row;
  return {
    ...row,
    who: { ...who, name: cut(who.name), email: cutOrNull(who.email) },
    path: cutOrNull(path),
    env: cutOrNull(env),
    note: cutOrNull(note),
    summary: cut(summary),
  };
}

function cut(text: string): string {
  return text.length <= lineLength ? text : `${text.slice(0, lineLength)}…`;
}

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cut(text);
}

/** Rows of a long list that stand at a place of a result. */
export interface Part {
  /** Names of members, from the outside; none: the result itself. */
  readonly path: readonly string[];
  readonly rows: readonly unknown[];
}

/** Rows at a time: a host reads that many within a few milliseconds. */
const partRows = 100;
/** How deep lists are looked for. */
const deepest = 2;

/** Takes the long lists out of a result, in pieces, so that its reader can breathe in between. */
export function split(value: unknown): {
  readonly frame: unknown;
  readonly parts: readonly Part[];
} {
  const parts: Part[] = [];
  const frame = withoutLists(value, [], parts);
  return { frame, parts };
}

/** Puts the pieces back into their places. */
export function assemble(frame: unknown, parts: readonly Part[]): unknown {
  for (const { path, rows } of parts) {
    const list = path.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], frame);
    (list as unknown[]).push(...rows);
  }
  return frame;
}

function withoutLists(value: unknown, path: readonly string[], parts: Part[]): unknown {
  if (Array.isArray(value)) {
    if (value.length <= partRows) return value;
    for (let start = 0; start < value.length; start += partRows)
      parts.push({ path, rows: value.slice(start, start + partRows) as unknown[] });
    return [];
  }
  if (path.length === deepest || !isPlain(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    withoutLists(member, [...path, name], parts),
  ]);
  return Object.fromEntries(members) as unknown;
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

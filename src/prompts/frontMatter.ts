import type { JsonValue } from '../core/canonicalJson.js';
import { assertShort, unreadable } from './valueBounds.js';
import { yamlValue } from './yamlValue.js';

/** A text that begins with metadata between two lines of `---`. */
export interface FrontMatter {
  readonly metadata: { readonly [name: string]: JsonValue };
  /** What stands behind the second line, and before the first. */
  readonly body: string;
}

const fence = /^---[ \t]*\r?$/;

/**
 * Takes a text apart; null where it has no front matter. `mayFollowComments`: empty lines and such that begin with `#`
 * may stand before it. Throws where it is not closed, too long, or no YAML mapping.
 */
export function frontMatterOf(text: string, mayFollowComments: boolean): FrontMatter | null {
  const start = firstLine(text, mayFollowComments);
  if (start === null) return null;
  const from = text.indexOf('\n', start) + 1;
  const { to, end } = closing(text, from);
  const source = text.slice(from, to);
  assertShort(source);
  const value = remembered(source) ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable('its front matter has no members');
  return {
    metadata: value as FrontMatter['metadata'],
    body: text.slice(0, start) + text.slice(end),
  };
}

/** Where the first line of `---` begins; null where the text begins with something else. */
function firstLine(text: string, mayFollowComments: boolean): number | null {
  let skipped = false;
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('\n', at) + 1;
    const line = next === 0 ? text.slice(at) : text.slice(at, next - 1);
    const isEmpty = line.trim() === '';
    if (fence.test(line)) {
      // Some programs take it for front matter, others do not.
      if (skipped && !mayFollowComments)
        throw unreadable('empty lines stand before its front matter');
      if (next === 0) throw unreadable('its front matter is not closed');
      return at;
    }
    if (!isEmpty && !(mayFollowComments && line.startsWith('#'))) return null;
    skipped = true;
    if (next === 0) return null;
    at = next;
  }
  return null;
}

/** Where the closing line begins, and where it ends. */
function closing(text: string, from: number): { to: number; end: number } {
  for (let at = from; at < text.length;) {
    const next = text.indexOf('\n', at) + 1;
    const end = next === 0 ? text.length : next;
    if (fence.test(text.slice(at, next === 0 ? end : end - 1))) return { to: at, end };
    at = end;
  }
  throw unreadable('its front matter is not closed');
}

/** Members that tools read to the end of their line, where YAML sees an alias, a list or a second member. */
const toLineEnd = /^(description|argument-hint|globs|applyTo)(:[ \t]+)([^\s"'|>#].*)$/gm;

/** Versions of a prompt mostly have the same front matter, and to read it is what takes time. */
const known = new Map<string, JsonValue | undefined>();
const mostKnown = 64;

function remembered(source: string): JsonValue | undefined {
  if (known.has(source)) return known.get(source);
  const value = leniently(source);
  if (known.size >= mostKnown) known.clear();
  known.set(source, value);
  return value;
}

function leniently(text: string): JsonValue | undefined {
  try {
    return yamlValue(text);
  } catch (error) {
    const quoted = text.replace(
      toLineEnd,
      (_, name: string, colon: string, value: string) =>
        `${name}${colon}${JSON.stringify(value.trimEnd())}`,
    );
    if (quoted === text) throw error;
    return yamlValue(quoted);
  }
}

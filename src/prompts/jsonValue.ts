import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import type { JsonValue } from '../core/canonicalJson.js';
import { tooDeepAt } from '../core/policyDepth.js';
import { ValueBounds, unreadable } from './valueBounds.js';

/** The value of a JSON text. Throws where it is none, where a member stands twice, or beyond the bounds. */
export function jsonValue(text: string): JsonValue {
  // The parser recurses.
  if (tooDeepAt(text) !== undefined) throw unreadable('it has too many levels');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  if (tree === undefined || errors.length > 0) throw unreadable('it is no JSON');
  return read(tree, new ValueBounds(), 0);
}

function read(node: Node, bounds: ValueBounds, depth: number): JsonValue {
  bounds.count(depth);
  if (node.type === 'array')
    return (node.children ?? []).map((item) => read(item, bounds, depth + 1));
  if (node.type !== 'object') return bounds.scalar(node.value);
  const members: Record<string, JsonValue> = {};
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? [];
    if (key === undefined || value === undefined) throw unreadable('a member has no value');
    bounds.member(members, String(bounds.scalar(key.value)), () => read(value, bounds, depth + 1));
  }
  return members;
}

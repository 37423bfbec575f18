import { createScanner, type Node } from 'jsonc-parser';
import type { TextEdit } from './policyProblem.js';

/** SyntaxKind of jsonc-parser, a const enum that exists for its compiler only. */
const kinds = { comma: 5 };

/**
 * Takes an item out of its list, or a member out of its object, with its comma; comments around it stay. (What jsonc-parser
 * has for this breaks lists that stand on one line.)
 */
export function removalOf(text: string, value: Node): TextEdit | undefined {
  const node = value.parent?.type === 'property' ? value.parent : value;
  const siblings = node.parent?.children;
  if (siblings === undefined) return undefined;
  const at = siblings.indexOf(node);
  const end = node.offset + node.length;
  const next = siblings[at + 1];
  if (next !== undefined || at === 0) {
    const comma = commaBehind(text, end);
    const after = comma === undefined ? end : afterSpace(text, comma + 1);
    return { offset: node.offset, length: after - node.offset, text: '' };
  }
  const previous = siblings[at - 1]!;
  const before = previous.offset + previous.length;
  const isPlain = /^\s*,\s*$/.test(text.slice(before, node.offset));
  const start = isPlain ? before : node.offset;
  return { offset: start, length: end - start, text: '' };
}

/** The comma that ends an item, if only spaces stand between. */
function commaBehind(text: string, end: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(end);
  const token: number = scanner.scan();
  const at = scanner.getTokenOffset();
  return token === kinds.comma && text.slice(end, at).trim() === '' ? at : undefined;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  return at;
}

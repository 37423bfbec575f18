import { createScanner } from 'jsonc-parser';

/** Deeper files are refused: no policy needs that, and the parser recurses. */
export const maxPolicyDepth = 64;

/** SyntaxKind of jsonc-parser, a const enum that exists for its compiler only. */
const kinds = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  end: 17,
};

/** Where the first value stands that is too deep; undefined where none is. */
export function tooDeepAt(json: string): number | undefined {
  const scanner = createScanner(json, true);
  for (let depth = 0; ;) {
    const token: number = scanner.scan();
    if (token === kinds.end) return undefined;
    const opens = token === kinds.openBrace || token === kinds.openBracket;
    const closes = token === kinds.closeBrace || token === kinds.closeBracket;
    const divides = token === kinds.comma || token === kinds.colon;
    if (!closes && !divides && depth > maxPolicyDepth) return scanner.getTokenOffset();
    if (opens) depth++;
    if (closes) depth--;
  }
}

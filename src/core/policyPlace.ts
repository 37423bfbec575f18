import { createScanner, findNodeAtLocation, getLocation, parseTree, type Node } from 'jsonc-parser';
import { tooDeepAt } from './policyDepth.js';

/** What a string at a place of a policy file names. */
export type PolicySlot =
  | 'role'
  | 'roleMember'
  | 'groupMember'
  | 'email'
  | 'handle'
  | 'environment'
  | 'glob'
  /** Keys that define a name. */
  | 'roleKey'
  | 'groupKey'
  | 'personKey'
  | 'environmentKey';

/** A place where one name stands or can be written; in UTF-16 units. */
export interface PolicyPlace {
  readonly slot: PolicySlot;
  /** What stands there, without its quotes; empty where nothing does. */
  readonly text: string;
  /** With its quotes. */
  readonly offset: number;
  readonly length: number;
  /** The other strings of the same list, or keys of the same table. */
  readonly beside: readonly string[];
  /** A glob under "prompts", which says what is a prompt at all. */
  readonly makesPrompts: boolean;
}

const lineComment = 12;
const blockComment = 13;
const endOfText = 17;

/** Paths in the file, where `#` stands for any index and `*` for any key. */
const slots: readonly (readonly [RegExp, PolicySlot])[] = [
  [/^((environments\/[^/]+|rules\/#)\/)?approvals\/(allOf\/#\/)?roles\/#$/, 'role'],
  [/^(environments\/[^/]+\/deployers|redaction\/roles)\/#$/, 'role'],
  [/^environments\/[^/]+\/breakGlass\/(roles|reviewers)\/#$/, 'role'],
  [/^environments\/[^/]+\/after$/, 'environment'],
  [/^roles\/[^/]+\/#$/, 'roleMember'],
  [/^groups\/[^/]+\/#$/, 'groupMember'],
  [/^people\/[^/]+\/emails\/#$/, 'email'],
  [/^people\/[^/]+\/handles\/#$/, 'handle'],
  [/^rules\/#\/environments\/#$/, 'environment'],
  [/^(rules\/#\/paths|prompts\/(include|exclude))\/#$/, 'glob'],
];

const keySlots: readonly (readonly [RegExp, PolicySlot])[] = [
  [/^roles\/[^/]*$/, 'roleKey'],
  [/^groups\/[^/]*$/, 'groupKey'],
  [/^people\/[^/]*$/, 'personKey'],
  [/^environments\/[^/]*$/, 'environmentKey'],
];

/** What can be named at an offset of a policy file, which may be half written; null where nothing can. */
export function policyPlaceAt(text: string, offset: number): PolicyPlace | null {
  const json = text.replace(/^\uFEFF/, ' ');
  if (tooDeepAt(json) !== undefined || isInComment(json, offset)) return null;
  const { path, previousNode, isAtPropertyKey } = getLocation(json, offset);
  const named = path.map((part) => (typeof part === 'number' ? '#' : encodeURIComponent(part)));
  const slot = (isAtPropertyKey ? keySlots : slots).find(([one]) => one.test(named.join('/')))?.[1];
  if (slot === undefined) return null;
  // Keys come as nodes of the type "property".
  const there = previousNode ?? null;
  if (there !== null && !/^(string|property)$/.test(there.type)) return null;
  // Behind a name there is room for another one only after a comma.
  if (there !== null && offset > there.offset + there.length) return null;
  const beside = stringsOf(json, path.slice(0, -1), there?.offset ?? -1);
  return {
    slot,
    text: there === null ? '' : String(there.value ?? ''),
    offset: there?.offset ?? offset,
    length: there?.length ?? 0,
    beside,
    makesPrompts: path[0] === 'prompts',
  };
}

/** The strings of a list or the keys of a table, but for the one at `offset`. */
function stringsOf(
  json: string,
  path: readonly (string | number)[],
  offset: number,
): readonly string[] {
  const tree = parseTree(json, [], { allowTrailingComma: true });
  const node = tree && findNodeAtLocation(tree, [...path]);
  const own = (node?.children ?? []).map((child): Node | undefined =>
    child.type === 'property' ? child.children?.[0] : child,
  );
  return own.flatMap((one) =>
    one?.type === 'string' && one.offset !== offset ? [String(one.value)] : [],
  );
}

function isInComment(json: string, offset: number): boolean {
  const scanner = createScanner(json, false);
  for (;;) {
    const token: number = scanner.scan();
    if (token === endOfText) return false;
    const start = scanner.getTokenOffset();
    if (start >= offset) return false;
    const end = start + scanner.getTokenLength();
    if (token === lineComment && offset <= end) return true;
    if (token === blockComment && offset < end) return true;
  }
}

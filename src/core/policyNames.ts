import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { tooDeepAt } from './policyDepth.js';

/** Whom a policy text names, as far as it can be read: it may be half written. Addresses in lower case. */
export interface PolicyNames {
  readonly people: ReadonlyMap<string, PersonNames>;
  /** Name to what stands in its list. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly environments: readonly string[];
}

export interface PersonNames {
  readonly emails: readonly string[];
  readonly handles: readonly string[];
  /** As it is written; empty where it is not. */
  readonly kind: string;
}

const nothing: PolicyNames = {
  people: new Map(),
  groups: new Map(),
  roles: new Map(),
  environments: [],
};

/** Names that a policy text defines; mistakes in it are passed over. */
export function policyNames(text: string): PolicyNames {
  const json = text.replace(/^\uFEFF/, ' ');
  const tree =
    tooDeepAt(json) === undefined ? parseTree(json, [], { allowTrailingComma: true }) : undefined;
  if (tree === undefined) return nothing;
  const people = entries(tree, 'people').map(([name, node]): [string, PersonNames] => [
    name,
    {
      emails: strings(find(node, 'emails')).map((one) => one.toLowerCase()),
      handles: strings(find(node, 'handles')).map((one) => one.toLowerCase()),
      kind: strings(find(node, 'kind'))[0] ?? '',
    },
  ]);
  return {
    people: new Map(people),
    groups: new Map(entries(tree, 'groups').map(([name, node]) => [name, strings(node)])),
    roles: new Map(entries(tree, 'roles').map(([name, node]) => [name, strings(node)])),
    environments: entries(tree, 'environments').map(([name]) => name),
  };
}

/** Keys of a table of the policy with what stands behind them. */
function entries(tree: Node, key: string): readonly (readonly [string, Node])[] {
  return (find(tree, key)?.children ?? []).flatMap(({ type, children }) => {
    const [name, value] = children ?? [];
    return type === 'property' && name !== undefined && value !== undefined
      ? [[String(name.value), value] as const]
      : [];
  });
}

function find(node: Node, key: string): Node | undefined {
  return node.type === 'object' ? findNodeAtLocation(node, [key]) : undefined;
}

/** The strings of a list, or one that stands by itself. */
function strings(node: Node | undefined): readonly string[] {
  if (node?.type === 'string') return [String(node.value)];
  return (node?.type === 'array' ? (node.children ?? []) : []).flatMap(({ type, value }) =>
    type === 'string' ? [String(value)] : [],
  );
}

import { Composer, isAlias, isMap, isScalar, isSeq, Parser, type CST, type Node } from 'yaml';
import type { JsonValue } from '../core/canonicalJson.js';
import { maxLevels, ValueBounds, unreadable } from './valueBounds.js';

/**
 * The value of one YAML 1.2 document (core schema), as JSON has it; undefined for an empty one. Throws where programs
 * may read it differently (errors, tags, directives, merge keys, doubled members), or where it is beyond the bounds.
 */
export function yamlValue(text: string): JsonValue | undefined {
  const tokens = [...new Parser().parse(text)];
  // The composer recurses, and a deep stack can end the process where nothing can be caught.
  for (const token of tokens) if (token.type === 'document') assertShallow(token.value);
  const documents = new Composer(options).compose(tokens, true, text.length);
  const [document, second] = [...documents];
  if (document === undefined || second !== undefined) throw unreadable('it is not one document');
  const { errors, warnings, directives, contents } = document;
  if (errors.length > 0 || warnings.length > 0) throw unreadable('it is no YAML');
  if (directives?.yaml.explicit) throw unreadable('it has a directive');
  return contents === null ? undefined : new YamlReader().value(contents, 0);
}

const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  // Compares each key with each; the walk below finds doubled ones.
  uniqueKeys: false,
} as const;

function assertShallow(token: CST.Token | undefined): void {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  const add = (inner: CST.Token | null | undefined, depth: number): void => {
    if (depth > maxLevels) throw unreadable('it has too many levels');
    if (inner && 'items' in inner) open.push({ token: inner, depth });
  };
  add(token, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token: collection, depth } = next;
    if (!('items' in collection)) continue;
    for (const { key, value } of collection.items) {
      add(key, depth + 1);
      add(value, depth + 1);
    }
  }
}

class YamlReader {
  readonly #bounds = new ValueBounds();
  readonly #anchors = new Map<string, Node>();

  value(node: unknown, depth: number): JsonValue {
    this.#bounds.count(depth);
    // A member without a value.
    if (node === null) return null;
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) throw unreadable('an alias has no anchor');
      return this.value(target, depth + 1);
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node))
      throw unreadable('a node is of no known kind');
    if (node.tag !== undefined) throw unreadable('a value has a tag');
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#bounds.scalar(node.value);
    if (isSeq(node)) return node.items.map((item) => this.value(item, depth + 1));
    const members: Record<string, JsonValue> = {};
    for (const { key, value } of node.items) {
      this.#bounds.member(members, this.#name(key), () => this.value(value, depth + 1));
    }
    return members;
  }

  #name(key: unknown): string {
    if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined)
      throw unreadable('the name of a member is no plain value');
    const value = this.#bounds.scalar(key.value);
    if (value === '<<') throw unreadable('it has a merge key');
    return String(value);
  }
}

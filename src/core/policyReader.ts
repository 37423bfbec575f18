import { getNodeValue, type Node } from 'jsonc-parser';
import { nearest } from './nearestText.js';
import type { PolicyFix, PolicyProblem, PolicyProblemCode } from './policyProblem.js';

/** Reads values out of the tree of a policy file and keeps every mistake; what is wrong becomes the fallback. */
export class PolicyReader {
  readonly problems: PolicyProblem[] = [];

  /** The members of an object; with `allowed` every other key is a mistake, and so is every repeated one. */
  members(node: Node | undefined, allowed?: readonly string[]): Map<string, Node> {
    const members = new Map<string, Node>();
    for (const [name, { value }] of this.properties(node, allowed)) members.set(name, value);
    return members;
  }

  /** As `members`, with the node of each key. */
  properties(
    node: Node | undefined,
    allowed?: readonly string[],
  ): Map<string, { readonly key: Node; readonly value: Node }> {
    const members = new Map<string, { key: Node; value: Node }>();
    if (node === undefined) return members;
    if (node.type !== 'object') {
      this.wrong(node, 'policy.value', 'an object is expected here');
      return members;
    }
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      if (members.has(name)) {
        this.wrong(key, 'policy.repeatedKey', `"${name}" stands here twice`);
      } else if (name === '__proto__' || (allowed && !allowed.includes(name))) {
        this.#unknownKey(key, name, allowed);
      } else members.set(name, { key, value });
    }
    return members;
  }

  flag(node: Node | undefined, fallback: boolean): boolean {
    if (node === undefined) return fallback;
    if (node.type === 'boolean') return node.value as boolean;
    this.wrong(node, 'policy.value', 'true or false is expected here');
    return fallback;
  }

  /** A whole number; `name` is the key, for the message, which points at `parent` where there is no value. */
  count(
    node: Node | undefined,
    input: { name: string; from: number; to: number; fallback: number; parent: Node },
  ): number {
    const { name, from, to, fallback, parent } = input;
    const value: unknown = node === undefined ? fallback : getNodeValue(node);
    if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to)
      return value as number;
    const message = `"${name}" must be a whole number from ${from} to ${to}`;
    this.wrong(node ?? parent, 'policy.value', message);
    return fallback;
  }

  /** Null counts as left out. */
  text(node: Node | undefined, what: string, fits: (t: string) => boolean): string | undefined {
    return node?.type === 'null' ? undefined : this.strictText(node, what, fits);
  }

  strictText(
    node: Node | undefined,
    what: string,
    fits: (t: string) => boolean,
  ): string | undefined {
    if (node === undefined) return undefined;
    if (node.type === 'string' && fits(node.value as string)) return node.value as string;
    this.wrong(node, 'policy.value', `${what} is expected here`);
    return undefined;
  }

  /** Nulls in the list say nothing: the first policies could have them. */
  texts(
    node: Node | undefined,
    what: string,
    fits: (t: string) => boolean = (t) => t.length > 0,
  ): readonly string[] | undefined {
    if (node === undefined) return undefined;
    return this.items(node, Infinity).flatMap((child) => this.text(child, what, fits) ?? []);
  }

  /** Texts with their nodes, at most so many; a null is a mistake. */
  strictTexts(
    node: Node | undefined,
    what: string,
    input: { fits: (t: string) => boolean; atMost: number },
  ): readonly { readonly text: string; readonly node: Node }[] {
    return this.items(node, input.atMost).flatMap((child) => {
      const text = this.strictText(child, what, input.fits);
      return text === undefined ? [] : { text, node: child };
    });
  }

  /** The values of a list; none where there is no list. */
  items(node: Node | undefined, atMost: number): readonly Node[] {
    if (node === undefined) return [];
    if (node.type !== 'array') {
      this.wrong(node, 'policy.value', 'a list is expected here');
      return [];
    }
    return this.bounded(node, node.children ?? [], atMost);
  }

  /** The first of them, and a mistake where there are more. */
  bounded<T>(node: Node | undefined, found: readonly T[], atMost: number): readonly T[] {
    if (node === undefined || found.length <= atMost) return found;
    this.wrong(node, 'policy.tooMany', `at most ${atMost} can stand here`);
    return found.slice(0, atMost);
  }

  /** `name` is nowhere defined; one of `defined` may have been meant. */
  unknownName(node: Node, message: string, name: string, defined: Iterable<string>): void {
    const meant = this.#compares ? nearest(name, first(defined, mostCompared)) : undefined;
    const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
    this.wrong(node, 'policy.unknownName', message + hint, replaced(node, meant));
  }

  wrong(node: Node, code: PolicyProblemCode, message: string, fix?: PolicyFix): void {
    const { offset, length } = node;
    // A hostile file may have a mistake in every word.
    if (this.problems.length >= mostProblems) return;
    this.problems.push({ code, message, offset, length, ...(fix === undefined ? {} : { fix }) });
  }

  /** Whether it is worth its time to look for what was meant. */
  get #compares(): boolean {
    return this.problems.length < mostHints;
  }

  #unknownKey(key: Node, name: string, allowed: readonly string[] | undefined): void {
    const meant = allowed && this.#compares ? nearestKey(name, allowed) : undefined;
    const known = allowed ? `; known keys: ${allowed.join(', ')}` : '';
    const hint = meant === undefined ? known : ` (did you mean "${meant}"?)`;
    this.wrong(key, 'policy.unknownKey', `unknown key "${name}"${hint}`, replaced(key, meant));
  }
}

const mostProblems = 1000;
const mostHints = 50;
const mostCompared = 500;

function first(all: Iterable<string>, count: number): string[] {
  const found: string[] = [];
  for (const one of all) {
    if (found.length >= count) break;
    found.push(one);
  }
  return found;
}

/** The fix that writes another text in place of a node. */
export function replaced(node: Node, text: string | undefined): PolicyFix | undefined {
  if (text === undefined) return undefined;
  const { offset, length } = node;
  return {
    title: `Replace with "${text}"`,
    edits: [{ offset, length, text: JSON.stringify(text) }],
  };
}

function nearestKey(name: string, allowed: readonly string[]): string | undefined {
  const start = name.slice(0, 3).toLowerCase();
  return nearest(name, allowed) ?? allowed.find((key) => key.toLowerCase().startsWith(start));
}

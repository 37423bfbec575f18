import { unreadable } from './valueBounds.js';

/** The elements of a POML text that are not its text, as they stand there. */
export interface PomlParts {
  readonly model: readonly string[];
  readonly tools: readonly string[];
  /** The text without them. */
  readonly rest: string;
}

const elements: ReadonlyMap<string, 'model' | 'tools'> = new Map([
  ['runtime', 'model'],
  ['tool', 'tools'],
  ['tool-definition', 'tools'],
]);

const opening = /<(?:!--|(runtime|tool(?:-definition)?)(?=[\s/>]))/gi;

/** Takes a POML text apart. Throws where a comment or one of the elements has no end. */
export function pomlParts(text: string): PomlParts {
  const found = { model: [] as string[], tools: [] as string[] };
  let [rest, at] = ['', 0];
  for (;;) {
    opening.lastIndex = at;
    const match = opening.exec(text);
    if (match === null) return { ...found, rest: rest + text.slice(at) };
    const name = match[1]?.toLowerCase();
    const end = name === undefined ? behind(text, '-->', match.index) : endOf(text, match);
    rest += text.slice(at, name === undefined ? end : match.index);
    if (name !== undefined) found[elements.get(name)!].push(text.slice(match.index, end));
    at = end;
  }
}

/** Where an element ends that a match begins. */
function endOf(text: string, match: RegExpExecArray): number {
  const tag = endOfTag(text, match.index + match[0].length);
  if (text[tag - 2] === '/') return tag;
  const close = new RegExp(`</${match[1]!}\\s*>`, 'gi');
  close.lastIndex = tag;
  const closed = close.exec(text);
  if (closed === null) throw unreadable('an element is not closed');
  return closed.index + closed[0].length;
}

/** Behind the `>` that ends a tag; one in quotes does not. */
function endOfTag(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '>') return at + 1;
    if (sign === '"' || sign === "'") at = behind(text, sign, at + 1) - 1;
  }
  throw unreadable('a tag is not closed');
}

function behind(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  if (at < 0) throw unreadable(`${what} is missing`);
  return at + what.length;
}

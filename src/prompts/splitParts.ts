import type { JsonValue } from '../core/canonicalJson.js';
import { namedParts, partOfName, type NamedPart } from './partNames.js';

/** A value divided: each part has the members that are its own, at the places where they stand. */
export interface SplitValue extends Readonly<Partial<Record<NamedPart, JsonValue>>> {
  /** The value without them. */
  readonly rest: JsonValue;
}

type Members = { readonly [key: string]: JsonValue };

/** Divides a value by the names of its members, at any depth. In a part, an item of a list stands under its number. */
export function splitParts(format: string, value: JsonValue): SplitValue {
  if (typeof value !== 'object' || value === null) return { rest: value };
  if (isList(value)) {
    const items = value.map((item, i) => [String(i), splitParts(format, item)] as const);
    return { rest: items.map(([, item]) => item.rest), ...gathered(items) };
  }
  const own: Partial<Record<NamedPart, Record<string, JsonValue>>> = {};
  const inner: (readonly [string, SplitValue])[] = [];
  for (const [name, member] of Object.entries(value)) {
    const part = partOfName(format, name);
    if (part === undefined) inner.push([name, splitParts(format, member)]);
    else (own[part] ??= {})[name] = part === 'model' ? member : unordered(member);
  }
  const rest = Object.fromEntries(inner.map(([name, split]) => [name, split.rest]));
  return { rest, ...merged(own, gathered(inner)) };
}

/** For each part what the members have of it, by their names. */
function gathered(
  members: readonly (readonly [string, SplitValue])[],
): Partial<Record<NamedPart, Members>> {
  const parts: Partial<Record<NamedPart, Record<string, JsonValue>>> = {};
  for (const [name, split] of members) {
    for (const part of namedParts) {
      const found = split[part];
      if (found !== undefined) (parts[part] ??= {})[name] = found;
    }
  }
  return parts;
}

function merged(
  one: Partial<Record<NamedPart, Members>>,
  other: Partial<Record<NamedPart, Members>>,
): Partial<Record<NamedPart, Members>> {
  return Object.fromEntries(
    namedParts
      .map((part) => [part, { ...one[part], ...other[part] }] as const)
      .filter(([, members]) => Object.keys(members).length > 0),
  );
}

/** A list of texts in an order that says nothing: of tools, or of what they may do. */
function unordered(value: JsonValue): JsonValue {
  return isList(value) && value.every((item) => typeof item === 'string')
    ? [...value].sort()
    : value;
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

import type { Node } from 'jsonc-parser';
import type { PolicyPerson } from './policy.js';
import { policyKeys, policyLimits } from './policyKeys.js';
import { replaced, type PolicyReader } from './policyReader.js';

export interface People {
  readonly people: readonly PolicyPerson[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** Reads `people`, `groups` and `roles`: who is meant by a name (docs/LEDGER.md, "Policy"). */
export function readPeople(reader: PolicyReader, top: ReadonlyMap<string, Node>): People {
  const names = new Names(reader);
  const people = readTable(reader, top.get('people'), names);
  const groups = readGroups(reader, top.get('groups'), names);
  const roles = readRoles(reader, top.get('roles'), names);
  return { people, groups, roles };
}

/** Every name, address and handle that was seen, so that none stands for two. */
class Names {
  readonly people = new Set<string>();
  readonly groups = new Set<string>();
  readonly #folded = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  readonly #byHandle = new Map<string, string>();
  readonly #reader: PolicyReader;

  constructor(reader: PolicyReader) {
    this.#reader = reader;
  }

  /** A person or a group gets this name. */
  define(node: Node, name: string, kind: 'people' | 'groups'): void {
    const other = this.#folded.get(name.toLowerCase());
    if (other === undefined) this.#folded.set(name.toLowerCase(), name);
    else
      this.#reader.wrong(
        node,
        'policy.ambiguous',
        `"${name}" is ${this.people.has(name) ? 'the name of somebody under "people"' : `too like "${other}"`}: every person and every group needs a name of its own`,
      );
    this[kind].add(name);
  }

  /** An address or a handle belongs to a person. */
  belongs(node: Node, text: string, person: string): void {
    const owner = this.#owners.get(text);
    if (owner !== undefined && owner !== person)
      this.#reader.wrong(node, 'policy.ambiguous', `"${text}" belongs to "${owner}", too`);
    else this.#owners.set(text, person);
    if (text.startsWith('@')) this.#byHandle.set(text, person);
  }

  /** A text is nothing that may stand in a list of members. */
  unknown(node: Node, text: string, wanted: 'people' | 'people or groups'): void {
    const person = this.personWith(text);
    if (person !== undefined) {
      const message = `"${text}" is a handle: write the name of the person, "${person}"`;
      this.#reader.wrong(node, 'policy.unknownName', message, replaced(node, person));
      return;
    }
    const tables = wanted === 'people' ? '"people"' : '"people" or "groups"';
    const message = text.startsWith('@')
      ? `the team "${text}" is not defined under "groups"`
      : `"${text}" is no e-mail address, and no such name is defined under ${tables}`;
    const defined = wanted === 'people' ? this.people : this.#folded.values();
    this.#reader.unknownName(node, message, text, defined);
  }

  personWith(handle: string): string | undefined {
    return this.#byHandle.get(handle.toLowerCase());
  }

  isHandle(text: string): boolean {
    return this.#byHandle.has(text.toLowerCase());
  }
}

function readTable(
  reader: PolicyReader,
  node: Node | undefined,
  names: Names,
): readonly PolicyPerson[] {
  const entries = [...reader.properties(node)];
  return reader.bounded(node, entries, policyLimits.people).map(([name, { key, value }]) => {
    if (isName(name)) names.define(key, name, 'people');
    else reader.wrong(key, 'policy.value', `"${name}" is no name: ${nameRule}`);
    const members = reader.members(value, policyKeys.person);
    const list = (
      member: 'emails' | 'handles',
      what: string,
      fits: (t: string) => boolean,
    ): readonly string[] => {
      const atMost = policyLimits[`${member}OfPerson`];
      const found = reader.strictTexts(members.get(member), what, { fits, atMost });
      const texts = found.map(({ text, node: place }) => {
        names.belongs(place, text.toLowerCase(), name);
        return text.toLowerCase();
      });
      return [...new Set(texts)];
    };
    const emails = list('emails', 'an e-mail address', isAddress);
    if (value.type === 'object' && !members.get('emails')?.children?.length) {
      const place = members.get('emails') ?? key;
      reader.wrong(place, 'policy.missingKey', `"${name}" needs at least one address in "emails"`);
    }
    const kind = reader.strictText(
      members.get('kind'),
      '"person", "agent" or "service"',
      (t) => t === 'person' || t === 'agent' || t === 'service',
    );
    return {
      name,
      emails,
      handles: list('handles', 'a handle such as "@ana-silva"', isHandle),
      kind: (kind ?? 'person') as PolicyPerson['kind'],
    };
  });
}

function readGroups(
  reader: PolicyReader,
  node: Node | undefined,
  names: Names,
): Readonly<Record<string, readonly string[]>> {
  const groups: Record<string, readonly string[]> = {};
  const entries = reader.bounded(node, [...reader.properties(node)], policyLimits.groups);
  for (const [written, { key }] of entries) {
    const name = groupName(written);
    if (!isName(written) && !isTeam(written))
      reader.wrong(
        key,
        'policy.value',
        `"${written}" is no name of a group: ${nameRule}, or a team such as "@clinic/reviewers"`,
      );
    else if (names.isHandle(name))
      reader.wrong(
        key,
        'policy.ambiguous',
        `"${written}" is a handle of "${names.personWith(name)}"`,
      );
    else names.define(key, name, 'groups');
  }
  for (const [written, { value }] of entries) {
    const members = reader.strictTexts(value, 'the name of a person or an e-mail address', {
      fits: (t) => t.length > 0,
      atMost: policyLimits.membersOfGroup,
    });
    groups[groupName(written)] = members.map(({ text, node: place }) => {
      if (names.people.has(text)) return text;
      if (names.groups.has(groupName(text)))
        reader.wrong(
          place,
          'policy.value',
          `"${text}" is a group: groups have only people in them`,
        );
      else if (!isAddress(text)) names.unknown(place, text, 'people');
      return text.toLowerCase();
    });
  }
  return groups;
}

function readRoles(
  reader: PolicyReader,
  node: Node | undefined,
  names: Names,
): Readonly<Record<string, readonly string[]>> {
  const roles: Record<string, readonly string[]> = {};
  for (const [role, value] of reader.members(node)) {
    const members = reader.items(value, Infinity).flatMap((place) => {
      const text = reader.text(place, 'an e-mail address, a name or "*"', (t) => t.length > 0);
      return text === undefined ? [] : { text, place };
    });
    roles[role] = members.map(({ text, place }) => {
      if (text === '*' || names.people.has(text)) return text;
      if (names.groups.has(groupName(text))) return groupName(text);
      // As before there were names, whatever has an "@" is an address.
      if (text.indexOf('@') < 1) names.unknown(place, text, 'people or groups');
      return text.toLowerCase();
    });
  }
  return roles;
}

/** Teams are compared without case, as hosts do. */
function groupName(written: string): string {
  return written.startsWith('@') ? written.toLowerCase() : written;
}

const nameRule = `1 to ${policyLimits.nameLength} characters without "@" and "*", no space at the ends`;

function isName(text: string): boolean {
  return (
    text.length <= policyLimits.nameLength &&
    /^[^\p{Cc} @*](?:[^\p{Cc}@*]*[^\p{Cc} @*])?$/u.test(text)
  );
}

function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\p{Cc} @<>]+@[^\p{Cc} @<>]+$/u.test(text);
}

function isHandle(text: string): boolean {
  return /^@[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:\[bot\])?$/.test(text);
}

function isTeam(text: string): boolean {
  return (
    text.length <= 200 &&
    /^@[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(text)
  );
}

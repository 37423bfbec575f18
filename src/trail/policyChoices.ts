import type { PolicyNames } from '../core/policyNames.js';
import type { PolicyPlace } from '../core/policyPlace.js';
import type { PolicyChoice } from './policyHelpApi.js';

/** Name in the ledger by address in lower case. */
export type KnownPeople = ReadonlyMap<string, string>;

const mostPaths = 500;

/** What can stand at a place and does not stand beside it yet. */
export function choicesFor(input: {
  place: PolicyPlace;
  names: PolicyNames;
  people: KnownPeople;
  prompts: readonly string[];
}): readonly PolicyChoice[] {
  const { place, names, people, prompts } = input;
  const taken = new Set(place.beside);
  return all(place, names, people, prompts).filter(({ text }) => !taken.has(text));
}

function all(
  { slot }: PolicyPlace,
  names: PolicyNames,
  people: KnownPeople,
  prompts: readonly string[],
): readonly PolicyChoice[] {
  switch (slot) {
    case 'role':
      return [...names.roles].map(([text, members]) => ({ kind: 'role', text, names: members }));
    case 'roleMember':
      return [
        { kind: 'everybody', text: '*', names: [] },
        ...persons(names),
        ...groups(names),
        ...addresses(names, people),
      ];
    case 'groupMember':
      return [...persons(names), ...addresses(names, people)];
    case 'email':
      return addresses(names, people);
    case 'environment':
      return names.environments.map((text) => ({ kind: 'environment', text, names: [] }));
    case 'personKey':
      return newPersons(names, people);
    case 'glob':
      return globs(prompts);
    case 'handle':
    case 'roleKey':
    case 'groupKey':
    case 'environmentKey':
      return [];
  }
}

function persons({ people }: PolicyNames): readonly PolicyChoice[] {
  return [...people].map(([text, { emails }]) => ({ kind: 'person', text, names: emails }));
}

function groups({ groups: known }: PolicyNames): readonly PolicyChoice[] {
  return [...known].map(([text, members]) => ({ kind: 'group', text, names: members }));
}

/** Those that no person of the table has. */
function addresses({ people }: PolicyNames, known: KnownPeople): readonly PolicyChoice[] {
  const named = new Set([...people.values()].flatMap(({ emails }) => emails));
  return [...known]
    .filter(([email]) => !named.has(email))
    .map(([text, name]) => ({ kind: 'address', text, names: [name] }));
}

/** People of the ledger who are not in the table, under a short name each. */
function newPersons(names: PolicyNames, known: KnownPeople): readonly PolicyChoice[] {
  const used = new Set([...names.people.keys(), ...names.groups.keys()]);
  return addresses(names, known).map(({ text: email, names: [name] }) => {
    const key = freeKey(shortName(name ?? '', email), used);
    used.add(key);
    return { kind: 'newPerson', text: key, names: [email] };
  });
}

function shortName(name: string, email: string): string {
  const plain = (text: string): string =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '');
  return plain(name.split(' ')[0] ?? '') || plain(email.split('@')[0] ?? '') || 'person';
}

function freeKey(wanted: string, used: ReadonlySet<string>): string {
  let key = wanted;
  for (let number = 2; used.has(key); number++) key = `${wanted}${number}`;
  return key;
}

/** Each folder with everything below it, then the prompts themselves. */
function globs(prompts: readonly string[]): readonly PolicyChoice[] {
  const folders = new Set<string>();
  for (const path of prompts) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++)
      folders.add(`${parts.slice(0, depth).map(escaped).join('/')}/**`);
  }
  return [
    ...[...folders].sort().map((text): PolicyChoice => ({ kind: 'folder', text, names: [] })),
    ...prompts.map((path): PolicyChoice => ({ kind: 'prompt', text: escaped(path), names: [] })),
  ].slice(0, mostPaths);
}

/** A path as a glob that matches nothing else. */
function escaped(path: string): string {
  return path.replace(/[*?[\]{}()!+@|\\]/g, '\\$&');
}

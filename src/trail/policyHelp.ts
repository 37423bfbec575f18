import picomatch from 'picomatch';
import { activeRows } from '../core/activeRows.js';
import { policyNames, type PolicyNames } from '../core/policyNames.js';
import { policyPlaceAt, type PolicyPlace } from '../core/policyPlace.js';
import { isGlob } from '../core/policyTexts.js';
import type { TrailContext } from './context.js';
import type { PolicyAbout, PolicyHelp, PolicyHelpInput, PolicyMember } from './policyHelpApi.js';
import { choicesFor, type KnownPeople } from './policyChoices.js';
import { listFiles } from './site.js';
import { trackedPrompts } from './trackedPrompts.js';

const mostMembers = 50;
const mostExamples = 12;
/** UTF-16 units: a longer text is no policy that a person writes. */
const longestText = 1_000_000;

/** See Trail. */
export async function policyHelp(
  context: TrailContext,
  { text, offset }: PolicyHelpInput,
): Promise<PolicyHelp | null> {
  const place = text.length > longestText ? null : policyPlaceAt(text, offset);
  if (place === null) return null;
  const names = policyNames(text);
  const people = peopleOf(context);
  const prompts = place.slot === 'glob' ? await trackedPrompts(context) : [];
  return {
    slot: place.slot,
    offset: place.offset,
    length: place.length,
    choices: choicesFor({ place, names, people, prompts }),
    about: place.text === '' ? null : await aboutPlace(context, place, names, people, prompts),
  };
}

/** Name in the ledger by address in lower case; the last one that was declared. */
function peopleOf({ state }: TrailContext): KnownPeople {
  const found = new Map<string, string>();
  for (const [id] of state.persons.snapshot().declared) {
    const { name, email } = state.persons.ref(id);
    if (email !== null) found.set(email.toLowerCase(), name);
  }
  return found;
}

async function aboutPlace(
  context: TrailContext,
  place: PolicyPlace,
  names: PolicyNames,
  people: KnownPeople,
  prompts: readonly string[],
): Promise<PolicyAbout | null> {
  const { slot, text } = place;
  switch (slot) {
    case 'role':
    case 'roleKey':
      return aboutList('role', text, names.roles.get(text), names, people);
    case 'groupKey':
      return aboutList('group', text, names.groups.get(text), names, people);
    case 'roleMember':
    case 'groupMember':
      if (text === '*') return { kind: 'everybody' };
      return names.groups.has(text)
        ? aboutList('group', text, names.groups.get(text), names, people)
        : aboutPerson(text, names, people);
    case 'email':
    case 'personKey':
      return aboutPerson(text, names, people);
    case 'handle':
      return null;
    case 'environment':
    case 'environmentKey':
      return {
        kind: 'environment',
        name: text,
        defined: names.environments.includes(text),
        active: activeRows(context.state, context.finalSize, { prompt: null, env: text, at: null })
          .length,
      };
    case 'glob':
      return await aboutGlob(context, place, prompts);
  }
}

function aboutList(
  kind: 'role' | 'group',
  name: string,
  members: readonly string[] | undefined,
  names: PolicyNames,
  people: KnownPeople,
): PolicyAbout {
  return {
    kind,
    name,
    defined: members !== undefined,
    members: (members ?? []).slice(0, mostMembers).map((one) => member(one, names, people)),
  };
}

function member(text: string, names: PolicyNames, people: KnownPeople): PolicyMember {
  if (text === '*') return { text, kind: 'everybody', names: [] };
  const person = names.people.get(text);
  if (person !== undefined) return { text, kind: 'person', names: person.emails };
  const group = names.groups.get(text);
  if (group !== undefined) return { text, kind: 'group', names: group.slice(0, mostMembers) };
  if (!/^[^@]+@/.test(text)) return { text, kind: 'unknown', names: [] };
  const known = people.get(text.toLowerCase());
  return { text, kind: 'address', names: known === undefined ? [] : [known] };
}

function aboutPerson(text: string, names: PolicyNames, people: KnownPeople): PolicyAbout | null {
  const person = names.people.get(text);
  if (person !== undefined) {
    const { emails, handles, kind } = person;
    const isAgent = kind === 'agent' || kind === 'service';
    const roles = rolesOf([text, ...emails], names);
    return { kind: 'person', name: text, emails, handles, isAgent, roles };
  }
  const email = text.toLowerCase();
  if (!/^[^@]+@/.test(email)) return null;
  const owner = [...names.people].find(([, { emails }]) => emails.includes(email))?.[0] ?? null;
  const roles = rolesOf(owner === null ? [email] : [owner, email], names);
  return { kind: 'address', email, name: people.get(email) ?? null, person: owner, roles };
}

/** Roles that somebody with these names or addresses has, also through groups. */
function rolesOf(own: readonly string[], { roles, groups }: PolicyNames): readonly string[] {
  const mine = new Set(own);
  const has = (members: readonly string[]): boolean =>
    members.some((one) => mine.has(one) || mine.has(one.toLowerCase()));
  const inGroups = new Set([...groups].filter(([, list]) => has(list)).map(([name]) => name));
  return [...roles]
    .filter(([, list]) => list.includes('*') || has(list) || list.some((one) => inGroups.has(one)))
    .map(([name]) => name);
}

/** Counts prompts; for the globs that make files prompts, files. */
async function aboutGlob(
  { site }: TrailContext,
  { text, makesPrompts }: PolicyPlace,
  prompts: readonly string[],
): Promise<PolicyAbout> {
  const all = makesPrompts ? await listFiles(site) : prompts;
  const matches = isGlob(text) ? picomatch(text, { dot: true }) : () => false;
  const matching = all.filter((path) => matches(path));
  return {
    kind: 'glob',
    pattern: text,
    matching: matching.length,
    total: all.length,
    among: makesPrompts ? 'files' : 'prompts',
    examples: matching.slice(0, mostExamples),
  };
}

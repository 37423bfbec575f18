import { ownersOf, parseCodeowners, type Codeowners } from './codeowners.js';
import type { Identities } from './identities.js';
import type { Actor } from './persons.js';
import type { Policy } from './policy.js';

/**
 * Whether an actor has one of the roles; no roles means everybody. Without `identities` only the address tells who
 * somebody is, and the policy's people by it.
 */
export function hasRole(
  actor: Actor,
  roles: readonly string[],
  policy: Policy,
  identities?: Identities,
): boolean {
  if (roles.length === 0) return true;
  const names = identities?.namesOf(actor) ?? namesByAddress(actor, policy);
  return roles.some((role) => {
    const members = policy.roles[role] ?? [];
    return members.some(
      (member) => member === '*' || names.has(member) || isInGroup(member, names, policy),
    );
  });
}

/**
 * Whether a text may stand for somebody in a role, a group or CODEOWNERS. git takes any text for an address: one without
 * a domain could be the name of a person or a group, one that begins with @ a handle or a team. Such a one is nobody's.
 */
export function isAddress(email: string): boolean {
  return email.indexOf('@') > 0;
}

function namesByAddress({ email }: Actor, { people }: Policy): ReadonlySet<string> {
  if (email === null || !isAddress(email)) return new Set();
  const own = email.toLowerCase();
  const person = people.find(({ emails }) => emails.includes(own));
  return new Set(person === undefined ? [own] : [own, person.name, ...person.emails]);
}

function isInGroup(group: string, names: ReadonlySet<string>, { groups }: Policy): boolean {
  if (!Object.hasOwn(groups, group)) return false;
  return groups[group]!.some((member) => names.has(member));
}

/**
 * Whether an actor owns one of the paths by CODEOWNERS: by address, by a handle that the policy's `people` gives them,
 * or by a team that is one of its `groups`. Without the file nobody does.
 */
export function isOwner(
  actor: Actor,
  paths: readonly string[],
  codeowners: string | null,
  policy: Policy,
  identities: Identities,
): boolean {
  if (codeowners === null) return false;
  const names = identities.namesOf(actor);
  const handles = identities.handlesOf(actor);
  const file = codeownersOf(codeowners);
  return paths.some((path) =>
    ownersOf(file, path).some(
      (owner) => names.has(owner) || handles.includes(owner) || isInTeam(owner, names, policy),
    ),
  );
}

function isInTeam(team: string, names: ReadonlySet<string>, policy: Policy): boolean {
  if (!team.startsWith('@')) return false;
  return Object.keys(policy.groups).some(
    (group) => group.toLowerCase() === team && isInGroup(group, names, policy),
  );
}

const parsed = new Map<string, Codeowners>();
const mostParsed = 32;

function codeownersOf(text: string): Codeowners {
  let file = parsed.get(text);
  if (file === undefined) {
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(text, (file = parseCodeowners(text)));
  }
  return file;
}

import { agentNamed } from './agentNames.js';
import { canonicalEmail, parseMailmap, type Mailmap } from './mailmap.js';
import type { Policy, PolicyPerson } from './policy.js';

/** Somebody who may act: one person of the policy, or one address. */
export interface LintPerson {
  /** Name in the policy, else the address. */
  readonly label: string;
  readonly emails: readonly string[];
  readonly isAgent: boolean;
}

/** Who stands behind roles, groups and owners of a policy. */
export class LintPeople {
  readonly #policy: Policy;
  readonly #mailmap: Mailmap;
  readonly #byName: ReadonlyMap<string, PolicyPerson>;
  readonly #byEmail: ReadonlyMap<string, PolicyPerson>;
  readonly #byHandle: ReadonlyMap<string, PolicyPerson>;
  readonly #roles = new Map<string, ReadonlyMap<string, LintPerson> | 'everybody'>();

  constructor(policy: Policy, mailmap: string | null) {
    const { people } = policy;
    this.#policy = policy;
    this.#mailmap = parseMailmap(mailmap ?? '');
    this.#byName = new Map(people.map((one) => [one.name, one]));
    this.#byEmail = new Map(people.flatMap((one) => one.emails.map((email) => [email, one])));
    this.#byHandle = new Map(people.flatMap((one) => one.handles.map((text) => [text, one])));
  }

  /** Who has one of these roles, agents included; no roles: everybody. */
  withRoles(roles: readonly string[]): readonly LintPerson[] | 'everybody' {
    if (roles.length === 0) return 'everybody';
    const found = new Map<string, LintPerson>();
    for (const role of roles) {
      const members = this.#inRole(role);
      if (members === 'everybody') return members;
      for (const [label, person] of members) found.set(label, person);
    }
    return [...found.values()];
  }

  /** Who is meant by an address, in lower case. */
  withEmail(email: string): LintPerson {
    const proper = canonicalEmail(this.#mailmap, '', email);
    const person = this.#byEmail.get(email) ?? this.#byEmail.get(proper);
    if (person !== undefined) return known(person);
    const isAgent = agentNamed({ name: '', email }) !== null;
    return { label: proper, emails: proper === email ? [email] : [email, proper], isAgent };
  }

  /** Who is meant by an owner in CODEOWNERS; none where the policy says nothing of it. */
  owning(owner: string): readonly LintPerson[] {
    const person = this.#byHandle.get(owner);
    if (person !== undefined) return [known(person)];
    if (Object.hasOwn(this.#policy.groups, owner)) return this.#inGroup(owner);
    return owner.startsWith('@') ? [] : [this.withEmail(owner)];
  }

  /** Whom a role names, besides everybody. */
  named(role: string): readonly LintPerson[] {
    return (this.#policy.roles[role] ?? []).flatMap((member) => this.#meant(member));
  }

  #inRole(role: string): ReadonlyMap<string, LintPerson> | 'everybody' {
    const done = this.#roles.get(role);
    if (done !== undefined) return done;
    const found = this.#policy.roles[role]?.includes('*')
      ? 'everybody'
      : new Map(this.named(role).map((person) => [person.label, person]));
    this.#roles.set(role, found);
    return found;
  }

  #meant(member: string): readonly LintPerson[] {
    if (Object.hasOwn(this.#policy.groups, member)) return this.#inGroup(member);
    const person = this.#byName.get(member);
    if (person !== undefined) return [known(person)];
    return member.includes('@') ? [this.withEmail(member)] : [];
  }

  #inGroup(group: string): readonly LintPerson[] {
    return (this.#policy.groups[group] ?? []).flatMap((member) => {
      const person = this.#byName.get(member);
      return person === undefined ? this.withEmail(member) : known(person);
    });
  }
}

function known({ name, emails, kind }: PolicyPerson): LintPerson {
  return { label: name, emails, isAgent: kind !== 'person' };
}

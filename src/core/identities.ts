import { agentNamed } from './agentNames.js';
import type { PersonId } from './ids.js';
import { canonicalEmail, parseMailmap, type Mailmap } from './mailmap.js';
import type { Actor } from './persons.js';
import type { Policy, PolicyPerson } from './policy.js';
import { adoptionInScope } from './policyInScope.js';
import type { LedgerState, Scope } from './state.js';

/** The files that were adopted with a policy, as texts; null where there was none. */
export interface AdoptedFiles {
  readonly mailmap: string | null;
  readonly codeowners: string | null;
}

const noFiles: AdoptedFiles = { mailmap: null, codeowners: null };

/** The files of the newest adoption in scope. */
export function filesInScope(state: LedgerState, scope: Scope): AdoptedFiles {
  return adoptionInScope(state, scope)?.event.body ?? noFiles;
}

/**
 * Who is who by the facts in scope: ids that `person.joined` joins, that have addresses of one person of the policy's
 * `people`, or that `.mailmap` gives one address (docs/POLICY.md). Every address that somebody ever declared
 * counts, so that nobody gets rid of what they wrote by another declaration.
 */
export interface Identities {
  /** Whether the policy or `.mailmap` say anything about who is who. */
  readonly hasTables: boolean;
  /** One id for all ids of one person. */
  same(id: PersonId): PersonId;
  /** Whether somebody who acts is the person with this id. */
  isSame(actor: Actor, id: PersonId): boolean;
  /** The addresses, and the name in the policy, by which roles and groups know somebody; addresses in lower case. */
  namesOf(actor: Actor): ReadonlySet<string>;
  /** As CODEOWNERS has them, in lower case. */
  handlesOf(actor: Actor): readonly string[];
  /** Whether it is a program: its approvals never count. The policy's `people` decide before what names look like. */
  isAgent(actor: Actor, name: string): boolean;
  /** Somebody known, by the declarations in scope. */
  actor(id: PersonId): Actor;
}

/** Who is who under a policy. `files`: default those in scope. */
export function identitiesIn(input: {
  readonly state: LedgerState;
  readonly policy: Policy;
  readonly scope: Scope;
  readonly files?: AdoptedFiles;
}): Identities {
  const { state, policy, scope } = input;
  const mailmap = (input.files ?? filesInScope(state, scope)).mailmap;
  if (policy.people.length === 0 && mailmap === null) return new PlainIdentities(state, scope);
  return new TabledIdentities(state, scope, tablesOf(state, policy, mailmap, scope));
}

/** Where neither the policy nor `.mailmap` says anything. */
class PlainIdentities implements Identities {
  readonly hasTables: boolean = false;
  protected readonly state: LedgerState;
  protected readonly scope: Scope;

  constructor(state: LedgerState, scope: Scope) {
    this.state = state;
    this.scope = scope;
  }

  same(id: PersonId): PersonId {
    return this.state.persons.same(id, this.scope);
  }

  isSame(actor: Actor, id: PersonId): boolean {
    const same = this.same(id);
    return actor.ids.some((own) => this.same(own) === same);
  }

  namesOf({ email }: Actor): ReadonlySet<string> {
    return new Set(email === null ? [] : [email.toLowerCase()]);
  }

  readonly handlesOf: Identities['handlesOf'] = () => [];

  isAgent({ email }: Actor, name: string): boolean {
    return isAgentsName(name, email ?? '');
  }

  actor(id: PersonId): Actor {
    return this.state.persons.actor(id, this.scope);
  }
}

class TabledIdentities extends PlainIdentities {
  override readonly hasTables = true;
  readonly #tables: Tables;

  constructor(state: LedgerState, scope: Scope, tables: Tables) {
    super(state, scope);
    this.#tables = tables;
  }

  override same(id: PersonId): PersonId {
    return this.#tables.same.get(id) ?? super.same(id);
  }

  override isSame(actor: Actor, id: PersonId): boolean {
    if (super.isSame(actor, id)) return true;
    // Somebody of whom the ledger has no id yet is known by the address alone.
    const wanted = this.#tables.people.get(this.same(id));
    return wanted !== undefined && this.#personOf(actor) === wanted;
  }

  override namesOf(actor: Actor): ReadonlySet<string> {
    const person = this.#personOf(actor);
    const names = new Set(super.namesOf(actor));
    if (actor.email !== null) names.add(this.#tables.proper(actor.email));
    if (person === undefined) return names;
    for (const email of person.emails) names.add(email);
    return names.add(person.name);
  }

  override readonly handlesOf = (actor: Actor): readonly string[] =>
    this.#personOf(actor)?.handles ?? [];

  override isAgent(actor: Actor, name: string): boolean {
    const person = this.#personOf(actor);
    return person === undefined ? super.isAgent(actor, name) : person.kind !== 'person';
  }

  #personOf({ ids, email }: Actor): PolicyPerson | undefined {
    for (const id of ids) {
      const person = this.#tables.people.get(this.same(id));
      if (person !== undefined) return person;
    }
    if (email === null) return undefined;
    const { named, proper } = this.#tables;
    return named.get(email.toLowerCase()) ?? named.get(proper(email));
  }
}

interface Tables {
  /** Of everybody who shares an identity with another id. */
  readonly same: ReadonlyMap<PersonId, PersonId>;
  /** By the id that `same` gives. */
  readonly people: ReadonlyMap<PersonId, PolicyPerson>;
  readonly named: ReadonlyMap<string, PolicyPerson>;
  readonly proper: (email: string) => string;
}

interface Known {
  readonly policy: Policy;
  readonly mailmap: string | null;
  readonly stamp: string;
  readonly tables: Tables;
}

/** Few policies and few declarations come and go; the last ones are nearly always asked for again. */
const mostKnown = 32;
const knownTables = new WeakMap<LedgerState, Known[]>();

function tablesOf(
  state: LedgerState,
  policy: Policy,
  mailmap: string | null,
  scope: Scope,
): Tables {
  const known = knownTables.get(state) ?? [];
  knownTables.set(state, known);
  const stamp = state.persons.stampOf(scope);
  const at = known.findIndex(
    (one) => one.policy === policy && one.stamp === stamp && one.mailmap === mailmap,
  );
  if (at >= 0) return known[at]!.tables;
  const tables = makeTables(state, policy, mailmapOf(mailmap), scope);
  known.unshift({ policy, mailmap, stamp, tables });
  known.splice(mostKnown);
  return tables;
}

function makeTables(
  state: LedgerState,
  policy: Policy,
  mailmap: Mailmap | null,
  scope: Scope,
): Tables {
  const named = new Map(policy.people.flatMap((one) => one.emails.map((email) => [email, one])));
  const groups = new Groups();
  const proper = (email: string, name = ''): string =>
    mailmap === null ? email.toLowerCase() : canonicalEmail(mailmap, name, email);
  const claims = [...state.persons.claims(scope)];
  // An address that nobody maps to or from stays with the ids that the ledger joins.
  const targets = new Set(
    claims.flatMap(({ name, email }) => {
      const target = proper(email, name);
      return target === email.toLowerCase() ? [] : [target];
    }),
  );
  const people: (readonly [PersonId, PolicyPerson])[] = [];
  for (const { id, name, email } of claims) {
    const target = proper(email, name);
    const person = named.get(email.toLowerCase()) ?? named.get(target);
    if (person !== undefined) {
      groups.join(id, `name ${person.name}`);
      people.push([id, person]);
    }
    if (targets.has(target)) groups.join(id, `mail ${target}`);
  }
  for (const [first, ...others] of state.persons.joined(scope))
    for (const other of others) groups.join(first!, other);
  const same = groups.lowest() as ReadonlyMap<PersonId, PersonId>;
  return {
    same,
    people: new Map(people.map(([id, person]) => [same.get(id) ?? id, person])),
    named,
    proper,
  };
}

const parsedMailmaps = new Map<string, Mailmap>();

function mailmapOf(text: string | null): Mailmap | null {
  if (text === null) return null;
  let mailmap = parsedMailmaps.get(text);
  if (mailmap === undefined) {
    if (parsedMailmaps.size >= mostKnown) parsedMailmaps.clear();
    parsedMailmaps.set(text, (mailmap = parseMailmap(text)));
  }
  return mailmap;
}

/** Ids and labels that were said to be one; labels have a space, ids have none. */
class Groups {
  readonly #parents = new Map<string, string>();

  join(one: string, other: string): void {
    const [a, b] = [this.#root(one), this.#root(other)];
    if (a !== b) this.#parents.set(a, b);
  }

  /** For each id the lowest id of its group. */
  lowest(): ReadonlyMap<string, string> {
    const ids = [...this.#parents.keys()].filter((one) => !one.includes(' ')).sort();
    const lowest = new Map<string, string>();
    const found = new Map<string, string>();
    for (const id of ids) {
      const root = this.#root(id);
      if (!lowest.has(root)) lowest.set(root, id);
      found.set(id, lowest.get(root)!);
    }
    return found;
  }

  #root(one: string): string {
    let root = one;
    for (let next = this.#parents.get(root); next !== undefined && next !== root;) {
      root = next;
      next = this.#parents.get(root);
    }
    if (!this.#parents.has(one)) this.#parents.set(one, one);
    else if (one !== root) this.#parents.set(one, root);
    return root;
  }
}

/** People are called Claude, too: a family name makes it one of them, unless it is that of a model or a product. */
const claudes =
  /^claude +(?!code\b|opus\b|sonnet\b|haiku\b|ai\b|agent\b|bot\b|cli\b|desktop\b|v?\d)\p{L}/iu;

function isAgentsName(name: string, email: string): boolean {
  if (agentNamed({ name: '', email }) !== null) return true;
  return !claudes.test(name) && agentNamed({ name, email: '' }) !== null;
}

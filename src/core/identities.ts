import { agentNamed, visible } from './agentNames.js';
import type { PersonId } from './ids.js';
import { canonicalEmail, parseMailmap, type Mailmap } from './mailmap.js';
import type { Actor } from './persons.js';
import type { Policy, PolicyPerson } from './policy.js';
import { adoptionInScope } from './policyInScope.js';
import { isAddress } from './roles.js';
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
 * Who is who by the facts in scope: ids that `person.joined` joins, that declared one address, or addresses of one person of
 * the policy's `people`, or that `.mailmap` gives one address (docs/POLICY.md). Every address that somebody ever declared
 * counts, so that nobody gets rid of what they wrote by another declaration.
 *
 * Anybody can write such events of anybody, so this only makes stricter: who counts once, wrote something, is a program.
 * Roles, groups, handles and what somebody owns hang on one address alone, `email` of an actor: the one that the id
 * declared last, for which signatures are checked (signatures.ts).
 */
export interface Identities {
  /** Whether anything says that two ids are one person. */
  readonly hasTables: boolean;
  /** One id for all ids of one person. */
  same(id: PersonId): PersonId;
  /** Whether somebody who acts is the person with this id. */
  isSame(actor: Actor, id: PersonId): boolean;
  /**
   * Whether `other` may pass for `id` where that makes something weaker, such as taking back a decision: it is the same id, or
   * the addresses that both declared last are one address (without case), or belong to one entry of `people` or to
   * one address of `.mailmap`. Unlike `same`, neither `person.joined` nor an earlier address says anything here: anybody can
   * write those.
   */
  isOwn(id: PersonId, other: PersonId): boolean;
  /**
   * The addresses, and the name in the policy, by which roles and groups know somebody; addresses in lower case. An address
   * has an @ that is not its first character, a name has none, so neither is taken for the other.
   */
  namesOf(actor: Actor): ReadonlySet<string>;
  /** As CODEOWNERS has them, in lower case. */
  handlesOf(actor: Actor): readonly string[];
  /**
   * Whether it is a program: its approvals never count. The policy's `people` decide before what names look like. Of
   * other ids and earlier addresses of the same person the addresses say it, too.
   */
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
  if (policy.people.length === 0 && mailmap === null && !state.persons.hasSeveralIds(scope))
    return new PlainIdentities(state, scope);
  return new TabledIdentities(state, scope, tablesOf(state, policy, mailmap, scope));
}

/** Where nothing says that two ids are one person. */
class PlainIdentities implements Identities {
  readonly hasTables: boolean = false;
  protected readonly state: LedgerState;
  protected readonly scope: Scope;

  constructor(state: LedgerState, scope: Scope) {
    this.state = state;
    this.scope = scope;
  }

  same(id: PersonId): PersonId {
    return id;
  }

  isSame({ ids, email }: Actor, id: PersonId): boolean {
    if (ids.includes(id)) return true;
    return email !== null && this.state.persons.declaring(email, this.scope).includes(id);
  }

  isOwn(id: PersonId, other: PersonId): boolean {
    if (id === other) return true;
    const [one, two] = [id, other].map((each) => this.state.persons.ownEmail(each, this.scope));
    if (!one || !two) return false;
    return this.ownerOf(one) === this.ownerOf(two);
  }

  /** What stands for an address where addresses of one owner are compared. */
  protected ownerOf(email: string): unknown {
    return email.toLowerCase();
  }

  namesOf({ email }: Actor): ReadonlySet<string> {
    return new Set(email === null || !isAddress(email) ? [] : [email.toLowerCase()]);
  }

  readonly handlesOf: Identities['handlesOf'] = () => [];

  isAgent({ ids, email }: Actor, name: string): boolean {
    const { persons } = this.state;
    return (
      isAgentsName(name, email ?? '') ||
      ids.some((id) => persons.emailsOf(id, this.scope).some((one) => isAgentsName('', one)))
    );
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
    return this.#tables.same.get(id) ?? id;
  }

  override isSame({ ids, email }: Actor, id: PersonId): boolean {
    const same = this.same(id);
    if (ids.some((own) => this.same(own) === same)) return true;
    // Somebody of whom the ledger has no id yet is known by the address alone.
    const labels = email === null ? [] : labelsOf(this.#tables, email, '');
    return labels.some((label) => this.#tables.same.get(label) === same);
  }

  protected override ownerOf(email: string): unknown {
    if (!isAddress(email)) return super.ownerOf(email);
    return personAt(this.#tables, email) ?? this.#tables.proper(email);
  }

  override namesOf(actor: Actor): ReadonlySet<string> {
    const names = new Set(super.namesOf(actor));
    if (actor.email === null || names.size === 0) return names;
    const proper = this.#tables.proper(actor.email);
    if (isAddress(proper)) names.add(proper);
    const person = this.#personOf(actor);
    if (person === undefined) return names;
    for (const email of person.emails) names.add(email);
    return names.add(person.name);
  }

  override readonly handlesOf = (actor: Actor): readonly string[] =>
    this.#personOf(actor)?.handles ?? [];

  override isAgent(actor: Actor, name: string): boolean {
    const person = this.#personOf(actor);
    const isProgram =
      person === undefined ? isAgentsName(name, actor.email ?? '') : person.kind !== 'person';
    return isProgram || actor.ids.some((id) => this.#tables.agents.has(this.same(id)));
  }

  #personOf({ email }: Actor): PolicyPerson | undefined {
    return email === null || !isAddress(email) ? undefined : personAt(this.#tables, email);
  }
}

interface Owners {
  readonly named: ReadonlyMap<string, PolicyPerson>;
  readonly proper: (email: string, name?: string) => string;
}

interface Tables extends Owners {
  /** One id for each id, and for each label that ids have (`labelsOf`). */
  readonly same: ReadonlyMap<string, PersonId>;
  /** By the id that `same` gives: who has an address of a program, now or earlier. */
  readonly agents: ReadonlySet<PersonId>;
}

function personAt({ named, proper }: Owners, email: string, name = ''): PolicyPerson | undefined {
  return named.get(email.toLowerCase()) ?? named.get(proper(email, name));
}

/** Who has one of these in common is one person. */
function labelsOf(owners: Owners, email: string, name: string): readonly string[] {
  const person = personAt(owners, email, name);
  const labels = [`mail ${email.toLowerCase()}`, `owner ${owners.proper(email, name)}`];
  return person === undefined ? labels : [...labels, `name ${person.name}`];
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
  const owners: Owners = { named, proper };
  const agents: PersonId[] = [];
  for (const { id, name, email } of state.persons.claims(scope)) {
    for (const label of labelsOf(owners, email, name)) groups.join(id, label);
    const kind = personAt(owners, email, name)?.kind;
    if (kind === undefined ? isAgentsName('', email) : kind !== 'person') agents.push(id);
  }
  for (const [first, ...others] of state.persons.joined(scope))
    for (const other of others) groups.join(first!, other);
  const same = groups.lowest() as ReadonlyMap<string, PersonId>;
  return { ...owners, same, agents: new Set(agents.map((id) => same.get(id)!)) };
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

  /** For each id and label the lowest id of its group. */
  lowest(): ReadonlyMap<string, string> {
    const all = [...this.#parents.keys()];
    const lowest = new Map<string, string>();
    for (const id of all.filter((one) => !one.includes(' ')).sort()) {
      const root = this.#root(id);
      if (!lowest.has(root)) lowest.set(root, id);
    }
    return new Map(all.map((one) => [one, lowest.get(this.#root(one))!]));
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

function isAgentsName(written: string, email: string): boolean {
  const name = visible(written);
  if (agentNamed({ name: '', email }) !== null) return true;
  return !claudes.test(name) && agentNamed({ name, email: '' }) !== null;
}

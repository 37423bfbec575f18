import type { PersonId } from './ids.js';
import type { PersonRef } from './rows.js';
import { pushAll } from './pushAll.js';

export const unknownPersonName = '(unknown)';
export const redactedPersonName = '(redacted person)';

/** Somebody who acts or wants to: by all ids that the ledger has for them (none yet: only by address). */
export interface Actor {
  readonly ids: readonly PersonId[];
  readonly email: string | null;
}

interface Declaration {
  readonly seq: number;
  readonly name: string;
  readonly email: string;
}

interface Join {
  readonly seq: number;
  readonly ids: readonly PersonId[];
}

/** For storing. */
export interface PersonsSnapshot {
  readonly declared: readonly (readonly [PersonId, readonly Declaration[]])[];
  readonly joins: readonly Join[];
  readonly redacted: readonly PersonId[];
}

type Seen = (seq: number) => boolean;
const all: Seen = () => true;

/**
 * Who is who, from `person.declared` and `person.joined` (docs/LEDGER.md, "Persons").
 * Every answer can be asked for the events that somebody had seen, so that later ones don't change it.
 */
export class Persons {
  readonly #declared = new Map<PersonId, Declaration[]>();
  readonly #joins: Join[] = [];
  readonly #redacted = new Set<PersonId>();
  /** Who ever declared an address, in lower case. */
  readonly #byEmail = new Map<string, Set<PersonId>>();
  /** Addresses that several ids declared. */
  readonly #shared = new Set<string>();

  /** Goes on from what `snapshot` gave. */
  static restore({ declared, joins, redacted }: PersonsSnapshot): Persons {
    const persons = new Persons();
    for (const [id, declarations] of declared) {
      persons.#declared.set(id, [...declarations]);
      for (const { email } of declarations) persons.#index(id, email);
    }
    pushAll(persons.#joins, joins);
    for (const id of redacted) persons.#redacted.add(id);
    return persons;
  }

  /** All that is known, in a form that can be stored. */
  snapshot(): PersonsSnapshot {
    return {
      declared: [...this.#declared],
      joins: [...this.#joins],
      redacted: [...this.#redacted],
    };
  }

  /** A declaration by somebody else counts only while the person has none. */
  declare(id: PersonId, declaration: Declaration, by: PersonId): void {
    const known = this.#declared.get(id);
    if (known === undefined) this.#declared.set(id, [declaration]);
    else if (by === id) known.push(declaration);
    else return;
    this.#index(id, declaration.email);
  }

  /** A declaration whose body is gone: it still keeps others from giving the person a name. */
  declareUnread(id: PersonId): void {
    if (!this.#declared.has(id)) this.#declared.set(id, []);
  }

  join(join: Join): void {
    this.#joins.push(join);
  }

  /** Notes that a declaration of this person was redacted. */
  redact(id: PersonId): void {
    this.#redacted.add(id);
  }

  /** Whether nothing readable names the person any more, because of a redaction. */
  isRedacted(id: PersonId, seen: Seen = all): boolean {
    return (
      this.#named(id, seen) === undefined &&
      [id, this.same(id, seen)].some((one) => this.#redacted.has(one))
    );
  }

  /** One id for all ids that were joined; verdicts compare people by it. */
  same(id: PersonId, seen: Seen = all): PersonId {
    const joined = new Set([id]);
    for (let size = 0; size !== joined.size;) {
      size = joined.size;
      for (const { seq, ids } of this.#joins) {
        if (seen(seq) && ids.some((one) => joined.has(one))) for (const one of ids) joined.add(one);
      }
    }
    return joined.size === 1 ? id : [...joined].sort()[0]!;
  }

  /** The person as the latest declaration among the seen ones names them. */
  ref(id: PersonId, seen: Seen = all): PersonRef {
    const declared = this.#named(id, seen);
    if (declared !== undefined) return { id, name: declared.name, email: declared.email };
    const name = this.isRedacted(id, seen) ? redactedPersonName : unknownPersonName;
    return { id, name, email: null };
  }

  /** The address that the latest seen declaration of this very id gives; joined ids say nothing. */
  ownEmail(id: PersonId, seen: Seen = all): string | null {
    return this.#declaration(id, seen)?.email ?? null;
  }

  /** A known person as an actor. */
  actor(id: PersonId, seen: Seen = all): Actor {
    return { ids: [id], email: this.ref(id, seen).email };
  }

  /** Whether an actor is the person with this id, joined ids included. */
  isSame(actor: Actor, id: PersonId): boolean {
    return actor.ids.some((own) => this.same(own) === this.same(id));
  }

  /** All ids whose latest address is this one (compared without case), in the order of their declaration. */
  withEmail(email: string): readonly PersonId[] {
    const wanted = email.toLowerCase();
    return [...this.#declared.keys()].filter((id) => this.ref(id).email?.toLowerCase() === wanted);
  }

  /** Every name and address that the seen declarations give, by id, in their order. */
  *claims(seen: Seen): Iterable<{ id: PersonId; name: string; email: string }> {
    for (const [id, declarations] of this.#declared)
      for (const { seq, name, email } of declarations) if (seen(seq)) yield { id, name, email };
  }

  /** Every set of ids that a seen event joins. */
  *joined(seen: Seen): Iterable<readonly PersonId[]> {
    for (const { seq, ids } of this.#joins) if (seen(seq)) yield ids;
  }

  /** Whether a seen event joins ids, or seen declarations give several ids one address (compared without case). */
  hasSeveralIds(seen: Seen): boolean {
    return (
      this.#joins.some(({ seq }) => seen(seq)) ||
      [...this.#shared].some((email) => this.declaring(email, seen).length > 1)
    );
  }

  /** All ids of which a seen declaration, the latest or not, gives this address (compared without case). */
  declaring(email: string, seen: Seen): readonly PersonId[] {
    const wanted = email.toLowerCase();
    return [...(this.#byEmail.get(wanted) ?? [])].filter((id) =>
      this.#declared.get(id)!.some((one) => seen(one.seq) && one.email.toLowerCase() === wanted),
    );
  }

  /** Every address that the seen declarations of this very id give. */
  emailsOf(id: PersonId, seen: Seen): readonly string[] {
    return (this.#declared.get(id) ?? []).flatMap(({ seq, email }) => (seen(seq) ? [email] : []));
  }

  /** A text that is the same for two sets of seen events only where all answers are. */
  stampOf(seen: Seen): string {
    const unseen: number[] = [];
    let count = this.#joins.length;
    for (const { seq } of this.#joins) if (!seen(seq)) unseen.push(seq);
    for (const declarations of this.#declared.values()) {
      count += declarations.length;
      for (const { seq } of declarations) if (!seen(seq)) unseen.push(seq);
    }
    return `${count} ${unseen.join()}`;
  }

  #index(id: PersonId, email: string): void {
    const key = email.toLowerCase();
    const ids = this.#byEmail.get(key);
    if (ids === undefined) this.#byEmail.set(key, new Set([id]));
    else if (ids.add(id).size > 1) this.#shared.add(key);
  }

  #named(id: PersonId, seen: Seen): Declaration | undefined {
    return this.#declaration(id, seen) ?? this.#declaration(this.same(id, seen), seen);
  }

  #declaration(id: PersonId, seen: Seen): Declaration | undefined {
    return this.#declared.get(id)?.findLast((declaration) => seen(declaration.seq));
  }
}

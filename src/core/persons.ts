import type { PersonId } from './ids.js';
import type { PersonRef } from './rows.js';

export const unknownPersonName = '(unknown)';

/** Somebody who acts or wants to: known to the ledger by id, or so far only by address. */
export interface Actor {
  readonly id: PersonId | null;
  readonly email: string | null;
}

interface Declaration {
  readonly name: string;
  readonly email: string;
}

/** Who is who, from `person.declared` and `person.joined`. The latest readable declaration names a person. */
export class Persons {
  readonly #declared = new Map<PersonId, Declaration>();
  readonly #joinedTo = new Map<PersonId, PersonId>();

  declare(id: PersonId, declaration: Declaration): void {
    this.#declared.set(id, declaration);
  }

  join(ids: readonly PersonId[]): void {
    const [first, ...rest] = ids.map((id) => this.same(id)).sort();
    for (const id of rest) if (id !== first) this.#joinedTo.set(id, first!);
  }

  /** One id for all ids that were joined; verdicts compare people by it. */
  same(id: PersonId): PersonId {
    let found = id;
    for (
      let next = this.#joinedTo.get(found);
      next !== undefined;
      next = this.#joinedTo.get(found)
    ) {
      found = next;
    }
    return found;
  }

  ref(id: PersonId): PersonRef {
    const declared = this.#declared.get(id) ?? this.#declared.get(this.same(id));
    return {
      id,
      name: declared?.name ?? unknownPersonName,
      email: declared?.email ?? null,
    };
  }

  /** A known person as an actor. */
  actor(id: PersonId): Actor {
    return { id, email: this.ref(id).email };
  }

  /** Whether an actor is the person with this id, joined ids included. */
  isSame(actor: Actor, id: PersonId): boolean {
    return actor.id !== null && this.same(actor.id) === this.same(id);
  }

  /** All ids declared with this address (compared without case), in the order of their declaration. */
  withEmail(email: string): readonly PersonId[] {
    const wanted = email.toLowerCase();
    return [...this.#declared]
      .filter(([, declared]) => declared.email.toLowerCase() === wanted)
      .map(([id]) => id);
  }
}

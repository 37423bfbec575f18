import { isPromptAuditError } from '../core/errors.js';
import type { Actor } from '../core/persons.js';
import type { EventDraft } from '../core/event.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import type { TrailContext } from './context.js';
import { randomId } from './context.js';
import type { Site } from './site.js';
import { identityWithoutRepository } from '../git/repository.js';

/** A name and an address as git claims them. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Whom git names as the acting person. Throws `identity.missing`. */
export async function actingIdentity(site: Site): Promise<Identity> {
  return site.git ? site.git.identity() : identityWithoutRepository(site.root);
}

/** Whom git names as the acting person; null while it names nobody. */
export async function presentIdentity(site: Site): Promise<Identity | null> {
  return actingIdentity(site).catch((error: unknown) => {
    if (isPromptAuditError(error, 'identity.missing')) return null;
    throw error;
  });
}

/** A person as verdicts see them, before they are declared. */
export function actorOf(context: TrailContext, identity: Identity): Actor {
  return { ids: context.state.persons.withEmail(identity.email), email: identity.email };
}

/** The acting person's id; declares and joins ids in a transaction of its own where that is due. */
export async function declareActor(context: TrailContext): Promise<PersonId> {
  const identity = await actingIdentity(context.site);
  if (personDrafts(context.state, identity, null).drafts.length > 0) {
    await context.transact((tx) => {
      for (const draft of personDrafts(context.state, identity, null).drafts) tx.append(draft);
    });
  }
  return personDrafts(context.state, identity, null).person;
}

/**
 * The id of a person, and the events that the ledger still needs to know them.
 * `by` null: the person declares themselves.
 */
export function personDrafts(
  state: LedgerState,
  identity: Identity,
  by: PersonId | null,
): { readonly person: PersonId; readonly drafts: readonly EventDraft[] } {
  const [first, ...others] = state.persons.withEmail(identity.email);
  const person = first ?? (randomId() as PersonId);
  const who = by ?? person;
  const drafts: EventDraft[] = [];
  if (first === undefined || (by === null && state.persons.ref(first).name !== identity.name)) {
    drafts.push({
      type: 'person.declared',
      who,
      refs: { person },
      body: { name: identity.name, email: identity.email },
      identity: 'git',
    });
  }
  if (others.some((other) => state.persons.same(other) !== state.persons.same(person))) {
    drafts.push({
      type: 'person.joined',
      who,
      refs: { persons: [person, ...others] },
      body: {},
      identity: 'git',
    });
  }
  return { person, drafts };
}

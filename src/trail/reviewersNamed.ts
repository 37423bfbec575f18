import { contributors } from '../core/approvals.js';
import { isPromptAuditError, PromptAuditError } from '../core/errors.js';
import type { EventDraft } from '../core/event.js';
import { identitiesIn, type Identities } from '../core/identities.js';
import type { PersonId } from '../core/ids.js';
import type { Policy } from '../core/policy.js';
import { everything, type VersionRecord } from '../core/state.js';
import { personDrafts } from './actor.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';

/** People whose review is asked for, and the events by which the ledger gets to know those that it does not. */
export interface NamedReviewers {
  readonly persons: readonly PersonId[];
  readonly drafts: readonly EventDraft[];
}

/** Who asks about what, and the policy whose names they use. */
export interface Asking {
  /** Null while nobody is declared. */
  readonly who: PersonId | null;
  readonly version: VersionRecord | null;
  readonly policy: Policy;
}

/** The policy of the working tree, whose names people see; where it cannot be read, the one that was adopted. */
export async function namingPolicy({ site, policy }: TrailContext): Promise<Policy> {
  return workingPolicy(site).catch((error: unknown) => {
    if (isPromptAuditError(error, 'policy.missing') || isPromptAuditError(error, 'policy.invalid'))
      return policy;
    throw error;
  });
}

/** As many as one request may name. */
const mostReviewers = 50;

/**
 * Finds the people behind addresses, names, groups and teams. Of groups those
 * are left out who cannot help: who asks, programs, and who contributed to the version. Throws `person.unknown`.
 */
export function reviewersNamed(
  context: TrailContext,
  names: readonly string[],
  { who, version, policy }: Asking,
): NamedReviewers {
  const { state } = context;
  const identities = identitiesIn({ state, policy, scope: everything });
  const found = new Map<string, PersonId>();
  const drafts: EventDraft[] = [];
  for (const name of names) {
    const emails = emailsOf(context, policy, name);
    const isGroup = emails.length > 1;
    for (const email of emails) {
      const claimed = { name: nameFor(policy, email), email };
      const known = state.persons.withEmail(email)[0];
      const actor = { ids: known === undefined ? [] : [known], email };
      const problem = problemWith(context, identities, actor, { who, version, policy });
      if (problem !== null && isGroup) continue;
      if (problem !== null) throw unknown(`${name} cannot review it: ${problem}.`);
      const made = known === undefined ? personDrafts(state, claimed, who) : null;
      const person = known ?? made!.person;
      const key = known === undefined ? email : identities.same(person);
      if (found.has(key)) continue;
      found.set(key, person);
      if (made !== null) drafts.push(...made.drafts);
    }
  }
  if (found.size === 0) throw unknown('Nobody is left to ask.');
  if (found.size > mostReviewers)
    throw unknown(`${found.size} people are more than one request may name (${mostReviewers}).`);
  return { persons: [...found.values()], drafts };
}

function problemWith(
  { state }: TrailContext,
  identities: Identities,
  actor: { readonly ids: readonly PersonId[]; readonly email: string },
  { who, version, policy }: Asking,
): string | null {
  const [id] = actor.ids;
  const name = id === undefined ? '' : state.persons.ref(id).name;
  if (identities.isAgent(actor, name)) return 'programs do not approve';
  if (who !== null && identities.isSame(actor, who)) return 'you ask for it';
  if (version === null) return null;
  const writers = contributors({ state, policy, version, scope: everything });
  return [...writers].some((one) => identities.isSame(actor, one))
    ? 'they contributed to it'
    : null;
}

/** Addresses that a name stands for. */
function emailsOf({ state }: TrailContext, policy: Policy, name: string): readonly string[] {
  const wanted = name.trim();
  const { people, groups } = policy;
  const person = people.find((one) => one.name === wanted);
  if (person !== undefined) return [preferred(state, person.emails)];
  const group = Object.keys(groups).find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (group !== undefined)
    return groups[group]!.map((member) => {
      const one = people.find((other) => other.name === member);
      return one === undefined ? member : preferred(state, one.emails);
    });
  if (wanted.startsWith('@')) {
    const handled = people.find((one) => one.handles.includes(wanted.toLowerCase()));
    if (handled !== undefined) return [preferred(state, handled.emails)];
    throw unknown(`No group and no handle of the policy is called ${wanted}.`);
  }
  if (/^[^@\s<>]+@[^@\s<>]+$/.test(wanted)) return [wanted];
  const named = new Set(
    [...state.persons.claims(everything)].flatMap(({ id }) => {
      const ref = state.persons.ref(id);
      return ref.name.toLowerCase() === wanted.toLowerCase() ? (ref.email ?? []) : [];
    }),
  );
  if (named.size === 1) return [...named];
  throw unknown(
    named.size === 0
      ? `Nobody is called ${wanted}.`
      : `Several people are called ${wanted}: ${[...named].join(', ')}.`,
  );
}

/** Of a person's addresses the one that the ledger knows. */
function preferred(state: TrailContext['state'], emails: readonly string[]): string {
  return emails.find((email) => state.persons.withEmail(email).length > 0) ?? emails[0]!;
}

function nameFor({ people }: Policy, email: string): string {
  return people.find(({ emails }) => emails.includes(email.toLowerCase()))?.name ?? email;
}

const unknown = (message: string): PromptAuditError =>
  new PromptAuditError({
    code: 'person.unknown',
    message,
    remedy: 'Give an e-mail address, or a name or a group from .prompt-audit/policy.jsonc.',
  });

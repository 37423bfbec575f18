import { identitiesIn, type Identities } from '../core/identities.js';
import type { PersonId } from '../core/ids.js';
import type { Actor } from '../core/persons.js';
import type { Policy } from '../core/policy.js';
import { hasRole } from '../core/roles.js';
import { everything } from '../core/state.js';
import { actorOf, presentIdentity } from './actor.js';
import type { TrailContext } from './context.js';
import { nextPolicy } from './policySource.js';
import type { ReviewerChoice } from './reviewersApi.js';

/** See Trail. One row for each person, whatever addresses they have; without programs and the acting person. */
export async function reviewers(context: TrailContext): Promise<readonly ReviewerChoice[]> {
  const { state } = context;
  const policy = await nextPolicy(context);
  const identities = identitiesIn({ state, policy, scope: everything });
  const me = await presentIdentity(context.site);
  const mine = me === null ? null : actorOf(context, me);
  const found: ReviewerChoice[] = [];
  const taken = new Set<string>();
  const rolesOf = (actor: Actor): readonly string[] =>
    Object.keys(policy.roles).filter((role) => hasRole(actor, [role], policy, identities));
  const add = (email: string, name: string, actor: Actor, isNew: boolean): void => {
    const names = identities.namesOf(actor);
    if ([...names, email].some((one) => taken.has(one))) return;
    for (const one of [...names, email]) taken.add(one);
    if (identities.isAgent(actor, name) || isMe(identities, mine, actor, email)) return;
    found.push({ email, name, roles: rolesOf(actor), isNew });
  };
  const seen = new Set<PersonId>();
  // The newest declaration first: that is the address which somebody uses now.
  for (const [id] of [...state.persons.snapshot().declared].reverse()) {
    const same = identities.same(id);
    const { name, email } = state.persons.ref(id);
    if (email === null || seen.has(same)) continue;
    seen.add(same);
    add(email.toLowerCase(), name, identities.actor(id), false);
  }
  for (const { name, emails } of policy.people)
    if (emails[0] !== undefined) add(emails[0], name, { ids: [], email: emails[0] }, true);
  for (const email of addressesOf(policy)) add(email, email, { ids: [], email }, true);
  return found.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function isMe(identities: Identities, me: Actor | null, actor: Actor, email: string): boolean {
  if (me === null) return false;
  return identities.namesOf(me).has(email) || actor.ids.some((id) => identities.isSame(me, id));
}

function addressesOf({ roles, groups }: Policy): readonly string[] {
  const members = [...Object.values(roles), ...Object.values(groups)].flat();
  return [...new Set(members.filter((one) => /^[^@]+@/.test(one)))];
}

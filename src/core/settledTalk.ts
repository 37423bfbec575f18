import { trackOf, writersOf, type VersionInScope } from './contributors.js';
import type { Identities } from './identities.js';
import type { PersonId } from './ids.js';
import type { ApprovalRule, Policy } from './policy.js';
import { isSigned } from './signatures.js';
import { newestActs, threadsUpTo, type Resolution, type TalkThread } from './talk.js';

/** Why a thread that somebody resolved is not settled. */
export type NotSettledBecause = 'contributor' | 'agent' | 'unattended';

export const notSettledTexts: Readonly<Record<NotSettledBecause, string>> = {
  contributor:
    'resolved by a contributor to the version; the author of the comment or somebody else has to settle it',
  agent: 'resolved by an agent or a service; a person has to settle it',
  unattended: 'resolved without proof that a person was asked; somebody has to settle it by hand',
};

/** What a policy that wants comments settled asks of who resolves them. */
export interface SettlingRule {
  /** Whether a resolution counts that was made without asking a person, and is not signed. */
  readonly unattended: boolean;
}

/** Null where none of the rules wants comments settled: then whoever resolves a thread settles it. */
export function settlingRule(rules: readonly ApprovalRule[]): SettlingRule | null {
  const asking = rules.filter(({ openComments }) => !openComments);
  if (asking.length === 0) return null;
  return { unattended: asking.every(({ unattended }) => unattended) };
}

/** The same of a whole policy, whatever the version and wherever it goes. */
export function settlingRuleOf({
  approvals,
  environments,
  rules,
}: Pick<Policy, 'approvals' | 'environments' | 'rules'>): SettlingRule | null {
  return settlingRule([approvals, ...[...environments, ...rules].map((one) => one.approvals)]);
}

/**
 * Which threads are settled for a version, by the facts in scope. Their own authors may settle them, and people who did
 * not contribute to the version; opening one again counts whoever does it.
 */
export class Settlement {
  readonly #question: VersionInScope;
  readonly #identities: Identities;
  readonly #rule: SettlingRule | null;
  #writers: ReadonlySet<PersonId> | null = null;

  constructor(question: VersionInScope, identities: Identities, rule: SettlingRule | null) {
    this.#question = question;
    this.#identities = identities;
    this.#rule = rule;
  }

  /** The threads that are not settled, of the version and of those before it which its proposer had seen. */
  unsettled(): readonly TalkThread[] {
    const { state, version, scope } = this.#question;
    return threadsUpTo(state, version, scope).filter((thread) => !this.isSettled(thread));
  }

  isSettled(thread: TalkThread): boolean {
    if (!thread.resolved || this.#rule === null) return thread.resolved;
    const counting = thread.acts.filter((act) => this.#fault(thread, act) === null);
    const newest = newestActs(this.#question.state, counting);
    return newest.length > 0 && newest.every(({ event }) => event.header.refs.resolved);
  }

  /** Why a resolved thread is not settled; null for one that is, and for an open one. */
  whyNot(thread: TalkThread): NotSettledBecause | null {
    if (!thread.resolved || this.isSettled(thread)) return null;
    for (const act of newestActs(this.#question.state, thread.acts)) {
      const fault = this.#fault(thread, act);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** Why an act does not count; null where it does. */
  #fault({ first }: TalkThread, { event }: Resolution): NotSettledBecause | null {
    const { state, scope } = this.#question;
    const { header, body, id } = event;
    if (!header.refs.resolved) return null;
    const identities = this.#identities;
    const who = identities.same(header.who);
    // Anybody may say that two ids are one person: that makes nobody the author.
    if (!identities.isOwn(first.event.header.who, header.who)) {
      if (
        identities.isAgent(identities.actor(header.who), state.persons.ref(header.who, scope).name)
      )
        return 'agent';
      if (this.#contributors().has(who)) return 'contributor';
    }
    // Without its body nobody can tell: a redaction must not settle anything.
    const mayBeScript = this.#rule?.unattended === false && body?.identity !== 'git';
    return mayBeScript && !isSigned(state, id, scope) ? 'unattended' : null;
  }

  #contributors(): ReadonlySet<PersonId> {
    if (this.#writers === null) {
      const writers = writersOf(this.#question, trackOf(this.#question.state, null));
      this.#writers = new Set([...writers].map((id) => this.#identities.same(id)));
    }
    return this.#writers;
  }
}

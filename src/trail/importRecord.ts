import type { ImportTotals } from '../core/event.js';
import type { PlannedFact } from '../core/historyPlan.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import { CommitPeople } from './commitPeople.js';
import type { TrailContext } from './context.js';
import { factDraft } from './observedDraft.js';

type Counts = { -readonly [K in keyof ImportTotals]: ImportTotals[K] };

export const noTotals: ImportTotals = {
  ...{ commits: 0, prompts: 0, revisions: 0, moves: 0, removals: 0, deployments: 0, unread: 0 },
};

/** Adds facts to control totals. */
export function countFacts(totals: Counts, facts: readonly PlannedFact[]): void {
  for (const { kind } of facts) {
    if (kind === 'registered') totals.prompts++;
    else if (kind === 'revision') totals.revisions++;
    else if (kind === 'moved') totals.moves++;
    else totals.removals++;
  }
}

/** Turns planned facts into events by one person; keeps in mind which people it knows. */
export class FactRecorder {
  readonly #context: TrailContext;
  readonly #who: PersonId;
  readonly #origin: 'observed' | 'imported';
  #people: { readonly of: CommitPeople; readonly state: LedgerState } | null = null;
  #tx: LedgerTransaction | null = null;
  /** Number of people that were declared. */
  declared = 0;

  constructor(context: TrailContext, who: PersonId, origin: 'observed' | 'imported') {
    this.#context = context;
    this.#who = who;
    this.#origin = origin;
  }

  /** Records facts in one transaction. */
  async record(facts: readonly PlannedFact[]): Promise<void> {
    if (facts.length === 0) return;
    await this.#context.transact((tx) => {
      this.#tx = tx;
      const people = this.#peopleNow();
      for (const fact of facts) tx.append(factDraft(fact, people, this.#who, this.#origin));
    });
  }

  /** Those who are known by now need not be looked for among all people again. */
  #peopleNow(): CommitPeople {
    const { state } = this.#context;
    if (this.#people?.state === state) return this.#people.of;
    const declare = (draft: Parameters<LedgerTransaction['append']>[0]): void => {
      this.declared++;
      this.#tx!.append(draft);
    };
    const of = new CommitPeople(state, this.#who, declare);
    this.#people = { of, state };
    return of;
  }
}

import type { EventDraft, ImportTotals } from '../core/event.js';
import type { PlannedFact } from '../core/historyPlan.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import { CommitPeople } from './commitPeople.js';
import type { TrailContext } from './context.js';
import type { ImportTarget } from './importTarget.js';
import { factDraft } from './observedDraft.js';

type Counts = { -readonly [K in keyof ImportTotals]: ImportTotals[K] };

export const noTotals: ImportTotals = {
  ...{ commits: 0, prompts: 0, revisions: 0, moves: 0, removals: 0, deployments: 0, unread: 0 },
};

/** What an import recorded so far, however often it had to plan anew; a dry run: would have. */
export class ImportTally {
  readonly totals: Counts = { ...noTotals };
  versions = 0;
  /** How far it went through the history, the last time. */
  walked: { readonly done: number; readonly total: number } | null = null;
  /** Number of people that were declared. */
  people = 0;

  get changes(): number {
    const { revisions, moves, removals } = this.totals;
    return revisions + moves + removals;
  }

  get isEmpty(): boolean {
    return this.changes + this.totals.prompts + this.totals.deployments === 0;
  }

  add(facts: readonly PlannedFact[]): void {
    const { totals } = this;
    for (const { kind } of facts) {
      if (kind === 'registered') totals.prompts++;
      else if (kind === 'revision') totals.revisions++;
      else if (kind === 'moved') totals.moves++;
      else totals.removals++;
    }
  }
}

/** Turns planned facts into events; keeps in mind which people it knows. */
export class FactRecorder {
  #people: KnownPeople | null = null;
  #waiting: PlannedFact[] = [];

  constructor(
    private readonly context: TrailContext,
    private readonly target: ImportTarget,
    private readonly tally: ImportTally,
  ) {}

  /** Records facts when there are enough of them. */
  async take(facts: readonly PlannedFact[]): Promise<void> {
    for (const fact of facts) this.#waiting.push(fact);
    if (this.#waiting.length >= this.target.portion) await this.flush();
  }

  async flush(): Promise<void> {
    const facts = this.#waiting;
    if (facts.length === 0) return;
    this.#waiting = [];
    const found = await this.target.write((tx, who) => {
      const { state } = this.context;
      const sink = { tx, declared: 0 };
      const known = this.#people?.state === state ? this.#people : newPeople(state, who);
      known.sink = sink;
      for (const fact of facts) tx.append(factDraft(fact, known.of, who, 'imported'));
      return { known, declared: sink.declared };
    });
    // Those who are known by now need not be looked for among all people again.
    this.#people = found.known;
    this.tally.add(facts);
    this.tally.people += found.declared;
  }
}

/** People as a state knows them, and who is told of those that it does not. */
interface KnownPeople {
  readonly of: CommitPeople;
  readonly state: LedgerState;
  sink: { readonly tx: LedgerTransaction; declared: number } | null;
}

function newPeople(state: LedgerState, who: PersonId): KnownPeople {
  const declare = (draft: EventDraft): void => {
    people.sink!.declared++;
    people.sink!.tx.append(draft);
  };
  const people: KnownPeople = { of: new CommitPeople(state, who, declare), state, sink: null };
  return people;
}

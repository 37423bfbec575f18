import type { CommitClaims, ClaimedPerson } from '../core/historyCommit.js';
import { maxNameLength } from '../core/shapeChecks.js';
import type { EventDraft } from '../core/event.js';
import type { PersonId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { personDrafts } from './actor.js';

/** Who wrote a commit, by the ids that events name. */
export interface CommitPeopleIds {
  readonly author: PersonId;
  /** Null: the author. */
  readonly committer: PersonId | null;
  /** Without the author, each once. */
  readonly coAuthors: readonly PersonId[];
}

/** The people that commits name, declared by the acting person as far as the ledger does not know them. */
export class CommitPeople {
  readonly #known = new Map<string, PersonId>();

  constructor(
    private readonly state: LedgerState,
    private readonly who: PersonId,
    private readonly append: (draft: EventDraft) => unknown,
  ) {}

  of(claims: CommitClaims): CommitPeopleIds {
    const author = this.idOf(claims.author);
    const committer = this.idOf(claims.committer);
    const others = new Set(claims.coAuthors.map((person) => this.idOf(person)));
    others.delete(author);
    return { author, committer: committer === author ? null : committer, coAuthors: [...others] };
  }

  /** People are who their address says; one without an address is who their name says. */
  idOf(person: ClaimedPerson): PersonId {
    const name = fitting(person.name || person.email || 'unknown');
    const email = fitting(person.email || person.name || 'unknown');
    const key = email.toLowerCase();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { person: id, drafts } = personDrafts(this.state, { name, email }, this.who);
    // Joining two ids is an act of their owner.
    for (const draft of drafts) if (draft.type === 'person.declared') this.append(draft);
    this.#known.set(key, id);
    return id;
  }
}

/** What fits into an event, without half a character at its end. */
function fitting(text: string): string {
  return text.slice(0, maxNameLength).replace(/[\uD800-\uDBFF]$/, '');
}

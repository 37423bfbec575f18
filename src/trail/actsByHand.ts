import type { PlannedFact } from '../core/historyPlan.js';
import type { PromptId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';

/**
 * What was recorded when people acted in the editor or by a command, before they committed it: the commit that
 * brings the same by the same person then says nothing new.
 */
export class ActsByHand {
  readonly #moves = new Set<string>();
  /** By prompt and path, how often it was left. */
  readonly #left = new Map<string, number>();
  /** By the same, when it was deleted last. */
  readonly #deleted = new Map<string, number>();

  constructor(private readonly state: LedgerState) {
    for (const type of ['prompt.moved', 'prompt.removed'] as const)
      for (const seq of state.seqsOfType(type)) this.#take(seq);
    if (this.#deleted.size > 0)
      for (const seq of state.seqsOfType('revision.observed')) this.#undo(seq);
  }

  /** Whether such an act stands for a fact. A deletion stands for one only. */
  cover(fact: PlannedFact): boolean {
    const { prompt, kind, path, claims } = fact;
    switch (kind) {
      case 'registered':
        return false;
      case 'moved':
        return (
          this.#moves.has(`${prompt}\0${fact.from}\0${path}`) ||
          this.#moves.has(`${prompt}\0${fact.from}\0${path}\0${claims.author.email.toLowerCase()}`)
        );
      case 'removed': {
        const key = `${prompt}\0${path}`;
        const left = this.#left.get(key) ?? 0;
        if (left > 0) this.#left.set(key, left - 1);
        return left > 0;
      }
      case 'revision':
        return this.#isSaved(fact);
    }
  }

  /** Saved by its author: whoever else had a hand in it, a person or a program, is told by the commit alone. */
  #isSaved({ prompt, digest, claims }: Extract<PlannedFact, { kind: 'revision' }>): boolean {
    if (claims.coAuthors.length > 0 || claims.agents.length > 0) return false;
    const { persons } = this.state;
    const authors = new Set(persons.withEmail(claims.author.email).map((id) => persons.same(id)));
    return (
      this.state.prompts
        .get(prompt)
        ?.revisions.some(
          (r) =>
            r.digest === digest &&
            authors.has(persons.same(r.by)) &&
            this.state.typeAt(r.seq) === 'revision.saved',
        ) ?? false
    );
  }

  #take(seq: number): void {
    const event = this.state.event(seq);
    if (!event.known || event.body === null) return;
    const prompt = this.state.promptOfEvent(seq);
    if (prompt === undefined) return;
    if (event.type === 'prompt.moved') {
      const { from, to, commit } = event.body;
      if (commit == null) {
        this.#moves.add(`${prompt}\0${from}\0${to}`);
        // git may see the file leave and another one come, where its bytes were changed too.
        this.#leave(prompt, from);
      } else {
        // A copy of the commit (rebased, cherry-picked) has the same author.
        const { author } = event.header.refs;
        const email = author == null ? null : this.state.persons.ref(author).email;
        if (email !== null) this.#moves.add(`${prompt}\0${from}\0${to}\0${email.toLowerCase()}`);
      }
    } else if (event.type === 'prompt.removed' && event.body.commit === null) {
      this.#leave(prompt, event.body.path);
      this.#deleted.set(`${prompt}\0${event.body.path}`, seq);
    }
  }

  /** A deletion was undone where bytes were observed after it that a commit of before it had. */
  #undo(seq: number): void {
    const event = this.state.event(seq);
    if (!event.known || event.type !== 'revision.observed' || event.body === null) return;
    const { path, authoredAt, committedAt } = event.body;
    const key = `${this.state.promptOfEvent(seq)}\0${path}`;
    const deleted = this.#deleted.get(key);
    if (deleted === undefined || deleted > seq) return;
    const at = Date.parse(this.state.event(deleted).header.at);
    if (!(Date.parse(committedAt ?? authoredAt ?? '') <= at)) return;
    this.#deleted.delete(key);
    this.#left.set(key, Math.max(0, (this.#left.get(key) ?? 0) - 1));
  }

  #leave(prompt: PromptId, path: string): void {
    const key = `${prompt}\0${path}`;
    this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
  }
}

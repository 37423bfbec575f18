import { setImmediate } from 'node:timers/promises';
import { groupOf, eventGroups, type EventGroup } from '../core/eventGroups.js';
import { eventRow } from '../core/eventRows.js';
import type { PromptId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { report, type Watch } from '../core/watch.js';
import { mentions } from './rowText.js';
import { SeqList } from './seqList.js';

/** What a scan is about. It holds as long as all of this stays as it is. */
export interface ScanSubject {
  readonly state: LedgerState;
  readonly finalSize: number;
  /** Trimmed and in lower case; empty: all. */
  readonly text: string;
  readonly prompt: PromptId | null;
}

/** Milliseconds of work after which other calls of the same thread get their turn. */
const slice = 25;
/** Events between two looks at the clock. */
const stride = 64;

/** Types that change what rows of events before them say. */
const rewriting: ReadonlySet<string> = new Set([
  'prompt.moved',
  'prompt.retired',
  'person.joined',
  'redacted',
]);

/** Looks for the events that match a text or a prompt, the newest first; grows with the ledger afterwards. */
export class EventScan {
  readonly #subject: ScanSubject;
  readonly #aliases: number;
  #counts = noCounts();
  /** Descending until the first event is reached, ascending from then on. */
  #found = new SeqList();
  /** The seq to look at next, downwards; 0 when all are done. */
  #next: number;
  #size: number;

  constructor(subject: ScanSubject) {
    this.#subject = subject;
    this.#aliases = subject.state.aliases.size;
    this.#size = subject.state.size;
    this.#next = this.#size;
  }

  get complete(): boolean {
    return this.#next === 0;
  }

  /** Ascending: what was found so far, which are the newest ones. */
  get found(): SeqList {
    return this.complete ? this.#found : this.#found.reversed();
  }

  get counts(): Readonly<Record<EventGroup, number>> {
    return this.#counts;
  }

  /** False when what was found may not be so any more. Takes in what is new at the end. */
  goesOn(now: ScanSubject): boolean {
    const { state, finalSize, text, prompt } = this.#subject;
    if (state !== now.state || text !== now.text || prompt !== now.prompt) return false;
    if (state.aliases.size !== this.#aliases) return false;
    // `v3?` becomes `v3` by a sync, and a text may be looked for in that.
    if (text !== '' && finalSize !== now.finalSize && finalSize < this.#size) return false;
    return !this.complete || this.#extend();
  }

  /**
   * Goes on until all is done, or until `patience` milliseconds are over. Others get their turn in
   * between. Throws `cancelled`; the next call goes on where this one stopped.
   */
  async advance(watch: Watch | undefined, patience = Infinity): Promise<void> {
    const until = performance.now() + patience;
    while (!this.complete) {
      const pause = performance.now() + slice;
      while (!this.complete && performance.now() < pause) this.#stride();
      report(watch, { what: 'search', done: this.#size - this.#next, total: this.#size });
      if (performance.now() >= until) return;
      if (!this.complete) await setImmediate();
    }
  }

  #stride(): void {
    const last = Math.max(1, this.#next - stride + 1);
    for (let seq = this.#next; seq >= last; seq--) this.#look(seq);
    this.#next = last - 1;
    if (this.complete) this.#found = this.#found.reversed();
  }

  #extend(): boolean {
    const { state } = this.#subject;
    for (let seq = this.#size + 1; seq <= state.size; seq++) {
      if (rewriting.has(state.typeAt(seq))) return false;
      this.#look(seq);
    }
    this.#size = state.size;
    return true;
  }

  #look(seq: number): void {
    const { state, finalSize, text, prompt } = this.#subject;
    if (prompt !== null && state.promptOfEvent(seq) !== prompt) return;
    if (text !== '' && !mentions(eventRow(state, finalSize, seq), text)) return;
    this.#found.push(seq);
    this.#counts[groupOf(state.typeAt(seq))] += 1;
  }
}

export function noCounts(): Record<EventGroup, number> {
  return Object.fromEntries(eventGroups.map((group) => [group, 0])) as Record<EventGroup, number>;
}

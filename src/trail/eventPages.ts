import type { EventGroup } from '../core/eventGroups.js';
import { groupOf } from '../core/eventGroups.js';
import { eventRow } from '../core/eventRows.js';
import type { EventId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import type { Watch } from '../core/watch.js';
import type { EventFilter, EventPage, PageQuery, PageResult, StepQuery } from './pageApi.js';
import type { TrailContext } from './context.js';
import { EventScan, noCounts, type ScanSubject } from './eventScan.js';
import { shortRow } from './rowText.js';
import { allSeqs, SeqList, type SeqRange } from './seqList.js';

/** Rows of one page; src/webview/pages.ts has the same number. */
export const pageSize = 200;

/** Rows that no viewport exceeds, but for the largest screens. */
const fullViewport = 60;

/** Milliseconds after which a search answers with what it has, where that is wanted. */
const searchPatience = 250;

/** The part of a trail that lists need. */
export type Listing = Pick<TrailContext, 'state' | 'finalSize'>;

interface Listed {
  readonly seqs: SeqRange;
  readonly counts: PageResult['counts'];
  readonly complete: boolean;
}

/**
 * The filtered lists of one trail, by position. Rows are made only for what is asked for, because
 * an event of a sealed volume has to be read from its file.
 */
export class EventPages {
  readonly #context: Listing;
  #scan: EventScan | null = null;
  #whole: { state: LedgerState; size: number; counts: Record<EventGroup, number> } | null = null;
  #grouped: { of: object; key: string; done: number; seqs: SeqList } | null = null;

  constructor(context: Listing) {
    this.#context = context;
  }

  async page({ filter, pages: asked, locate, partial, watch }: PageQuery): Promise<PageResult> {
    const { seqs, counts, complete } = await this.#list(filter, watch, partial === true);
    const { state, finalSize } = this.#context;
    const place = locate === null ? undefined : state.seqOf(locate);
    const located = place === undefined ? -1 : seqs.indexOf(place);
    const newest = pageOf(seqs.length - 1);
    const wanted = new Set(asked.length > 0 ? asked : topPages(seqs.length));
    if (located >= 0) {
      // A viewport around the event may reach into the next page.
      [0, -1, 1].forEach((step) => wanted.add(pageOf(located) + step));
    }
    const rowsOf = (page: number): EventPage => {
      const rows = [];
      const end = Math.min(seqs.length, (page + 1) * pageSize);
      for (let ordinal = page * pageSize; ordinal < end; ordinal++)
        rows.push(shortRow(eventRow(state, finalSize, seqs.at(ordinal))));
      return { page, rows };
    };
    const pages = seqs.length === 0 ? [] : [...wanted];
    return {
      total: state.size,
      matching: seqs.length,
      counts: { ...counts },
      pages: pages.filter((page) => page >= 0 && page <= newest).map(rowsOf),
      located: located < 0 ? null : located,
      complete,
    };
  }

  async step({ filter, from, direction, watch }: StepQuery): Promise<EventId | null> {
    const { seqs } = await this.#list(filter, watch, false);
    const { state } = this.#context;
    const place = state.seqOf(from);
    const start = place === undefined ? -1 : seqs.indexOf(place);
    const prompt = start < 0 ? undefined : state.promptOfEvent(seqs.at(start));
    if (prompt === undefined) return null;
    const by = direction === 'newer' ? 1 : -1;
    for (let at = start + by; at >= 0 && at < seqs.length; at += by)
      if (state.promptOfEvent(seqs.at(at)) === prompt) return state.idAt(seqs.at(at));
    return null;
  }

  async #list(filter: EventFilter, watch: Watch | undefined, partial: boolean): Promise<Listed> {
    const text = filter.text.trim().toLowerCase();
    const { prompt, groups } = filter;
    if (text === '' && prompt === null) return this.#inGroups(this.#everything(), groups);
    const subject = (): ScanSubject => {
      const { state, finalSize } = this.#context;
      return { state, finalSize, text, prompt };
    };
    for (;;) {
      const known = this.#scan?.goesOn(subject()) === true ? this.#scan : null;
      const scan = known ?? new EventScan(subject());
      this.#scan = scan;
      await scan.advance(watch, partial ? searchPatience : Infinity);
      // While others had their turn the ledger may have changed, or another filter taken the place.
      if (scan.goesOn(subject())) {
        const { found: seqs, counts, complete } = scan;
        return this.#inGroups({ seqs, counts, complete }, groups, complete ? scan : seqs);
      }
    }
  }

  #everything(): Listed {
    const { state } = this.#context;
    if (this.#whole?.state !== state) this.#whole = { state, size: 0, counts: noCounts() };
    const whole = this.#whole;
    while (whole.size < state.size) whole.counts[groupOf(state.typeAt(++whole.size))] += 1;
    return { seqs: allSeqs(state.size), counts: whole.counts, complete: true };
  }

  /** `of` is the same object as long as the list only grows. */
  #inGroups(list: Listed, groups: readonly EventGroup[], of: object = this.#whole!): Listed {
    if (groups.length === 0) return list;
    const key = [...groups].sort().join();
    if (this.#grouped?.of !== of || this.#grouped.key !== key)
      this.#grouped = { of, key, done: 0, seqs: new SeqList() };
    const grouped = this.#grouped;
    const wanted = new Set<EventGroup>(groups);
    const { state } = this.#context;
    for (; grouped.done < list.seqs.length; grouped.done++) {
      const seq = list.seqs.at(grouped.done);
      if (wanted.has(groupOf(state.typeAt(seq)))) grouped.seqs.push(seq);
    }
    return { ...list, seqs: grouped.seqs };
  }
}

/** The newest page, and the one before while the newest would not fill a viewport. */
function topPages(matching: number): number[] {
  const newest = pageOf(matching - 1);
  return matching - newest * pageSize < fullViewport ? [newest, newest - 1] : [newest];
}

function pageOf(ordinal: number): number {
  return Math.floor(ordinal / pageSize);
}

import type { EventId } from '../../core/ids.js';
import type { EventRow } from '../../core/rows.js';
import type { EventGroup, RowPage, RowsResult, TimelineFilter } from '../../webview/protocol.js';
import { eventGroups, groupOf } from './groups.js';
import { toRow } from './project.js';
import type { SourceFilter, TimelineSource } from './source.js';

/** Rows of one page; src/webview/pages.ts has the same number. */
export const pageSize = 200;

const noFilter: SourceFilter = { text: '', prompt: null, types: null };

/** Rows that no viewport exceeds, but for the largest screens. */
const fullViewport = 60;

interface Cached {
  readonly key: string;
  readonly rows: readonly EventRow[];
}

/** The filtered list, kept between requests until the ledger changes. */
export class EventList {
  private base: Cached | null = null;
  private grouped: Cached | null = null;
  private counts: RowsResult['counts'] | null = null;
  private everything: readonly EventRow[] | null = null;

  constructor(private readonly source: TimelineSource) {}

  /** Forgets everything; called when the ledger changed. */
  clear(): void {
    this.base = null;
    this.grouped = null;
    this.counts = null;
    this.everything = null;
  }

  /** Pages of the matching events; none asked means what the top of the list shows. */
  result(filter: TimelineFilter, asked: readonly number[], locate: EventId | null): RowsResult {
    const rows = this.matching(filter);
    const located = locate === null ? -1 : rows.findIndex((row) => row.id === locate);
    const newest = pageOf(rows.length - 1);
    const wanted = new Set(asked.length > 0 ? asked : topPages(rows.length));
    if (located >= 0) {
      // A viewport around the event may reach into the next page.
      [0, -1, 1].forEach((step) => wanted.add(pageOf(located) + step));
    }
    const pages = [...wanted].filter((page) => page >= 0 && page <= newest);
    return {
      total: this.all().length,
      matching: rows.length,
      counts: this.countsOf(filter),
      pages: rows.length === 0 ? [] : pages.map((page) => pageFrom(rows, page)),
      located: located < 0 ? null : located,
    };
  }

  /** The event at a position of the ledger; null when there is none. */
  eventAt(seq: number): EventId | null {
    const rows = this.all();
    const direct = rows[seq - 1];
    const row = direct?.seq === seq ? direct : rows.find((candidate) => candidate.seq === seq);
    return row?.id ?? null;
  }

  /** The next matching event of the same prompt; null at the end. */
  step(filter: TimelineFilter, from: EventId, direction: 'older' | 'newer'): EventId | null {
    const rows = this.matching(filter);
    const start = rows.findIndex((row) => row.id === from);
    const prompt = rows[start]?.prompt ?? null;
    if (prompt === null) {
      return null;
    }
    const by = direction === 'newer' ? 1 : -1;
    for (let index = start + by; index >= 0 && index < rows.length; index += by) {
      const row = rows[index];
      if (row?.prompt === prompt) {
        return row.id;
      }
    }
    return null;
  }

  private matching(filter: TimelineFilter): readonly EventRow[] {
    if (filter.groups.length === 0) {
      return this.ungrouped(filter);
    }
    const key = keyOf(filter, filter.groups);
    if (this.grouped?.key !== key) {
      const wanted = new Set<EventGroup>(filter.groups);
      const rows = this.ungrouped(filter).filter((row) => wanted.has(groupOf(row.type)));
      this.grouped = { key, rows };
    }
    return this.grouped.rows;
  }

  /** Groups are applied here, not by the source, because each has to be counted anyway. */
  private ungrouped(filter: TimelineFilter): readonly EventRow[] {
    const key = keyOf(filter, []);
    if (this.base?.key !== key) {
      const text = filter.text.trim();
      const { prompt } = filter;
      const whole = text === '' && prompt === null;
      const rows = whole ? this.all() : this.source.rows({ text, prompt, types: null });
      this.base = { key, rows };
      this.counts = null;
    }
    return this.base.rows;
  }

  private countsOf(filter: TimelineFilter): RowsResult['counts'] {
    const rows = this.ungrouped(filter);
    if (this.counts === null) {
      const entries = eventGroups.map((group) => [group, 0] as const);
      const counts = Object.fromEntries(entries) as Record<EventGroup, number>;
      for (const row of rows) {
        counts[groupOf(row.type)] += 1;
      }
      this.counts = counts;
    }
    return this.counts;
  }

  private all(): readonly EventRow[] {
    this.everything ??= this.source.rows(noFilter);
    return this.everything;
  }
}

function pageFrom(rows: readonly EventRow[], page: number): RowPage {
  return { page, rows: rows.slice(page * pageSize, (page + 1) * pageSize).map(toRow) };
}

/** The newest page, and the one before while the newest would not fill a viewport. */
function topPages(matching: number): number[] {
  const newest = pageOf(matching - 1);
  return matching - newest * pageSize < fullViewport ? [newest, newest - 1] : [newest];
}

function pageOf(ordinal: number): number {
  return Math.floor(ordinal / pageSize);
}

function keyOf(filter: Pick<TimelineFilter, 'text' | 'prompt'>, groups: readonly string[]): string {
  return JSON.stringify([filter.text.trim(), filter.prompt, [...groups].sort()]);
}

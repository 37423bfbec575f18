import { activeRows } from '../../../src/core/activeRows.js';
import { answer, catalogue } from '../../../src/core/questions/catalogue.js';
import { LedgerStore } from '../../../src/ledger/store.js';
import { EventPages } from '../../../src/trail/eventPages.js';
import { runJob } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { timedRow, type Row } from './row.js';
import { quantile, timed } from './samples.js';
import { storeOptionsAt } from './setting.js';

const moments = 200;
const rounds = 5;
/** Stands in notes and reasons of the ledgers that the bench makes. */
const text = 'emergency triage';

/** Questions to a ledger that is open, its older events in their files. */
export async function queryRows({ folder, size, node24 }: BenchLedger): Promise<Row[]> {
  const { state } = await LedgerStore.open(await storeOptionsAt(folder));
  const [first, last] = [1, state.size].map((seq) => Date.parse(state.event(seq).header.at));
  const times = Array.from({ length: moments }, (_, i) =>
    // Spread over the whole time, in no order (the golden ratio's multiples).
    new Date(first! + (last! - first!) * ((i * 0.618034) % 1)).toISOString(),
  );
  const active: number[] = [];
  for (const at of times)
    active.push(
      await timed(() => activeRows(state, size, { prompt: null, env: 'production', at })),
    );
  const filter = { text: '', prompt: null, groups: [] } as const;
  const page: number[] = [];
  const search: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // New each time, because it keeps what it found.
    const pages = new EventPages({ state, finalSize: size });
    page.push(await timed(() => pages.page({ filter, pages: [], locate: null })));
  }
  for (let round = 0; round < rounds; round++) {
    const pages = new EventPages({ state, finalSize: size });
    const searched = { ...filter, text };
    search.push(await timed(() => pages.page({ filter: searched, pages: [], locate: null })));
  }
  const asked = [folder, text, times.join(',')];
  const native = node24 === null ? null : await runJob(node24, 'sqlite-query', asked);
  const side = (name: string): { sqlite: number[] | null } => ({
    sqlite: native && [native[name]!],
  });
  const what = `active in production at a time, p95 of ${moments}`;
  const bar = size >= 100_000 ? ({ of: 'ours', most: 5 } as const) : null;
  const trails: number[] = [];
  const now = new Date(last!).toISOString();
  const ground = { state, syncedSize: size, now };
  const drawn = answer(ground, 'sample', { text: 'deployments', seed: 'bench', count: 50 });
  for (const { event } of drawn.rows)
    trails.push(await timed(() => answer(ground, 'trail', { subject: event as string })));
  const report = await timed(() => {
    for (const { kind, needs } of catalogue) if (needs.length === 0) answer(ground, kind, {});
  });
  return [
    timedRow({ what, size, ours: [quantile(active, 0.95)], sides: side('active'), bar }),
    timedRow({ what: 'trail of a deployment, p95 of 50', size, ours: [quantile(trails, 0.95)] }),
    timedRow({ what: 'every question of the catalogue to all events', size, ours: [report] }),
    timedRow({ what: 'newest page of the log', size, ours: page, sides: side('page') }),
    timedRow({
      what: 'search for a text in all events',
      size,
      ours: search,
      sides: side('search'),
    }),
  ];
}

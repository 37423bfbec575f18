import assert from 'node:assert/strict';
import { isPromptAuditError } from '../../src/core/errors.js';
import { groupOf } from '../../src/core/eventGroups.js';
import type { EventRow } from '../../src/core/rows.js';
import type { PageQuery, PageResult } from '../../src/trail/pageApi.js';
import { EventPages, type Listing } from '../../src/trail/eventPages.js';
import { ana, EventChain, ravi, rosa, triage } from '../tools/eventChain.js';

const noFilter = { text: '', prompt: null, groups: [] } as const;

/** A trail that counts how many events are read. */
function listing(revisions: number): { chain: EventChain; at: Listing; reads: () => number } {
  const chain = new EventChain().begin();
  const people = [ana, ravi, rosa];
  for (let i = 0; i < revisions; i++) chain.revise(people[i % 3]!, `text ${i}`);
  const { state } = chain;
  const read = state.event.bind(state);
  let reads = 0;
  state.event = (seq) => {
    reads++;
    return read(seq);
  };
  const at: Listing = {
    state,
    get finalSize() {
      return state.size;
    },
  };
  return { chain, at, reads: () => reads };
}

function query(more: Partial<PageQuery> = {}): PageQuery {
  return { filter: noFilter, pages: [], locate: null, ...more };
}

const withText = (text: string): PageQuery => query({ filter: { ...noFilter, text } });
const seqsOf = ({ pages }: PageResult): number[] =>
  pages.flatMap(({ rows }) => rows.map(({ seq }) => seq));
const own = (rows: readonly EventRow[]): string[] => rows.map(({ who }) => who.name);

describe('pages of a ledger', () => {
  it('give the newest rows and read no other event', async () => {
    const { at, reads } = listing(900);
    const result = await new EventPages(at).page(query());
    assert.equal(result.total, at.state.size);
    assert.equal(result.matching, at.state.size);
    assert.equal(result.complete, true);
    assert.equal(seqsOf(result).at(-1), at.state.size);
    assert.ok(reads() <= 400, `${reads()} events were read`);
    assert.equal(result.counts.edits, 901);
    assert.equal(result.counts.people, 4);
    assert.equal(result.counts.other, 1);
  });

  it('find an event by its ordinal, and the pages around it', async () => {
    const { at } = listing(900);
    const pages = new EventPages(at);
    const locate = at.state.idAt(450);
    const result = await pages.page(query({ pages: [9999], locate }));
    assert.equal(result.located, 449);
    assert.deepEqual(
      result.pages.map(({ page }) => page),
      [2, 1, 3],
    );
    const unknown = 'f'.repeat(64) as typeof locate;
    assert.equal((await pages.page(query({ locate: unknown }))).located, null);
  });

  it('filter by group, and steps stay within one prompt and the filter', async () => {
    const { chain, at } = listing(3);
    const version = chain.propose(ana, 'text');
    chain.decide(ravi, version);
    const pages = new EventPages(at);
    const filter = { ...noFilter, groups: ['edits'] } as const;
    const result = await pages.page(query({ filter }));
    assert.deepEqual(seqsOf(result), [6, 7, 8, 9, 10]);
    const from = at.state.idAt(10);
    assert.equal(await pages.step({ filter, from, direction: 'older' }), at.state.idAt(9));
    assert.equal(await pages.step({ filter, from, direction: 'newer' }), null);
    const all = { ...noFilter, groups: [] };
    assert.equal(await pages.step({ filter: all, from, direction: 'newer' }), version.id);
    const created = at.state.idAt(1);
    assert.equal(await pages.step({ filter: all, from: created, direction: 'newer' }), null);
    chain.revise(ana, 'more');
    assert.deepEqual(seqsOf(await pages.page(query({ filter }))), [6, 7, 8, 9, 10, 13]);
  });

  it('list the events of a prompt', async () => {
    const { at } = listing(5);
    const result = await new EventPages(at).page(
      query({ filter: { ...noFilter, prompt: triage } }),
    );
    assert.equal(result.matching, 6);
    assert.equal(result.counts.people, 0);
  });

  it('search each event once, and go on with what is new', async () => {
    const { chain, at, reads } = listing(600);
    const pages = new EventPages(at);
    const first = await pages.page(withText(' RAVI '));
    assert.equal(first.matching, 201);
    assert.ok(own(first.pages[0]!.rows).every((name) => name === 'Ravi' || name === 'Ana'));
    const before = reads();
    await pages.page(withText('ravi'));
    assert.ok(reads() - before <= 402, 'only the rows that are shown');
    chain.revise(ravi, 'new');
    chain.revise(ana, 'other');
    const second = await pages.page(withText('ravi'));
    assert.equal(second.matching, 202);
    assert.equal(seqsOf(second).includes(at.state.size - 1), true);
  });

  it('go on after a cancelled search where it stopped', async () => {
    const { at, reads } = listing(600);
    const pages = new EventPages(at);
    let looks = 0;
    const watch = { isCancelled: () => ++looks > 0 };
    await assert.rejects(pages.page({ ...withText('ravi'), watch }), (error) =>
      isPromptAuditError(error, 'cancelled'),
    );
    assert.equal((await pages.page(withText('ravi'))).matching, 201);
    assert.ok(reads() < 600 + 600 + 402);
  });

  it('answer two searches at once, each with its own', async () => {
    const { at } = listing(600);
    const pages = new EventPages(at);
    const [one, other] = await Promise.all([
      pages.page(withText('ravi')),
      pages.page(withText('rosa')),
    ]);
    assert.deepEqual([one.matching, other.matching], [201, 201]);
  });

  it('have a group for unknown types', () => {
    assert.equal(groupOf('future.type'), 'other');
    assert.equal(groupOf('constructor'), 'other');
  });
});

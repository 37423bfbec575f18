import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { knownThen } from '../../src/core/asKnown.js';
import { answer, catalogue } from '../../src/core/questions/catalogue.js';
import type { Ground } from '../../src/core/questions/ground.js';
import type { AnswerRow, Cell, QuestionAnswer } from '../../src/core/questions/question.js';
import type { PersonRef } from '../../src/core/rows.js';
import { LedgerState } from '../../src/core/state.js';
import { ana, EventChain, ravi } from '../tools/eventChain.js';
import { plantedCompany, type PlantedCompany } from '../tools/companyFaults.js';

/** A cell that is a text. */
function text(cell: Cell | undefined): string {
  assert.equal(typeof cell, 'string');
  return cell as string;
}

/** What tells a row from the others of its kind, as the planted list has it. */
const keyOf: Readonly<Record<string, (row: AnswerRow) => string>> = {
  duties: (row) => `${text(row['event'])} ${(row['who'] as PersonRef).id}`,
  reciprocal: (row) => `${(row['one'] as PersonRef).id} ${(row['other'] as PersonRef).id}`,
  rejected: (row) => `${text(row['event'])} ${text(row['deployment'])}`,
};

describe('questions to a company of three years', function () {
  this.timeout(60_000);
  let made: PlantedCompany;
  let ground: Ground;

  before(() => {
    made = plantedCompany();
    ground = groundOf(made.company.chain.state, made.company.now);
  });

  const ask = (kind: string, params = {}): QuestionAnswer => answer(ground, kind, params);

  it('is of the size that it says', () => {
    const { state } = ground;
    assert.equal(state.prompts.size, 60);
    assert.ok(state.size > 6000, `${state.size} events`);
    const [first, last] = [state.event(1).header.at, made.company.now];
    const years = (Date.parse(last) - Date.parse(first)) / (365.25 * 24 * 60 * 60_000);
    assert.ok(years > 2.7 && years < 3.5, `${years} years`);
  });

  const kinds = [
    ...catalogue.map(({ kind }) => kind).filter((kind) => kind.startsWith('exceptions.')),
    'rollbacks',
  ].filter((kind) => kind !== 'exceptions.untested');

  for (const kind of kinds) {
    const name = kind.replace('exceptions.', '');
    it(`finds what was planted for ${name}, and nothing else`, () => {
      const { rows } = ask(kind);
      const key = keyOf[name] ?? ((row: AnswerRow) => text(row['event']));
      const said = (keys: readonly string[]): string[] =>
        keys.map((one) => describeKey(ground, one)).sort();
      assert.deepEqual(said(rows.map(key)), said(made.planted[name] ?? []));
      assert.notEqual(rows.length, 0);
    });
  }

  it('plants nothing that no question finds', () => {
    const asked = new Set(kinds.map((kind) => kind.replace('exceptions.', '')));
    for (const name of Object.keys(made.planted)) assert.ok(asked.has(name), name);
  });

  it('says of an empty list how many were looked at', () => {
    const none = ask('exceptions.deployments', { path: made.company.prompts[55]!.path });
    assert.deepEqual(none.rows, []);
    assert.deepEqual(none.population, { of: 'deployments', count: 0 });
    const some = ask('exceptions.failed', { env: 'staging' });
    assert.deepEqual(some.rows, []);
    assert.ok(some.population.count > 800);
  });

  it('limits by prompt, environment and period, and says whose clocks those are', () => {
    const [all, staging] = [
      ask('exceptions.deployments'),
      ask('exceptions.deployments', { env: 'staging' }),
    ];
    assert.deepEqual(staging.rows, []);
    const [first, second] = [all.rows[0]!, all.rows[1]!].map((row) => text(row['at']));
    const within = ask('exceptions.deployments', { from: first, to: second });
    assert.deepEqual(within.rows, [all.rows[0]]);
    assert.match(within.caveats.join(), /claims/);
    assert.ok(!all.caveats.join().includes('claims'));
    const one = ask('exceptions.deployments', { path: text(all.rows[0]!['path']) });
    assert.deepEqual(
      one.rows,
      all.rows.filter((row) => row['path'] === all.rows[0]!['path']),
    );
  });

  it('stands in the agreed order, whatever the clocks say', () => {
    const { rows } = ask('sample', { text: 'deployments', seed: 'all', count: 10_000 });
    const bySeq = rows.map((row) => Number(row['seq'])).sort((a, b) => a - b);
    const listed = ask('actions', { text: 'deployment.recorded' }).rows;
    assert.deepEqual(
      listed.map((row) => row['seq']),
      bySeq,
    );
    const times = listed.map((row) => text(row['at']));
    assert.notDeepEqual(times, times.toSorted(), 'one clock was slow');
    const seqs = ask('exceptions.deployments').rows.map((row) => Number(row['seq']));
    assert.deepEqual(
      seqs,
      seqs.toSorted((a, b) => a - b),
    );
  });

  it('knows whoever has two addresses as one', () => {
    const by = (actor: string): number => ask('actions', { actor }).rows.length;
    assert.equal(by('five@home.example'), by('person5@company.example'));
    assert.equal(by('Person 5'), by('FIVE@home.example'));
    assert.throws(() => by('nobody@home.example'), /knows nobody/);
  });

  it('names what waits, and what waits for too long', () => {
    const events = (answered: QuestionAnswer): unknown[] =>
      answered.rows.map((row) => row['event']);
    const all = ask('pending');
    assert.ok(made.waiting.every((id) => events(all).includes(id)));
    assert.equal(all.areExceptions, false);
    const old = ask('pending', { duration: 36 * 60 * 60_000 });
    assert.equal(old.areExceptions, true);
    assert.ok(events(old).includes(made.waiting[0]!) && !events(old).includes(made.waiting[2]!));
  });

  it('follows a deployment from its first draft to what replaced it', () => {
    const { rows } = ask('rollbacks');
    const trail = ask('trail', { subject: text(rows[0]!['leftDeployment']).slice(0, 12) });
    assert.equal(trail.complete, true);
    const types = trail.rows.map((row) => row['type']);
    for (const type of ['revision.saved', 'version.proposed', 'review.decided', 'policy.adopted'])
      assert.ok(types.includes(type), type);
    assert.ok(types.filter((type) => type === 'revision.saved').length > 1, 'its drafts, too');
    assert.equal(trail.rows.at(-1)!['event'], rows[0]!['event'], 'ends with the rollback');
    assert.deepEqual(
      trail.rows.map((row) => row['seq']),
      trail.rows.map((row) => Number(row['seq'])).sort((a, b) => a - b),
    );
    assert.equal(trail.rows.filter((row) => row['order'] === 'this').length, 1);
  });

  it('tells proven order from what nobody can tell', () => {
    const [late] = made.planted['approval-mismatch']!;
    const [early] = made.planted['deployments']!;
    const proven = ask('order', { subject: late!, other: early! });
    assert.match(proven.summary!, /^Proven: /);
    const { state } = ground;
    const { causality } = state;
    const pairs = [...state.versions.values()].flatMap(({ prompt, decisions }) =>
      prompt.deployments.flatMap(({ seq, id }) =>
        decisions.map((decision) => ({ seq, id, decision })),
      ),
    );
    const unknown = pairs.find(
      ({ seq, decision }) =>
        !causality.isAncestor(decision.seq, seq) && !causality.isAncestor(seq, decision.seq),
    )!;
    const told = ask('order', { subject: unknown.id, other: unknown.decision.event.id });
    assert.match(told.summary!, /^Nobody can tell/);
    const clock = made.planted['clocks']![0]!;
    const before = state.parentsOf(state.seqOf(clock as never)!)[0]!;
    const against = ask('order', { subject: state.idAt(before), other: clock });
    assert.match(against.caveats.join(), /a clock was wrong/);
  });

  it('draws the sample that its method says', () => {
    const asked = { text: 'decisions', seed: 'auditor 7', count: 5 };
    const drawn = ask('sample', asked);
    assert.deepEqual(drawn, ask('sample', asked));
    const { state } = ground;
    const ids = [...state.decisions.keys()].sort((a, b) => state.seqOf(a)! - state.seqOf(b)!);
    const rank = (id: string): string =>
      createHash('sha256').update(`auditor 7\n${id}`).digest('hex');
    const expected = ids.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, 5);
    assert.deepEqual(
      drawn.rows.map((row) => row['event']),
      expected,
    );
    const list = createHash('sha256').update(ids.map((id) => `${id}\n`).join(''));
    assert.equal(drawn.digest, `sha256:${list.digest('hex')}`);
    assert.equal(drawn.population.count, ids.length);
    assert.notDeepEqual(ask('sample', { ...asked, seed: 'other' }).rows, drawn.rows);
  });

  it('gives a baseline the digest of its list, and finds drift from it', () => {
    const base = ask('baseline', { env: 'production' });
    const lines = base.rows.map(
      (row) => `${text(row['digest']).replace('sha256:', '')}  ${text(row['path'])}\n`,
    );
    const digest = createHash('sha256').update(lines.toSorted().join('')).digest('hex');
    assert.equal(base.digest, `sha256:${digest}`);
    assert.deepEqual(ask('drift', { env: 'production', text: lines.join('') }).rows, []);
    const [one, two] = base.rows as [AnswerRow, AnswerRow];
    const seen = [
      `${text(one['path'])} ${text(two['digest'])}`,
      `{"path":"${text(two['path'])}","digest":"${'0'.repeat(64)}"}`,
      ...lines.slice(3),
    ].join('\n');
    const codes = ask('drift', { env: 'production', text: seen }).rows.map((row) => row['code']);
    assert.deepEqual(codes, ['other', 'unknown', 'unseen']);
    assert.throws(() => ask('drift', { env: 'production', text: 'x y' }), /Line 1/);
    assert.throws(() => ask('baseline', { env: 'produktion' }), /no environment "produktion"/);
  });

  it('says what was active at a time, and who stands behind it', () => {
    const [left] = ask('rollbacks').rows;
    const path = text(left!['path']);
    const at = text(left!['leftAt']);
    const { rows } = ask('active', { path, env: 'production', at });
    assert.deepEqual(
      rows.map((row) => [row['event'], row['version'], row['order']]),
      [[left!['leftDeployment'], left!['left'], 'proven']],
    );
    const active = ask('active', { env: 'production' }).rows.map((row) => row['event']);
    const base = ask('baseline', { env: 'production' }).rows.map((row) => row['event']);
    assert.deepEqual(active.toSorted(), base.toSorted());
  });

  it('says where a text is and was active', () => {
    const [, active] = ask('exceptions.rejected').rows;
    const found = ask('where', { subject: text(active!['digest']).slice(0, 20) });
    assert.equal(found.rows.length, 2);
    assert.match(found.summary!, /, prompts/, 'it was proposed twice');
  });

  it('refuses what a question does not take, and what there is not', () => {
    assert.throws(() => ask('exceptions.keys', { env: 'production' }), /takes no env/);
    assert.throws(() => ask('baseline'), /needs env/);
    assert.throws(() => ask('nothing'), /no question "nothing"/);
    assert.throws(() => ask('trail', { subject: 'ffffffffffff' }), /No event/);
    assert.throws(() => ask('trail', { subject: 'prompts/none.md' }), /neither/);
    assert.ok(ask('exceptions.untested').unanswerable);
    assert.ok(ask('retention').unanswerable);
  });

  it('gives the same answers as known at a time, whatever is added later', () => {
    const { state } = ground;
    const open = catalogue.filter(({ needs }) => needs.length === 0);
    for (const part of [0.2, 0.55, 0.9]) {
      const size = Math.floor(state.size * part);
      const then = state.event(size).header.at;
      const early = new LedgerState();
      for (let seq = 1; seq <= size; seq++) early.apply(state.event(seq));
      const [known, still] = [knownThen(early, size, then), knownThen(state, state.size, then)];
      assert.equal(still.root, known.root);
      assert.equal(knownThen(state, state.size, size).root, knownThen(early, size, size).root);
      for (const { kind } of open) {
        const said = [known, still].map((one) => answer(groundOf(one.state, then), kind, {}));
        assert.deepEqual(said[1], said[0], `${kind} at ${then}`);
      }
    }
  });

  it('leaves out an event whose parents came later than its clock says', () => {
    const { state } = ground;
    const slow = state.seqOf(made.planted['clocks']![0] as never)!;
    const then = knownThen(state, state.size, state.event(slow).header.at);
    assert.equal(then.state.seqOf(state.idAt(slow)), undefined);
    assert.ok(then.isPrefix);
    assert.equal(then.leftOut?.count, 1);
    assert.ok(then.leftOut.claims > state.event(slow).header.at);
  });

  it('counts what is kept out of a time by one fast clock, and names that event', () => {
    const chain = new EventChain().begin();
    const version = chain.propose(ana, 'one');
    const fast = chain.decide(ravi, version, 'approved', { at: '2026-02-01T00:00:00.000Z' });
    chain.propose(ana, 'two', 2);
    const knownAt = (at: string) => knownThen(chain.state, chain.state.size, at).leftOut;
    assert.deepEqual(knownAt('2026-01-15T00:00:00.000Z'), {
      count: 2,
      after: fast.id,
      claims: '2026-02-01T00:00:00.000Z',
    });
    assert.equal(knownAt('2026-03-01T00:00:00.000Z'), null);
  });
});

function describeKey({ state }: Ground, key: string): string {
  const [id = '', ...rest] = key.split(' ');
  const seq = state.seqOf(id as never);
  return [seq === undefined ? id : `${seq} ${state.typeAt(seq)}`, ...rest].join(' ');
}

function groundOf(state: LedgerState, now: string): Ground {
  return { state, syncedSize: state.size, now };
}

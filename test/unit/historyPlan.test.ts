import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { CommitClaims, HistoryChange, HistoryCommit } from '../../src/core/historyCommit.js';
import { isAgain } from '../../src/core/historyAlike.js';
import {
  commitKey,
  copyKey,
  HistoryPlanner,
  type KnownHistory,
  type PlannedFact,
} from '../../src/core/historyPlan.js';
import type { Digest, PromptId } from '../../src/core/ids.js';

const nothing: KnownHistory = {
  ledger: 'l',
  prompts: [],
  promptOf: () => undefined,
  commitsWith: () => [],
};

const claims = (author: string, minute: number): CommitClaims => ({
  author: { name: author, email: `${author}@clinic.example` },
  committer: { name: author, email: `${author}@clinic.example` },
  coAuthors: [],
  agents: [],
  authoredAt: new Date(minute * 60_000).toISOString(),
  committedAt: new Date(minute * 60_000).toISOString(),
  signed: 'none',
});

const put = (path: string, blob: string): HistoryChange => ({ kind: 'put', path, blob });
const move = (from: string, path: string, blob: string): HistoryChange => ({
  ...{ kind: 'move', from, path, blob },
});
const drop = (path: string): HistoryChange => ({ kind: 'drop', path });

interface Made {
  readonly id: string;
  readonly parents?: readonly string[];
  readonly changes: readonly HistoryChange[];
  readonly by?: CommitClaims;
}

const bytes = (blob: string) =>
  blob === 'gone' ? null : { digest: `sha256:${blob}` as Digest, size: 1 };

/** Commits in the order in which they stand; ids count as minutes. */
function commits(made: readonly Made[]): HistoryCommit[] {
  return made.map(({ id, parents = [], changes, by }, at) => ({
    ...{ id, parents, changes },
    claims: changes.length === 0 ? null : (by ?? claims('ana', at)),
    children: made.filter((other) => other.parents?.includes(id)).length,
  }));
}

function planOf(made: readonly Made[], known = nothing): PlannedFact[] {
  return settled(new HistoryPlanner(known), made);
}

/** What is to be recorded, when it is told of each commit whether it did again what others below it did. */
function settled(planner: HistoryPlanner, made: readonly Made[]): PlannedFact[] {
  const ancestors = new Map<string, Set<string>>();
  for (const { id, parents = [] } of made)
    ancestors.set(id, new Set(parents.flatMap((one) => [one, ...(ancestors.get(one) ?? [])])));
  return commits(made).flatMap((commit) =>
    planner.add(commit, bytes).filter((fact) => {
      const { likeness } = fact;
      if (likeness === undefined) return true;
      const below = likeness.commits.filter((one) => ancestors.get(commit.id)!.has(one)).length;
      const again = isAgain(likeness, below);
      planner[again ? 'keep' : 'drop'](fact);
      return again;
    }),
  );
}

/** Facts as short texts, prompts by the order in which they come. */
function told(facts: readonly PlannedFact[]): string[] {
  const names = [...new Set(facts.map(({ prompt }) => prompt))];
  return facts.map((fact) => {
    const what = fact.kind === 'revision' ? ` ${fact.digest.slice(7)}` : '';
    const from = fact.kind === 'moved' ? `${fact.from}→` : '';
    return `${fact.commit} ${fact.kind} ${from}${fact.path}${what} P${names.indexOf(fact.prompt)}`;
  });
}

describe('the plan of a history', () => {
  it('registers what it meets first, and takes each change as a revision', () => {
    const facts = planOf([
      { id: '1', changes: [put('a', 'x')] },
      { id: '2', parents: ['1'], changes: [put('a', 'y'), put('b', 'x')] },
      { id: '3', parents: ['2'], changes: [put('a', 'x')] },
    ]);
    assert.deepEqual(told(facts), [
      ...['1 registered a P0', '1 revision a x P0', '2 revision a y P0'],
      ...['2 registered b P1', '2 revision b x P1', '3 revision a x P0'],
    ]);
  });

  it('keeps a prompt through renames, with and without edits, and gives its place to another', () => {
    const facts = planOf([
      { id: '1', changes: [put('a', 'x')] },
      { id: '2', parents: ['1'], changes: [move('a', 'b', 'x')] },
      { id: '3', parents: ['2'], changes: [move('b', 'c', 'y'), put('a', 'z')] },
    ]);
    assert.deepEqual(told(facts), [
      ...['1 registered a P0', '1 revision a x P0', '2 moved a→b P0'],
      ...['3 moved b→c P0', '3 revision c y P0', '3 registered a P1', '3 revision a z P1'],
    ]);
  });

  it('exchanges two prompts in one commit', () => {
    const facts = planOf([
      { id: '1', changes: [put('a', 'x'), put('b', 'y')] },
      { id: '2', parents: ['1'], changes: [move('a', 'b', 'x'), move('b', 'a', 'y')] },
    ]);
    assert.deepEqual(told(facts).slice(4), ['2 moved a→b P0', '2 moved b→a P1']);
  });

  it('takes what comes back to a path for the prompt that was there', () => {
    const facts = planOf([
      { id: '1', changes: [put('a', 'x')] },
      { id: '2', parents: ['1'], changes: [drop('a')] },
      { id: '3', parents: ['2'], changes: [put('a', 'x')] },
    ]);
    assert.deepEqual(told(facts).slice(2), ['2 removed a P0', '3 revision a x P0']);
  });

  it('sees in a merge only bytes that no parent has', () => {
    const fork: Made[] = [
      { id: '1', changes: [put('a', 'x'), put('b', 'x')] },
      { id: '2', parents: ['1'], changes: [put('a', 'y')] },
      { id: '3', parents: ['1'], changes: [put('a', 'z'), move('b', 'c', 'x'), put('d', 'w')] },
    ];
    const clean = [put('a', 'z'), move('b', 'c', 'x'), put('d', 'w')];
    const merged = (changes: readonly HistoryChange[]): string[] =>
      told(planOf([...fork, { id: '4', parents: ['2', '3'], changes }])).filter(
        (f) => f[0] === '4',
      );
    assert.deepEqual(merged(clean), []);
    assert.deepEqual(merged([put('a', 'evil'), ...clean.slice(1)]), ['4 revision a evil P0']);
    assert.deepEqual(merged([drop('a'), ...clean.slice(1)]), ['4 removed a P0']);
    assert.deepEqual(merged([move('b', 'c', 'evil')]), ['4 revision c evil P1']);
  });

  it('counts the copies of a commit once', () => {
    const by = claims('ravi', 99);
    const facts = planOf([
      { id: '1', changes: [put('a', 'x')] },
      { id: '2', parents: ['1'], changes: [put('a', 'y')], by },
      { id: '3', parents: ['1'], changes: [put('b', 'q')] },
      { id: '4', parents: ['3'], changes: [put('a', 'y')], by },
    ]);
    assert.ok(!told(facts).some((fact) => fact.startsWith('4')));
  });

  it('takes for new what comes back on top of what a commit did, and its copies for one', () => {
    const by = claims('ravi', 99);
    const line: Made[] = [
      { id: '1', changes: [put('a', 'x')] },
      { id: '2', parents: ['1'], changes: [put('a', 'y')], by },
      { id: '3', parents: ['2'], changes: [put('a', 'x')] },
      { id: '4', parents: ['3'], changes: [put('a', 'y')], by },
      // On another branch: a pick, a revert and a pick again, which are no more than the two above.
      { id: '5', parents: ['1'], changes: [put('a', 'y')], by },
      { id: '6', parents: ['5'], changes: [put('a', 'z')] },
      { id: '7', parents: ['6'], changes: [put('a', 'y')], by },
      { id: '8', parents: ['7'], changes: [put('a', 'z')] },
      { id: '9', parents: ['8'], changes: [put('a', 'y')], by },
    ];
    assert.deepEqual(
      told(planOf(line))
        .slice(1)
        .map((fact) => fact[0]),
      ['1', '2', '3', '4', '6', '8', '9'],
    );
    const removed = [drop('a'), put('a', 'x')];
    const moved = [move('a', 'b', 'x'), move('b', 'a', 'x')];
    for (const changes of [removed, moved]) {
      const there: Made[] = [0, 1, 2, 3, 4, 5].map((at) => ({
        id: String(at),
        parents: at === 0 ? [] : [String(at - 1)],
        changes: [at === 0 ? put('a', 'x') : changes[(at - 1) % 2]!],
        by,
      }));
      assert.equal(planOf(there).length, 7, 'each of them is an act');
    }
  });

  it('gives as many facts for what is done n times on a line, and for a copy of that line', () => {
    const act = fc.record({ blob: fc.nat(2), minute: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), fc.nat(), (acts, end) => {
        const line = (name: string): Made[] =>
          acts.map(({ blob, minute }, at) => ({
            id: `${name}${at}`,
            parents: [at === 0 ? 'base' : `${name}${at - 1}`],
            changes: [put('a', `b${blob}`)],
            by: claims('ana', minute),
          }));
        const base: Made = { id: 'base', changes: [put('other', 'x')] };
        const made = [base, ...line('l')];
        const all = planOf(made);
        // The registration of both prompts besides.
        assert.equal(all.length, acts.length + 3);
        assert.equal(planOf([...made, ...line('c')]).length, all.length);
        const part = all.slice(0, end % (all.length + 1));
        assert.equal(part.length + planOf(made, knowing(part)).length, all.length);
        // A rebased branch: only the copy is there, and the ledger knows the whole original.
        const copy = planOf([base, ...line('c')], knowing(all));
        assert.deepEqual(told(copy), []);
      }),
      { numRuns: 300 },
    );
  });

  it('passes over what the ledger has, and goes on with the prompts that it names', () => {
    const p = 'p'.repeat(32) as PromptId;
    const { author, authoredAt } = claims('ana', 1);
    const known: KnownHistory = {
      ledger: 'l',
      prompts: [{ id: p, path: 'b', places: ['a', 'b'], retired: false }],
      promptOf: (commit, path) => (commit === '1' && path === 'a' ? p : undefined),
      commitsWith: (key) =>
        new Map([
          [commitKey({ kind: 'revision', path: 'a', digest: 'sha256:x' as Digest }, '1'), ['1']],
          [copyKey({ kind: 'moved', from: 'a', path: 'b' }, p, author, authoredAt), ['rebased']],
        ]).get(key) ?? [],
    };
    const planner = new HistoryPlanner(known);
    const facts = settled(planner, [
      { id: '1', changes: [put('a', 'x')] },
      { id: '2', parents: ['1'], changes: [move('a', 'b', 'x')] },
      { id: '3', parents: ['2'], changes: [put('b', 'y')] },
    ]);
    assert.deepEqual(
      facts.map(({ kind, prompt }) => [kind, prompt]),
      [['revision', p]],
    );
    assert.equal(planner.alreadyKnown, 2);
  });

  it('starts behind a boundary with the files that are given', () => {
    const planner = new HistoryPlanner(nothing);
    planner.boundary('0', [{ path: 'a', blob: 'x' }], 1);
    const [commit] = commits([{ id: '1', parents: ['0'], changes: [put('a', 'y')] }]);
    assert.deepEqual(told(planner.add(commit!, bytes)), ['1 registered a P0', '1 revision a y P0']);
    assert.equal(planner.stands('0'), false);
  });

  it('counts what cannot be read, and registers it when it can', () => {
    const planner = new HistoryPlanner(nothing);
    const facts = commits([
      { id: '1', changes: [put('a', 'gone')] },
      { id: '2', parents: ['1'], changes: [move('a', 'b', 'gone')] },
      { id: '3', parents: ['2'], changes: [put('b', 'y')] },
      { id: '4', parents: ['3'], changes: [drop('never')] },
    ]).flatMap((commit) => planner.add(commit, bytes));
    assert.deepEqual(told(facts), ['3 registered b P0', '3 revision b y P0']);
    assert.equal(planner.unread, 2);
  });

  it('gives the same facts in every order of commits that do not follow from each other', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (made, choices) => {
        const other = shuffled(made, choices);
        assert.deepEqual(withoutOrder(made), withoutOrder(other));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the rest, and only that, when the ledger knows a first part', () => {
    fc.assert(
      fc.property(history, fc.nat(), (made, end) => {
        const all = planOf(made);
        const part = planOf(made).slice(0, end % (all.length + 1));
        assert.deepEqual(told([...part, ...planOf(made, knowing(part))]), told(all));
      }),
      { numRuns: 500 },
    );
  });
});

/** Histories with several roots, forks, merges of up to three parents, moves with and without edits, and removals. */
const history: fc.Arbitrary<Made[]> = fc
  .array(
    fc.record({
      parents: fc.array(fc.nat(), { maxLength: 3 }),
      acts: fc.array(fc.record({ kind: fc.nat(4), path: fc.nat(3), blob: fc.nat(4) }), {
        ...{ minLength: 1, maxLength: 3 },
      }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    const trees: Map<string, string>[] = [];
    return steps.map(({ parents, acts }, at) => {
      const ids = [...new Set(at === 0 ? [] : parents.map((n) => n % at))];
      const before = ids.length === 0 ? new Map<string, string>() : trees[ids[0]!]!;
      const tree = new Map(before);
      const changes: HistoryChange[] = [];
      const touched = new Set<string>();
      for (const { kind, path: n, blob: b } of acts) {
        const [path, blob] = [`p${n}`, `b${b}`];
        if (touched.has(path)) continue;
        touched.add(path);
        const to = `p${(n + 1) % 5}`;
        if (kind === 1 && tree.has(path) && !tree.has(to) && !touched.has(to)) {
          touched.add(to);
          tree.delete(path);
          tree.set(to, blob);
          changes.push(move(path, to, blob));
        } else if (kind === 0 && tree.has(path)) {
          tree.delete(path);
          changes.push(drop(path));
        } else if (tree.get(path) !== blob) {
          tree.set(path, blob);
          changes.push(put(path, blob));
        }
      }
      trees.push(tree);
      return { id: String(at), parents: ids.map(String), changes, by: claims('ana', at) };
    });
  });

/** The same commits in another order in which parents come first. */
function shuffled(made: readonly Made[], choices: Iterable<number>): Made[] {
  const next = choices[Symbol.iterator]();
  const left = [...made];
  const order: Made[] = [];
  while (left.length > 0) {
    const ready = left.filter(({ parents = [] }) => !left.some(({ id }) => parents.includes(id)));
    const chosen = ready[(next.next().value as number) % ready.length]!;
    left.splice(left.indexOf(chosen), 1);
    order.push(chosen);
  }
  return order;
}

/** Which commit is the first to show a path depends on the order; what the commits did does not. */
function withoutOrder(made: readonly Made[]): string[] {
  return planOf(made)
    .filter(({ kind }) => kind !== 'registered')
    .map((fact) => `${fact.commit} ${fact.kind} ${fact.path}`)
    .sort();
}

/** A ledger that holds these facts. */
function knowing(facts: readonly PlannedFact[]): KnownHistory {
  const prompts = facts.filter(({ kind }) => kind === 'registered');
  const others = facts.filter((fact) => fact.kind !== 'registered');
  const keys = new Map<string, string[]>();
  for (const fact of others) {
    const { commit, prompt, claims: by } = fact;
    for (const key of [commitKey(fact, commit), copyKey(fact, prompt, by.author, by.authoredAt)])
      keys.set(key, [...new Set([...(keys.get(key) ?? []), commit])]);
  }
  return {
    ledger: 'l',
    prompts: prompts.map(({ prompt: id, path: first }) => {
      const places = [first];
      let path = first;
      for (const fact of others) {
        if (fact.kind !== 'moved' || fact.prompt !== id) continue;
        if (!places.includes(fact.path)) places.push(fact.path);
        if (fact.from === path) path = fact.path;
      }
      return { id, path, places, retired: false };
    }),
    promptOf: (commit, path) =>
      others.find((f) => f.commit === commit && f.path === path && f.kind !== 'removed')?.prompt,
    commitsWith: (key) => keys.get(key) ?? [],
  };
}

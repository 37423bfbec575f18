import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';

/** What happens to clones: the trail recovers by itself, or says what is wrong and how to go on. */
describe('accidents', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let warnings: string[];
  beforeEach(async () => {
    clinic = new Clinic();
    warnings = [];
    await clinic.made(beginning);
  });
  afterEach(() => clinic.dispose());
  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
  }

  const open = (clone = 'ana'): Promise<Trail> =>
    clinic.open(clone, { autoSync: false, warn: (text) => warnings.push(text) });
  const at = (...parts: string[]): string => join(clinic.folder, ...parts);

  async function revise(trail: Trail, text: string, clone = 'ana'): Promise<string> {
    clinic.write(clone, path, text);
    const [result] = await trail.record([path]);
    return result!.event!;
  }

  const ids = async (trail: Trail): Promise<string[]> => (await trail.log()).map(({ id }) => id);

  /** A fresh program finds exactly these events, verifies them, and goes on. */
  async function goesOn(expected: readonly string[], clone = 'ana'): Promise<Trail> {
    const trail = await open(clone);
    assert.deepEqual(await ids(trail), expected);
    const next = await revise(trail, `goes on ${Math.random()}`, clone);
    await trail.fold();
    const { findings, intact } = await trail.verify();
    assert.equal(intact, true, JSON.stringify(findings));
    assert.deepEqual(await ids(await open(clone)), [...expected, next]);
    return trail;
  }

  it('git clean -fdx: all comes back from the journal and the ledger ref', async () => {
    const trail = await open();
    await trail.sync();
    await revise(trail, 'synced');
    await trail.sync();
    await revise(trail, 'not synced');
    await trail.fold();
    const expected = await ids(trail);
    clinic.git('ana', 'clean', '-fdxq');
    assert.equal(existsSync(at('ana/.prompt-audit/ledger.sqlite')), false);
    await goesOn(expected);
    assert.ok(warnings.some((text) => text.includes('was gone')));
  });

  it('a deleted .prompt-audit, tracked files and all', async () => {
    const trail = await open();
    await revise(trail, 'two');
    const expected = await ids(trail);
    rmSync(at('ana/.prompt-audit'), { recursive: true });
    const again = await open();
    assert.deepEqual(await ids(again), expected);
    // The policy is a tracked file: git has it.
    clinic.git('ana', 'checkout', '--quiet', '--', '.prompt-audit');
    await goesOn(expected);
  });

  it('a deleted folder in the git directory: what was folded or synced stays, and it says so', async () => {
    const trail = await open();
    await revise(trail, 'synced');
    await trail.sync();
    await revise(trail, 'folded');
    await trail.fold();
    const expected = await ids(trail);
    rmSync(at('ana/.git/prompt-audit'), { recursive: true });
    await goesOn(expected);
    assert.ok(
      warnings.some((text) => text.includes('deleted or is incomplete')),
      warnings.join(),
    );
  });

  it('both of them: what was synced comes back, with a new writer', async () => {
    const trail = await open();
    await revise(trail, 'synced');
    await trail.sync();
    const expected = await ids(trail);
    rmSync(at('ana/.git/prompt-audit'), { recursive: true });
    rmSync(at('ana/.prompt-audit/ledger.sqlite'));
    await goesOn(expected);
    await (await open()).sync();
  });

  it('an old branch: the trail does not go back in time', async () => {
    clinic.git('ana', 'branch', 'old');
    const trail = await open();
    await trail.record();
    await revise(trail, 'two');
    await trail.propose({ path, note: 'v1' });
    clinic.commit('ana');
    const expected = await ids(trail);
    clinic.git('ana', 'checkout', '--quiet', 'old');
    const again = await open();
    assert.deepEqual(await ids(again), expected);
    assert.equal((await again.version(path)).number, 1);
    assert.equal((await again.record())[0]?.outcome, 'unchanged');
  });

  it('git stash -u and -a', async () => {
    const trail = await open();
    await revise(trail, 'two');
    await trail.fold();
    const expected = await ids(trail);
    clinic.git('ana', 'stash', '--quiet', '--include-untracked');
    assert.deepEqual(await ids(await open()), expected);
    clinic.git('ana', 'stash', 'pop', '--quiet');
    clinic.write('ana', 'other.txt', 'x');
    clinic.git('ana', 'stash', '--quiet', '--all');
    await goesOn(expected);
  });

  it('a copied clone takes a new writer before its first event', async () => {
    const trail = await open();
    await revise(trail, 'two');
    await trail.sync();
    cpSync(at('ana'), at('copy'), { recursive: true });
    const expected = await ids(trail);
    const mine = await goesOn(expected);
    const copy = await goesOn(expected, 'copy');
    await mine.sync();
    await copy.sync();
    await mine.sync();
    assert.deepEqual(await ids(mine), await ids(copy));
    const { findings } = await copy.verify();
    assert.deepEqual(findings, [], 'no two events have one number of one writer');
  });

  it('a copied clone leaves the files of the original alone when it redacts', async () => {
    const trail = await open();
    clinic.write('ana', path, 'two');
    const { id: event } = await trail.propose({ path, note: 'two' });
    await trail.sync();
    cpSync(at('ana'), at('copy'), { recursive: true });
    const original = readFileSync(at('ana/.prompt-audit/ledger.sqlite'));
    const copy = await open('copy');
    await copy.redact({ target: event, part: 'content', reason: 'INC-1', identity: 'git' });
    assert.deepEqual(readFileSync(at('ana/.prompt-audit/ledger.sqlite')), original);
  });

  it('a restored backup of the whole clone: the synced events come back, the rest is told', async () => {
    const trail = await open();
    await revise(trail, 'before the backup');
    await trail.sync();
    cpSync(at('ana'), at('backup'), { recursive: true, preserveTimestamps: true });
    await revise(trail, 'synced after the backup');
    await trail.sync();
    const expected = await ids(trail);
    rmSync(at('ana'), { recursive: true });
    renameSync(at('backup'), at('ana'));
    const restored = await open();
    assert.equal((await ids(restored)).length, expected.length - 1);
    await restored.sync();
    await goesOn(expected);
  });

  it('a backup of ledger.sqlite alone: newer events are known elsewhere', async () => {
    const trail = await open();
    await trail.fold();
    cpSync(at('ana/.prompt-audit/ledger.sqlite'), at('old.sqlite'));
    await revise(trail, 'two');
    await trail.fold();
    const expected = await ids(trail);
    cpSync(at('old.sqlite'), at('ana/.prompt-audit/ledger.sqlite'));
    await goesOn(expected);
  });

  it('a moved repository goes on, as a new writer', async () => {
    const trail = await open();
    await revise(trail, 'two');
    await trail.fold();
    const expected = await ids(trail);
    renameSync(at('ana'), at('moved'));
    const moved = await goesOn(expected, 'moved');
    const rows = await moved.log();
    const writers = await Promise.all(
      [rows.at(-1)!, rows.at(-2)!].map(async ({ id }) => {
        const { headerText } = (await moved.detail(id))!;
        return (JSON.parse(headerText) as { writer: string }).writer;
      }),
    );
    assert.notEqual(writers[0], writers[1]);
  });

  it('a clock that jumps changes no order, and locks do not go stale by it', async () => {
    const trail = await open();
    const old = new Date(Date.now() - 400 * 24 * 3600_000);
    for (const name of ['journal.jsonl', 'clone.json', 'writer.json'])
      utimesSync(at('ana/.git/prompt-audit', name), old, old);
    utimesSync(at('ana/.prompt-audit/ledger.sqlite'), old, old);
    const real = Date.now;
    const [first, second, third] = ['2031-01-01', '2001-01-01', '2026-11-21'].map(Date.parse);
    const added: string[] = [];
    try {
      for (const now of [first!, second!, third!]) {
        Date.now = () => now;
        added.push(await revise(trail, `at ${now}`));
      }
    } finally {
      Date.now = real;
    }
    const expected = await ids(trail);
    assert.deepEqual(expected.slice(-2), added.slice(-2));
    await goesOn(expected);
  });

  it('an agent that runs git worktree add ten times: all of them share one trail', async () => {
    const trail = await open();
    await revise(trail, 'two');
    await trail.sync();
    const expected = await ids(trail);
    const names = Array.from({ length: 10 }, (_, i) => `tree${i}`);
    for (const name of names) clinic.git('ana', 'worktree', 'add', '--quiet', at(name));
    const trails = await Promise.all(names.map((name) => open(name)));
    for (const one of trails) assert.deepEqual(await ids(one), expected);
    const added = await Promise.all(trails.map((one, i) => revise(one, `by agent ${i}`, names[i])));
    await Promise.all(trails.map((one) => one.fold()));
    await trail.refresh();
    const all = await ids(trail);
    assert.deepEqual(new Set(all), new Set([...expected, ...added]));
    assert.equal(all.length, expected.length + 10);
    await trail.sync();
    for (const name of names) clinic.git('ana', 'worktree', 'remove', '--force', at(name));
    await goesOn(all);
    const journal = readFileSync(at('ana/.git/prompt-audit/journal.jsonl'), 'utf8');
    assert.ok(journal.split('\n').length < 6, 'what was synced has left the journal');
  });
});

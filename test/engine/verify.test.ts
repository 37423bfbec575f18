import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import type { VerifyReport } from '../../src/core/rows.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { tampered } from '../tools/ledgerFixture.js';

const path = 'prompts/triage.prompt.md';

/** What an outsider gets to know: separate verdicts, from as much as has to be read and no less. */
describe('verify', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(async () => {
    clinic = new Clinic();
    await clinic.made(beginning);
  });
  afterEach(() => clinic.dispose());
  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
  }

  const at = (...parts: string[]): string => join(clinic.folder, ...parts);
  const open = (clone = 'ana'): Promise<Trail> =>
    clinic.open(clone, { autoSync: false, warn: () => undefined });
  const codes = ({ findings }: VerifyReport): string[] => findings.map(({ code }) => code);
  async function revise(trail: Trail, text: string): Promise<void> {
    clinic.write('ana', path, text);
    await trail.record([path]);
  }

  it('says "unknown", never "holds", of what it could not read as a whole', async () => {
    const trail = await open();
    await trail.fold();
    const outcomes = async (): Promise<unknown> => {
      const { verdicts } = await (await open()).verify();
      return Object.values(verdicts).map(({ outcome }: { outcome: string }) => outcome);
    };
    assert.deepEqual(await outcomes(), ['holds', 'holds', 'holds', 'holds']);
    const file = at('ana/.prompt-audit/ledger.sqlite');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('person.declared')]! ^= 1;
    writeFileSync(file, bytes);
    assert.deepEqual(await outcomes(), ['broken', 'unknown', 'unknown', 'unknown']);
  });

  it('finds each thing that is wrong with a file once, at the event that it is about', async () => {
    const trail = await open();
    for (const text of ['two', 'three', 'four']) await revise(trail, text);
    await trail.fold();
    rmSync(at('ana/.git/prompt-audit'), { recursive: true });
    const file = at('ana/.prompt-audit/ledger.sqlite');
    const { size } = await trail.point();
    await tampered(file, `DELETE FROM event WHERE seq = ${size - 2}`);
    const { findings } = await (await open()).verify();
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error').map(({ code, seq }) => [code, seq]),
      [
        ['event.missing', size - 2],
        ['parent.missing', size - 1],
      ],
    );
  });

  describe('incremental', () => {
    it('checks all once, then what is new', async () => {
      const trail = await open();
      const first = await trail.verify();
      assert.equal(first.mode, 'full');
      assert.equal(first.checkedNow, first.checked);
      await revise(trail, 'two');
      const second = await trail.verify();
      assert.equal(second.mode, 'incremental');
      assert.equal(second.checkedNow, second.checked - first.checked);
      assert.ok(second.since !== null);
      await trail.fold();
      assert.equal((await trail.verify()).checkedNow, 0);
      const fresh = await open();
      assert.equal((await fresh.verify()).mode, 'incremental', 'another process goes on, too');
      assert.equal((await fresh.verify({ full: true })).mode, 'full');
      await fresh.sync();
      assert.equal((await fresh.verify()).mode, 'incremental', 'after a sync of its own');
    });

    it('reads everything again as soon as a byte of a file differs, and finds it', async () => {
      const trail = await open();
      await revise(trail, 'two');
      await trail.fold();
      await trail.verify();
      const file = at('ana/.prompt-audit/ledger.sqlite');
      const good = readFileSync(file);
      const place = good.indexOf('revision.saved');
      for (const again of [trail, await open()]) {
        const bytes = Buffer.from(good);
        bytes[place] = bytes[place]! ^ 1;
        writeFileSync(file, bytes);
        const broken = await again.verify();
        assert.equal(broken.mode, 'full');
        assert.equal(broken.intact, false);
        assert.equal(broken.verdicts.structure.outcome, 'broken');
        writeFileSync(file, good);
        assert.equal((await again.verify()).intact, true);
      }
    });

    it('says again what was found before', async () => {
      const trail = await open();
      await trail.fold();
      const file = at('ana/.prompt-audit/ledger.sqlite');
      writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(4096)]));
      const first = await (await open()).verify();
      assert.equal(first.mode, 'full');
      assert.ok(codes(first).includes('file.differs'));
      const second = await (await open()).verify();
      assert.equal(second.mode, 'incremental');
      assert.deepEqual(codes(second), codes(first));
    });

    it('a note that is damaged, of another ledger or of other rules counts for nothing', async () => {
      const trail = await open();
      await trail.verify();
      const note = at('ana/.git/prompt-audit/cache/verified.json');
      assert.ok(existsSync(note));
      const text = readFileSync(note, 'utf8');
      const changed = [
        text.slice(0, 40),
        text.replace(/"rules":\d+/, '"rules":0'),
        text.replace(/"root":"./, '"root":"x'),
        text.replace(/"ledger":"......../, '"ledger":"00000000'),
        '[]',
      ];
      for (const other of changed) {
        assert.notEqual(other, text);
        writeFileSync(note, other);
        assert.equal((await (await open()).verify()).mode, 'full', other.slice(0, 60));
      }
    });

    it('a text that is withheld behind the note is found', async () => {
      const trail = await open();
      await trail.verify();
      clinic.write('ana', path, 'proposed');
      await trail.propose({ path, note: 'n' });
      const journal = at('ana/.git/prompt-audit/journal.jsonl');
      const lines = readFileSync(journal, 'utf8').split('\n');
      const kept = lines.filter((line) => !line.includes('"content"'));
      assert.equal(kept.length, lines.length - 1);
      writeFileSync(journal, kept.join('\n'));
      const report = await (await open()).verify();
      assert.equal(report.intact, false);
    });
  });

  describe('the ledger branch', () => {
    /** Pushes a commit with other files to the ledger branch, as somebody with push rights can. */
    function pushed(change: (files: Map<string, Buffer>) => void, parents: 'tip' | 'none' | 'two') {
      const git = (...args: string[]): string => clinic.git('ana', ...args);
      git('fetch', '--quiet', 'origin', 'prompt-audit');
      const tip = git('rev-parse', 'FETCH_HEAD');
      const names = git('ls-tree', '--name-only', tip).split('\n');
      const files = new Map(
        names.map((name) => [name, Buffer.from(git('cat-file', '-p', `${tip}:${name}`) + '\n')]),
      );
      files.delete('ledger.sqlite');
      const ledger = git('rev-parse', `${tip}:ledger.sqlite`);
      change(files);
      const tree = [...files].map(([name, bytes]) => {
        writeFileSync(at('ana', '.git', 'blob'), bytes);
        return `100644 blob ${git('hash-object', '-w', '.git/blob')}\t${name}`;
      });
      writeFileSync(
        at('ana', '.git', 'tree'),
        `${[...tree, `100644 blob ${ledger}\tledger.sqlite`].join('\n')}\n`,
      );
      const made = clinic.shell('ana', 'git mktree < .git/tree');
      const orphan = git('commit-tree', '-m', 'x', made);
      const args = { tip: ['-p', tip], none: [], two: ['-p', tip, '-p', orphan] }[parents];
      const commit = git('commit-tree', '-m', 'x', ...args, made);
      git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/prompt-audit`);
    }

    it('each commit extends the one before: counted', async () => {
      const trail = await open();
      await revise(trail, 'two');
      await trail.sync();
      await revise(trail, 'three');
      await trail.sync();
      const { verdicts, findings } = await trail.verify();
      assert.deepEqual(findings, []);
      assert.ok((verdicts.completeness.commits ?? 0) >= 3);
      assert.equal(verdicts.completeness.seen, verdicts.structure.events);
    });

    it('a commit whose checkpoint does not fit the ledger is found by a fresh clone', async () => {
      const trail = await open();
      await trail.sync();
      const good = clinic.git('ana', 'cat-file', '-p', 'refs/prompt-audit/ledger:checkpoint');
      const [origin, size] = good.split('\n');
      const other = `${origin}\n${size}\n${Buffer.alloc(32, 7).toString('base64')}\n`;
      pushed((files) => files.set('checkpoint', Buffer.from(other)), 'tip');
      pushed((files) => files.set('checkpoint', Buffer.from(`${good}\n`)), 'tip');
      clinic.clone('rosa');
      const report = await (await open('rosa')).verify();
      assert.deepEqual(codes(report), ['branch.rewritten']);
      assert.equal(report.verdicts.completeness.outcome, 'broken');
      assert.equal(report.verdicts.structure.outcome, 'holds');
    });

    it('a merge into the branch is found', async () => {
      const trail = await open();
      await trail.sync();
      pushed(() => undefined, 'two');
      clinic.clone('rosa');
      const report = await (await open('rosa')).verify();
      assert.ok(codes(report).includes('branch.rewritten'));
    });
  });

  describe('a pinned checkpoint', () => {
    const pin = (size: number, root: string): void => {
      const file = at('ana/.prompt-audit/policy.jsonc');
      const text = readFileSync(file, 'utf8');
      const base64 = Buffer.from(root, 'hex').toString('base64');
      const line = `"minCheckpoint": { "size": ${size}, "root": "${base64}" },`;
      const without = text.replace(/ *"minCheckpoint".*\n/, '');
      writeFileSync(file, without.replace(/("version": 1,)/, `$1\n  ${line}`));
    };

    it('holds as long as the ledger extends it', async () => {
      const trail = await open();
      const { size, root } = await trail.point();
      pin(size, root);
      await revise(trail, 'two');
      const report = await trail.verify();
      assert.deepEqual(codes(report), []);
      assert.equal(report.verdicts.completeness.pinned, size);
    });

    it('a ledger that was rebuilt, or is shorter, is found, and a fresh clone does not take it', async () => {
      const trail = await open();
      const { size, root } = await trail.point();
      await trail.sync();
      for (const [n, r] of [
        [size - 1, root],
        [size + 5, root],
      ] as const) {
        pin(n, r);
        const report = await trail.verify();
        assert.deepEqual(codes(report), ['checkpoint.unmet']);
        assert.equal(report.verdicts.completeness.outcome, 'broken');
      }
      clinic.commit('ana');
      clinic.clone('rosa');
      await assert.rejects(open('rosa'), (error) => isPromptAuditError(error, 'checkpoint.unmet'));
      assert.equal(existsSync(at('rosa/.prompt-audit/ledger.sqlite')), false);
    });
  });

  describe('findings that were reviewed', () => {
    it('a warning is shown with its reviews and no verdict changes; unknown keys are refused', async () => {
      const trail = await open();
      await trail.fold();
      const aside = at('ana/.prompt-audit/ledger.damaged-20260101T000000Z.sqlite');
      writeFileSync(aside, 'broken');
      const before = await trail.verify();
      assert.deepEqual(codes(before), ['file.setAside']);
      assert.equal(before.verdicts.completeness.outcome, 'doubtful');
      const key = before.findings[0]!.key;
      const input = { disposition: 'A disk died, INC-7', identity: 'git' } as const;
      await assert.rejects(
        trail.disposeFindings({ ...input, keys: ['0123456789abcdef'] }),
        (error) => isPromptAuditError(error, 'finding.unknown'),
      );
      await assert.rejects(
        trail.disposeFindings({ ...input, keys: [key], disposition: ' ' }),
        (error) => isPromptAuditError(error, 'reason.missing'),
      );
      const after = await trail.disposeFindings({ ...input, keys: [key] });
      assert.equal(after.findings[0]?.reviewed?.disposition, 'A disk died, INC-7');
      assert.equal(after.findings[0]?.reviewed?.by.name, 'Ana');
      assert.equal(after.findings[0]?.settled, true);
      const { outcome, warnings, reviewed } = after.verdicts.completeness;
      assert.deepEqual([outcome, warnings, reviewed], ['doubtful', 1, 1]);
      const more = { disposition: 'Never mind', identity: 'unattended', keys: [key] } as const;
      const [twice] = (await trail.disposeFindings(more)).findings;
      assert.equal(twice?.reviewed?.notCounting, 'unattended');
      assert.deepEqual(
        twice?.earlier.map(({ disposition }) => disposition),
        ['A disk died, INC-7'],
      );
      assert.equal(twice?.settled, true);
      writeFileSync(aside, 'something else that is broken');
      rmSync(aside);
      writeFileSync(aside.replace('000000Z', '000001Z'), 'broken');
      const [other] = (await trail.verify()).findings;
      assert.equal(other?.reviewed, null, 'a review is about one finding');
    });

    it('an error stays an error', async () => {
      const trail = await open();
      const { size, root } = await trail.point();
      const file = at('ana/.prompt-audit/policy.jsonc');
      const base64 = Buffer.from(root, 'hex').toString('base64');
      const line = `"minCheckpoint": { "size": ${size - 1}, "root": "${base64}" },`;
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('"version": 1,', `"version": 1,\n  ${line}`),
      );
      const [found] = (await trail.verify()).findings;
      const keys = [found!.key];
      const after = await trail.disposeFindings({
        keys,
        disposition: 'known',
        identity: 'git',
      });
      assert.equal(after.findings[0]?.reviewed?.disposition, 'known');
      assert.equal(after.intact, false);
      assert.equal(after.verdicts.completeness.outcome, 'broken');
    });
  });
});

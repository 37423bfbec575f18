import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isPromptAuditError,
  type ErrorCode,
  type PromptAuditError,
} from '../../src/core/errors.js';
import { initTrail, openTrail } from '../../src/trail/openTrail.js';
import { Clinic } from '../tools/clones.js';
import { tampered } from '../tools/ledgerFixture.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';

const golden = (name: string): string => join(projectRoot, 'test/golden', name);

async function refused(work: Promise<unknown>, code: ErrorCode): Promise<PromptAuditError> {
  const error: unknown = await work.then(
    () => assert.fail('it was expected to fail'),
    (failed: unknown) => failed,
  );
  assert.ok(isPromptAuditError(error, code), String(error));
  return error;
}

/** What a ledger with damaged files still answers, and what puts it right. */
describe('a damaged ledger', function () {
  this.timeout(240_000);
  const warn = (): void => undefined;

  describe('without anything to restore it from', () => {
    let folder: string;
    let remove: () => void;
    beforeEach(() => {
      ({ path: folder, remove } = temporaryFolder('damage'));
      mkdirSync(join(folder, '.prompt-audit'));
      copyFileSync(golden('ledger.sqlite'), join(folder, '.prompt-audit/ledger.sqlite'));
    });
    afterEach(() => remove());
    const options = () => ({ folder, tool: 'test/1', source: 'cli', warn }) as const;
    const change = (sql: string): Promise<unknown> =>
      tampered(join(folder, '.prompt-audit/ledger.sqlite'), sql);

    for (const [what, sql] of [
      ['a missing event', 'DELETE FROM event WHERE seq = 6'],
      ['a broken body', "UPDATE event SET body = '{}' WHERE seq = 9"],
    ] as const) {
      it(`${what}: nothing is proven from it, and the remedy is not a sync`, async () => {
        await change(sql);
        const trail = await openTrail(options());
        for (const work of [
          () => trail.checkpoint(),
          () => trail.prove({ event: 3 }),
          () => trail.proveSince({ since: 2 }),
        ]) {
          const { remedy } = await refused(work(), 'ledger.damaged');
          assert.match(remedy, /Put back ledger\.sqlite/);
          assert.doesNotMatch(remedy, /sync/);
        }
        assert.equal((await trail.damage())?.severity, 'error');
        const { findings } = await trail.verify();
        const errors = findings.filter(({ severity }) => severity === 'error');
        for (const { remedy } of errors) assert.doesNotMatch(remedy, /sync/);
        await trail.close();
      });
    }

    it('no event left: it is said to be lost, not to be none, and no other one begins there', async () => {
      await change('DELETE FROM event');
      for (const work of [
        () => openTrail(options()),
        () => initTrail(options(), { preset: 'team' }),
      ])
        assert.match((await refused(work(), 'ledger.damaged')).message, /is lost/);
    });

    it('sealed volumes without the open one: the same', async () => {
      rmSync(join(folder, '.prompt-audit/ledger.sqlite'));
      mkdirSync(join(folder, '.prompt-audit/volumes'));
      copyFileSync(
        golden('volumes/000001.sqlite'),
        join(folder, '.prompt-audit/volumes/000001.sqlite'),
      );
      for (const work of [
        () => openTrail(options()),
        () => initTrail(options(), { preset: 'team' }),
      ])
        assert.match((await refused(work(), 'ledger.damaged')).message, /ledger\.sqlite is gone/);
    });
  });

  describe('of a clone that knows elsewhere what it held', () => {
    let clinic: Clinic;
    let file: string;
    beforeEach(async () => {
      clinic = new Clinic();
      clinic.clone('ana');
      clinic.write('ana', 'prompts/a.prompt.md', 'one\n');
      await clinic.init('ana');
      clinic.commit('ana');
      file = join(clinic.folder, 'ana/.prompt-audit/ledger.sqlite');
      const trail = await clinic.open('ana', { warn });
      await trail.sync();
      await trail.close();
      await tampered(file, "UPDATE event SET body = '{}' WHERE seq = 3");
    });
    afterEach(() => clinic.dispose());

    it('sync puts the file right and keeps the broken one; proofs are made again then', async () => {
      const warnings: string[] = [];
      const trail = await clinic.open('ana', { warn: (text) => warnings.push(text) });
      assert.match((await refused(trail.checkpoint(), 'ledger.damaged')).remedy, /sync/);
      await trail.sync();
      assert.equal(await trail.damage(), null);
      assert.ok(warnings.some((text) => text.includes('It is kept as ledger.damaged-')));
      await trail.checkpoint();
      await trail.close();
      const after = await (await clinic.open('ana', { warn })).verify({ full: true });
      assert.deepEqual(
        after.findings.map(({ code }) => code),
        ['file.setAside'],
      );
    });

    it('a review that would mend what it is about is refused, and mends nothing', async () => {
      const trail = await clinic.open('ana', { warn });
      const { findings } = await trail.verify();
      const broken = findings.find(({ severity }) => severity === 'error');
      const before = readFileSync(file);
      const input = { keys: [broken!.key], disposition: 'known', identity: 'git' } as const;
      const { remedy } = await refused(trail.disposeFindings(input), 'ledger.damaged');
      assert.match(remedy, /file\.setAside/);
      assert.deepEqual(readFileSync(file), before);
      assert.deepEqual(
        readdirSync(join(file, '..')).filter((name) => name.includes('damaged')),
        [],
      );
    });

    it('a pin that neither side meets is told as what may be the mistake, in a fresh clone', async () => {
      const policy = join(clinic.folder, 'ana/.prompt-audit/policy.jsonc');
      const line = `"minCheckpoint": { "size": 2, "root": "${Buffer.alloc(32).toString('base64')}" },`;
      const text = readFileSync(policy, 'utf8').replace(
        '"version": 1,',
        `"version": 1,\n  ${line}`,
      );
      writeFileSync(policy, text);
      clinic.commit('ana');
      clinic.clone('rosa');
      const { message, remedy } = await refused(clinic.open('rosa'), 'checkpoint.unmet');
      assert.match(remedy, /"minCheckpoint" in \.prompt-audit\/policy\.jsonc/);
      assert.doesNotMatch(message + remedy, /resolve/);
    });
  });
});

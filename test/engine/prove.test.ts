import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkProof } from '../../src/core/checkProof.js';
import type { PromptAuditError } from '../../src/core/errors.js';
import type { EventId } from '../../src/core/ids.js';
import type { ProofInput } from '../../src/core/proofReport.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';
const limits = { sealBytes: 30_000, snapshotEvery: 8, journalBytes: 8_000 };

function assertHolds(input: ProofInput): void {
  assert.deepEqual(checkProof(input).problems, []);
}

async function refusal(call: Promise<unknown>): Promise<PromptAuditError> {
  return await call.then(
    () => assert.fail('it was not refused'),
    (error: PromptAuditError) => error,
  );
}

describe('proofs of a ledger', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
  }

  async function team(): Promise<{ ana: Trail; ravi: Trail }> {
    await clinic.made(beginning);
    clinic.clone('ravi');
    const options = { autoSync: false, limits };
    return { ana: await clinic.open('ana', options), ravi: await clinic.open('ravi', options) };
  }

  async function revise(trail: Trail, clone: string, count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      clinic.write(clone, path, `${clone} ${at} ${(await trail.point()).size}\n`);
      await trail.record([path]);
    }
  }

  it('every event across volumes, and from every checkpoint to every later one', async () => {
    const { ana } = await team();
    for (let round = 0; round < 2; round++) {
      await revise(ana, 'ana', 16);
      await ana.sync();
    }
    await revise(ana, 'ana', 3);
    const volumes = join(clinic.folder, 'ana/.prompt-audit/volumes');
    assert.ok(existsSync(volumes) && readdirSync(volumes).length >= 2);
    await ana.close();
    const reopened = await clinic.open('ana', { autoSync: false, limits });
    const { size } = await reopened.point();
    const synced = (await reopened.checkpoint()).point.size;
    assert.ok(synced < size);
    const { text: trusted } = await reopened.checkpoint(synced);
    for (const row of await reopened.log()) {
      const proof = await reopened.prove({ event: row.seq });
      const isSynced = row.seq <= synced;
      assert.deepEqual(
        [proof.event, proof.provisional, proof.point.size],
        [row.id, !isSynced, isSynced ? synced : size],
      );
      const consistency = (await reopened.proveSince({ since: synced })).text;
      if (isSynced) assertHolds({ proof: proof.text, checkpoint: trusted });
      assertHolds({
        proof: (await reopened.prove({ event: row.id, checkpoint: size })).text,
        checkpoint: trusted,
        consistency: (await reopened.proveSince({ since: trusted, checkpoint: size })).text,
      });
      assertHolds({ proof: consistency, checkpoint: trusted });
    }
    for (let since = 1; since <= size; since += 5) {
      const { text } = await reopened.checkpoint(since);
      const proof = await reopened.proveSince({ since: text, checkpoint: size });
      assertHolds({ proof: proof.text, checkpoint: text });
      assert.equal(proof.since, since);
    }
  });

  it('two clones give the same proof of what they shared', async () => {
    const { ana, ravi } = await team();
    const { id } = await ana.propose({ path, note: 'the first' });
    await ana.sync();
    await revise(ravi, 'ravi', 2);
    await ravi.sync();
    await ana.sync();
    const [one, other] = [await ana.prove({ event: id }), await ravi.prove({ event: id })];
    assert.deepEqual(one, other);
    assert.equal(one.provisional, false);
  });

  it('refuses a checkpoint of another ledger, of more events, and of another history', async () => {
    const { ana } = await team();
    await revise(ana, 'ana', 5);
    const { text, point } = await ana.checkpoint(6);
    const [origin, size, root] = text.split('\n') as [string, string, string];
    const other = Buffer.alloc(32, 7).toString('base64');
    const split = await refusal(ana.proveSince({ since: text.replace(root, other) }));
    assert.equal(split.code, 'proof.inconsistent');
    assert.ok(split.message.includes(point.root) && split.message.includes('0707'));
    const foreign = text.replace(origin, `prompt-audit/${'e'.repeat(32)}`);
    const ahead = text.replace(`\n${size}\n`, '\n999\n');
    for (const since of [foreign, ahead]) {
      assert.equal((await refusal(ana.proveSince({ since }))).code, 'proof.inconsistent');
      const event = point.size;
      const { code } = await refusal(ana.prove({ event, checkpoint: since }));
      assert.equal(code, 'proof.inconsistent');
    }
    assert.equal((await refusal(ana.proveSince({ since: 'x' }))).code, 'proof.invalid');
  });

  it('refuses events and sizes that there are not', async () => {
    const { ana } = await team();
    const { size } = await ana.point();
    for (const event of [0, -1, 1.5, size + 1, 'f'.repeat(64) as EventId])
      assert.equal((await refusal(ana.prove({ event }))).code, 'event.unknown');
    for (const checkpoint of [0, -1, 1, 1.5, size + 1])
      assert.equal((await refusal(ana.prove({ event: 2, checkpoint }))).code, 'usage');
    assert.equal((await refusal(ana.checkpoint(size + 1))).code, 'usage');
    assert.equal((await refusal(ana.checkpoint(0))).code, 'usage');
    assertHolds({
      proof: (await ana.proveSince({ since: 0 })).text,
      checkpoint: (await ana.checkpoint()).text.replace(
        /\n\d+\n.*\n/,
        '\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
      ),
    });
  });

  it('puts a checkpoint that is given into the proof as it is', async () => {
    const { ana } = await team();
    const { text } = await ana.checkpoint();
    const signed = `${text}\n\u2014 ci.example/witness ${Buffer.alloc(68, 1).toString('base64')}\n`;
    const proof = await ana.prove({ event: 1, checkpoint: signed });
    assert.ok(proof.text.endsWith(`\n\n${signed}`));
    assertHolds({ proof: proof.text, checkpoint: text });
  });

  it('a redacted body is null in the proof, which still holds', async () => {
    const { ana } = await team();
    const { id } = await ana.propose({ path, note: 'a secret' });
    await ana.redact({ target: id, part: 'body', reason: 'leaked', identity: 'git' });
    const { text } = await ana.prove({ event: id });
    assertHolds({ proof: text });
    assert.equal(checkProof({ proof: text }).event?.body, null);
    const extra = Buffer.from(/^extra (.*)$/m.exec(text)![1]!, 'base64').toString();
    assert.ok(!extra.includes('secret'));
  });
});

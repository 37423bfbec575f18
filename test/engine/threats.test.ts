import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCheckpoint } from '../../src/core/checkpoint.js';
import { PromptAuditError } from '../../src/core/errors.js';
import type { LedgerId } from '../../src/core/ids.js';
import { MerkleTree } from '../../src/core/merkle.js';
import type { Finding, VerifyReport } from '../../src/core/rows.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { hasSshKeygen, SshKeys, type SshTestKey } from '../tools/sshKeys.js';
import {
  bodyOf,
  headerOf,
  idOf,
  put,
  readTables,
  rebuildChain,
  writeTables,
  type Tables,
} from '../tools/tamperTables.js';

const path = 'prompts/triage.prompt.md';
const policyFile = '.prompt-audit/policy.jsonc';
const git = { identity: 'git' } as const;

type Outcome = 'intact' | readonly string[];

/** What an attack comes to: the errors of `verify`, or the code with which the ledger is refused. */
const outcomeOf = ({ intact, findings }: VerifyReport): Outcome =>
  intact ? 'intact' : errorsIn(findings);
const errorsIn = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.filter((f) => f.severity === 'error').map(({ code }) => code)),
];

/** Each row of docs/THREATS.md names a test here or elsewhere. */
describe('threats', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let keys: SshKeys | null;
  let raviKey: SshTestKey | null = null;
  let good: Buffer;
  let file: string;
  let forged = 0;

  const at = (...parts: string[]): string => join(clinic.folder, ...parts);
  const open = (clone: string): Promise<Trail> =>
    clinic.open(clone, { autoSync: false, warn: () => undefined });

  before(async () => {
    clinic = new Clinic();
    keys = hasSshKeygen ? new SshKeys() : null;
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    if (keys) {
      raviKey = keys.make('ed25519');
      const line = `ravi@clinic.example namespaces="prompt-audit" ${raviKey.line}\n`;
      clinic.write('ana', '.prompt-audit/allowed_signers', line);
    }
    clinic.commit('ana');
    const ana = await open('ana');
    await ana.propose({ path, note: 'first' });
    await ana.sync();
    for (const name of ['ravi', 'rosa']) clinic.clone(name);
    if (raviKey) sshFor('ravi', raviKey);
    const ravi = await open('ravi');
    await ravi.decide({ target: `${path}@v1`, decision: 'approved', ...git });
    await ravi.sync();
    const rosa = await open('rosa');
    await rosa.sync();
    await rosa.deploy({ target: `${path}@v1`, env: 'production', ...git });
    await rosa.sync();
    await ana.sync();
    await ana.fold();
    file = at('ana/.prompt-audit/ledger.sqlite');
    good = readFileSync(file);
    assert.equal(outcomeOf(await ana.verify()), 'intact');
  });
  after(async () => {
    keys?.clean();
    await clinic.dispose();
  });

  function sshFor(clone: string, key: SshTestKey): void {
    clinic.git(clone, 'config', 'gpg.format', 'ssh');
    clinic.git(clone, 'config', 'user.signingkey', key.path);
  }

  async function changed(change: (tables: Tables) => void): Promise<Buffer> {
    const tables = await readTables(good);
    change(tables);
    return writeTables(good, tables);
  }

  /** What a clone that had the ledger says when its file is another one. */
  async function here(bytes: Uint8Array): Promise<Outcome> {
    writeFileSync(file, bytes);
    try {
      return outcomeOf(await (await open('ana')).verify());
    } finally {
      writeFileSync(file, good);
    }
  }

  /** A remote whose ledger branch was replaced by this file, with a checkpoint that fits it. */
  async function remoteWith(bytes: Uint8Array): Promise<string> {
    const name = `forged-${++forged}`;
    cpSync(clinic.remote, at(`${name}.git`), { recursive: true });
    const { events, meta } = await readTables(bytes);
    const tree = new MerkleTree();
    for (const { header } of events) tree.append(header as string);
    const id = meta.find(([key]) => key === 'ledger')![1] as LedgerId;
    const checkpoint = formatCheckpoint({ id, size: tree.size, root: tree.root() });
    const work = `${name}-work`;
    clinic.git('.', 'clone', '--quiet', '--branch', 'prompt-audit', at(`${name}.git`), work);
    writeFileSync(at(work, 'ledger.sqlite'), bytes);
    writeFileSync(at(work, 'checkpoint'), checkpoint);
    clinic.git(work, 'checkout', '--quiet', '--orphan', 'forged');
    clinic.git(work, 'add', '--all');
    const who = ['-c', 'user.name=Mallory', '-c', 'user.email=mallory@clinic.example'];
    clinic.git(work, ...who, 'commit', '--quiet', '-m', 'x');
    clinic.git(work, 'push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/prompt-audit');
    return name;
  }

  const guarded = async (work: () => Promise<Outcome>): Promise<Outcome> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PromptAuditError)) throw error;
      return [error.code];
    }
  };

  /** What a clone says that is made from the forged remote, and one that had the true ledger. */
  async function elsewhere(bytes: Uint8Array): Promise<{ fresh: Outcome; knowing: Outcome }> {
    const name = await remoteWith(bytes);
    clinic.git('.', 'clone', '--quiet', at(`${name}.git`), `${name}-fresh`);
    clinic.git(`${name}-fresh`, 'config', 'user.name', 'Auditor');
    clinic.git(`${name}-fresh`, 'config', 'user.email', 'auditor@clinic.example');
    const fresh = await guarded(async () =>
      outcomeOf(await (await open(`${name}-fresh`)).verify()),
    );
    clinic.git('rosa', 'remote', 'set-url', 'origin', at(`${name}.git`));
    const knowing = await guarded(async () => {
      await (await open('rosa')).sync();
      return 'intact';
    });
    clinic.git('rosa', 'remote', 'set-url', 'origin', clinic.remote);
    return { fresh, knowing };
  }

  const isBroken = (outcome: Outcome, what: string): void =>
    assert.notEqual(outcome, 'intact', what);

  it('a changed header, and a changed header with its id', async () => {
    for (const keepId of [true, false]) {
      const bytes = await changed(({ events }) => {
        const row = events.at(-1)!;
        put(row, { ...headerOf(row), at: '2026-01-01T00:00:00.000Z' }, undefined, keepId);
      });
      isBroken(await here(bytes), 'here');
      const { fresh, knowing } = await elsewhere(bytes);
      assert.deepEqual(knowing, ['sync.rewritten']);
      // The last event is named by none: without its author's signature only those who saw it know.
      assert.equal(fresh === 'intact', !keepId);
    }
  });

  it('a changed body', async () => {
    const bytes = await changed(({ events }) => {
      const row = events.find((one) => headerOf(one)['type'] === 'version.proposed')!;
      row.body = JSON.stringify({ ...bodyOf(row), note: 'other' });
    });
    isBroken(await here(bytes), 'here');
    const { fresh, knowing } = await elsewhere(bytes);
    assert.deepEqual([fresh, knowing], [['sync.rewritten'], ['sync.rewritten']]);
  });

  const shuffles: Readonly<Record<string, (tables: Tables) => void>> = {
    'a dropped event': ({ events }) => void events.splice(-3, 1),
    'an inserted event': ({ events }) => {
      const row = { ...events.at(-2)! };
      put(row, { ...headerOf(row), at: '2026-01-01T00:00:00.000Z' });
      events.splice(-2, 0, row);
    },
    'two events that change places': ({ events }) => {
      events.splice(-3, 2, events.at(-2)!, events.at(-3)!);
    },
    'an event twice': ({ events }) => void events.push({ ...events.at(-3)! }),
  };
  for (const [name, change] of Object.entries(shuffles)) {
    it(name, async () => {
      const bytes = await changed((tables) => {
        change(tables);
        for (const [i, row] of tables.events.entries()) row.seq = i + 1;
      });
      isBroken(await here(bytes), 'here');
      const { fresh, knowing } = await elsewhere(bytes);
      isBroken(fresh, 'fresh');
      assert.deepEqual(knowing, ['sync.rewritten']);
    });
  }

  it('the newest events cut off', async () => {
    const bytes = await changed(({ events }) => void events.splice(-2));
    const { fresh, knowing } = await elsewhere(bytes);
    assert.deepEqual(knowing, ['sync.rewritten']);
    assert.equal(fresh, 'intact', 'whoever has seen nothing needs a pinned checkpoint');
    assert.deepEqual(await here(bytes), ['file.replaced']);
    const trail = await open('ana');
    await trail.fold();
    assert.equal((await trail.log()).length, (await readTables(good)).events.length);
  });

  it('the whole chain recomputed, and shown to a fresh clone', async () => {
    const rebuilt = await changed(({ events, signatures }) => {
      const old = events.map(idOf);
      const row = events.find((one) => headerOf(one)['type'] === 'review.decided')!;
      put(row, { ...headerOf(row), who: headerOf(events[0]!)['who']! });
      rebuildChain(events, old);
      signatures.length = 0;
      const kept = events.filter((one) => headerOf(one)['type'] !== 'signature.attached');
      events.splice(0, events.length, ...kept);
      rebuildChain(events, old);
    });
    isBroken(await here(rebuilt), 'here');
    const { knowing } = await elsewhere(rebuilt);
    assert.deepEqual(knowing, ['sync.rewritten']);
  });

  it('a rebuilt ledger against a policy that pins a checkpoint', async () => {
    const bytes = await changed(({ events }) => void events.splice(-2));
    const { size, root } = await (await open('ana')).point();
    const name = await remoteWith(bytes);
    const clone = `${name}-pinned`;
    clinic.git('.', 'clone', '--quiet', at(`${name}.git`), clone);
    const base64 = Buffer.from(root, 'hex').toString('base64');
    const line = `"minCheckpoint": { "size": ${size}, "root": "${base64}" },`;
    const text = readFileSync(at(clone, policyFile), 'utf8');
    writeFileSync(at(clone, policyFile), text.replace('"version": 1,', `"version": 1,\n  ${line}`));
    const opened = guarded(async () => outcomeOf(await (await open(clone)).verify()));
    assert.deepEqual(await opened, ['checkpoint.unmet']);
  });

  it('a withheld text', async () => {
    const bytes = await changed(({ contents }) => void contents.splice(0));
    const { fresh } = await elsewhere(bytes);
    isBroken(fresh, 'fresh');
  });

  it('the file of another ledger', async () => {
    const other = new Clinic();
    try {
      other.clone('mallory');
      other.write('mallory', path, 'one\n');
      await other.init('mallory');
      const bytes = readFileSync(join(other.folder, 'mallory/.prompt-audit/ledger.sqlite'));
      assert.ok((await here(bytes)).includes('ledger.foreign'));
      const { knowing } = await elsewhere(bytes);
      assert.deepEqual(knowing, ['ledger.foreign']);
    } finally {
      await other.dispose();
    }
  });

  it('a signature stripped, changed, or moved to another row', async function () {
    if (!keys) return this.skip();
    const stripped = await changed(({ signatures }) => void signatures.splice(0));
    isBroken((await elsewhere(stripped)).fresh, 'stripped');
    // Which event a signature is on is what `signature.attached` says; the row is looked at by people only.
    const moved = await changed(({ events, signatures }) => {
      const target = events.find((one) => headerOf(one)['type'] === 'deployment.recorded')!;
      signatures[0]!.keys[0] = target.id;
    });
    const name = await remoteWith(moved);
    clinic.git('.', 'clone', '--quiet', at(`${name}.git`), `${name}-fresh`);
    const { verdicts } = await (await open(`${name}-fresh`)).verify();
    assert.deepEqual([verdicts.structure.outcome, verdicts.authenticity.signed], ['holds', 1]);
    const other = await changed(({ signatures }) => {
      signatures[0]!.bytes = Buffer.from(signatures[0]!.bytes).fill(0x41, 100, 120);
    });
    isBroken((await elsewhere(other)).fresh, 'other bytes');
  });

  describe('by people who take part', () => {
    let own: Clinic;
    let store: SshKeys | null;
    const warn = { autoSync: false, warn: () => undefined };
    beforeEach(() => {
      own = new Clinic();
      store = hasSshKeygen ? new SshKeys() : null;
    });
    afterEach(async () => {
      store?.clean();
      await own.dispose();
    });

    /** Ana's team with a version to approve; ravi's key is the only one that is allowed. */
    async function team(change: (policy: string) => string): Promise<SshTestKey | null> {
      const key = store?.make('ed25519') ?? null;
      own.clone('ana');
      own.write('ana', path, 'one\n');
      await own.init('ana');
      const policy = join(own.folder, 'ana', policyFile);
      writeFileSync(policy, change(readFileSync(policy, 'utf8')));
      const line = key ? `ravi@clinic.example ${key.line}\n` : '';
      own.write('ana', '.prompt-audit/allowed_signers', line);
      own.commit('ana');
      const ana = await own.open('ana', warn);
      await ana.propose({ path, note: 'first' });
      await ana.sync();
      return key;
    }
    const signed = (policy: string): string =>
      policy.replace('"required": 1', '"required": 1, "signed": true');
    const pose = (clone: string, name: string): void => {
      own.git(clone, 'config', 'user.name', name);
      own.git(clone, 'config', 'user.email', `${name.toLowerCase()}@clinic.example`);
    };
    const approve = (trail: Trail) =>
      trail.decide({ target: `${path}@v1`, decision: 'approved', ...git });
    async function deployed(clone: string): Promise<'deployed' | readonly string[]> {
      const trail = await own.open(clone, warn);
      try {
        await trail.sync();
        await trail.deploy({ target: `${path}@v1`, env: 'production', ...git });
        return 'deployed';
      } catch (error) {
        if (error instanceof PromptAuditError) return error.reasons;
        throw error;
      }
    }

    it("somebody else's name in git", async function () {
      if (!store) return this.skip();
      const key = await team(signed);
      own.clone('mallory');
      pose('mallory', 'Ravi');
      const mallory = await own.open('mallory', warn);
      await approve(mallory);
      await mallory.sync();
      assert.deepEqual(await deployed('ana'), ['approval.missing', 'approval.unsigned']);
      own.clone('ravi');
      own.git('ravi', 'config', 'gpg.format', 'ssh');
      own.git('ravi', 'config', 'user.signingkey', key!.path);
      const ravi = await own.open('ravi', warn);
      await approve(ravi);
      await ravi.sync();
      assert.equal(await deployed('ana'), 'deployed');
    });

    it('allowed_signers, policy and .mailmap edited first', async function () {
      if (!store) return this.skip();
      await team(signed);
      own.clone('mallory');
      pose('mallory', 'Ravi');
      const key = store.make('ed25519');
      own.git('mallory', 'config', 'gpg.format', 'ssh');
      own.git('mallory', 'config', 'user.signingkey', key.path);
      own.write('mallory', '.prompt-audit/allowed_signers', `ravi@clinic.example ${key.line}\n`);
      own.write('mallory', '.mailmap', 'Ravi <ravi@clinic.example> <mallory@clinic.example>\n');
      const policy = join(own.folder, 'mallory', policyFile);
      writeFileSync(policy, readFileSync(policy, 'utf8').replace(', "signed": true', ''));
      const mallory = await own.open('mallory', warn);
      await approve(mallory);
      await mallory.sync();
      assert.equal((await mallory.verify()).verdicts.authenticity.signed, 0);
      assert.deepEqual(await deployed('mallory'), ['approval.missing', 'approval.unsigned']);
    });

    it('.mailmap edited to become a reviewer: it counts as adopted from the protected branch', async () => {
      await team((policy) =>
        policy
          .replace('"roles": {', '"roles": { "reviewer": ["ravi@clinic.example"],')
          .replace('"required": 1', '"required": 1, "roles": ["reviewer"]'),
      );
      own.clone('mallory');
      own.write('mallory', '.mailmap', 'Ravi <ravi@clinic.example> <mallory@clinic.example>\n');
      const mallory = await own.open('mallory', warn);
      const refused = async (): Promise<readonly string[]> => {
        const error = await approve(mallory).then(
          () => null,
          (failure: unknown) => failure,
        );
        return error instanceof PromptAuditError ? error.reasons : [];
      };
      assert.deepEqual(await refused(), ['approver.role']);
      own.git('mallory', 'add', '--all');
      own.git('mallory', 'commit', '--quiet', '-m', 'on no protected branch');
      assert.deepEqual(await refused(), ['approver.role']);
      own.git('mallory', 'push', '--quiet', 'origin', 'HEAD:main');
      await mallory.sync();
      assert.deepEqual(await refused(), [], 'who may push there says who is who');
      assert.deepEqual((await mallory.version(path)).approvals, { given: 1, required: 1 });
    });

    it('self-approval under a second address, from one clone', async () => {
      await team((policy) => policy);
      pose('ana', 'Annie');
      const ana = await own.open('ana', warn);
      await approve(ana);
      const report = await ana.verify();
      assert.equal(report.verdicts.authenticity.oneClone, 1);
      assert.equal(report.verdicts.authenticity.signed, 0);
    });

    it('an unattended approval', async () => {
      await team((policy) => policy.replace('"required": 1', '"required": 1, "unattended": false'));
      own.clone('ravi');
      const ravi = await own.open('ravi', warn);
      await ravi.decide({ target: `${path}@v1`, decision: 'approved', identity: 'unattended' });
      await ravi.sync();
      assert.deepEqual(await deployed('ana'), ['approval.missing', 'approval.unattended']);
    });
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCheckpoint } from '../../src/core/checkpoint.js';
import type { ErrorCode, PromptAuditError } from '../../src/core/errors.js';
import type { LedgerId } from '../../src/core/ids.js';
import { MerkleTree } from '../../src/core/merkle.js';
import type { LedgerPoint, ReportedFinding } from '../../src/core/rows.js';
import type { Trail, TrailOptions } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { readTables, writeTables, type Tables } from '../tools/tamperTables.js';

export const path = 'prompts/triage.prompt.md';
export const branch = 'refs/heads/prompt-audit';
export const localRef = 'refs/prompt-audit/ledger';

/** What an attack shows instead of the true branch; `commit` null: no branch. */
export interface Shown {
  readonly commit: string | null;
  readonly size: number | null;
  readonly root: string | null;
}

/** Ana and Ravi share a ledger with two versions; somebody else may write to the remote. */
export class Attacked {
  readonly clinic = new Clinic();
  readonly warnings: string[] = [];
  #work = 0;

  static async begin(): Promise<Attacked> {
    const team = new Attacked();
    const { clinic } = team;
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
    const ana = await team.open('ana');
    await ana.propose({ path, note: 'first' });
    clinic.clone('ravi');
    const ravi = await team.open('ravi');
    await ravi.decide({ target: `${path}@v1`, decision: 'approved', identity: 'git' });
    await ana.sync();
    clinic.write('ana', path, 'two\n');
    await ana.propose({ path, note: 'second' });
    await ravi.sync();
    return team;
  }

  open(
    clone: string,
    more: Partial<Pick<TrailOptions, 'autoSync' | 'limits'>> = {},
  ): Promise<Trail> {
    return this.clinic.open(clone, { ...more, warn: (m) => void this.warnings.push(m) });
  }

  tip(repository = 'remote.git', ref = branch): string {
    return this.clinic.git(repository, 'rev-parse', ref);
  }

  /** Sets the branch of a remote to a commit, whatever it was. */
  force(commit: string, remote = 'remote.git'): void {
    this.clinic.git(remote, 'update-ref', branch, commit);
  }

  delete(): void {
    this.clinic.git('remote.git', 'update-ref', '-d', branch);
  }

  /** The branch goes back by some commits; they stay in the remote only until it collects. */
  rollBack(commits: number): Shown {
    this.force(`${branch}~${commits}`);
    return this.shown();
  }

  /** A commit with this change of the tables, and a checkpoint that fits; `onTop` of the branch, or a new root. */
  async forge(change: (tables: Tables) => void, onTop = false): Promise<Shown> {
    const { clinic } = this;
    const work = `work-${++this.#work}`;
    clinic.git('.', 'clone', '--quiet', '--branch', 'prompt-audit', clinic.remote, work);
    const file = join(clinic.folder, work, 'ledger.sqlite');
    const good = readFileSync(file);
    const tables = await readTables(good);
    change(tables);
    writeFileSync(file, await writeTables(good, tables));
    const tree = new MerkleTree();
    for (const { header } of tables.events) tree.append(header as string);
    const id = tables.meta.find(([key]) => key === 'ledger')![1] as LedgerId;
    const checkpoint = formatCheckpoint({ id, size: tree.size, root: tree.root() });
    writeFileSync(join(clinic.folder, work, 'checkpoint'), checkpoint);
    if (!onTop) clinic.git(work, 'checkout', '--quiet', '--orphan', 'forged');
    clinic.git(work, 'add', '--all');
    const who = ['-c', 'user.name=Mallory', '-c', 'user.email=mallory@clinic.example'];
    clinic.git(work, ...who, 'commit', '--quiet', '--allow-empty', '-m', 'x');
    clinic.git(work, 'push', '--quiet', '--force', 'origin', `HEAD:${branch}`);
    return this.shown();
  }

  /** What the remote shows now. */
  shown(): Shown {
    const commit = this.tip();
    const text = this.clinic.git('remote.git', 'show', `${commit}:checkpoint`);
    const [, size, root] = text.split('\n');
    return { commit, size: Number(size), root: Buffer.from(root!, 'base64').toString('hex') };
  }

  /** Refs of a clone that keep evidence, and their commits. */
  evidence(clone: string): readonly string[] {
    const text = this.clinic.git(
      clone,
      'for-each-ref',
      '--format=%(objectname)',
      'refs/prompt-audit/evidence/',
    );
    return text.split('\n').filter((line) => line !== '');
  }

  /**
   * What every attack must come to in a clone that saw the true branch: found, reported with both checkpoints,
   * kept as evidence, nothing here overwritten, and recording goes on.
   */
  async assertFound(
    clone: string,
    shown: Shown,
    code: ErrorCode = 'sync.rewritten',
  ): Promise<PromptAuditError> {
    const { clinic } = this;
    const trail = await this.open(clone);
    const before: LedgerPoint = await trail.point();
    const ref = this.tip(clone, localRef);
    const error = await failure(trail.sync(), code);
    const { size, root } = await pointAt(clinic, clone, ref);
    const says = (text: string): void => assert.ok(error.message.includes(text), error.message);
    says(`Seen here last: ${size} events, root ${root.slice(0, 16)}`);
    says(shown.commit === null ? 'There now: no ledger branch' : shown.commit.slice(0, 12));
    if (shown.size !== null) says(`There now: ${shown.size} events`);
    if (shown.root !== null) says(`root ${shown.root.slice(0, 16)}`);
    if (code === 'sync.rewritten') assert.match(error.remedy, /prompt-audit resolve --keep ours/);

    assert.deepEqual(await trail.point(), before);
    assert.equal(this.tip(clone, localRef), ref, 'the local ledger ref stays');
    if (shown.commit !== null) {
      assert.ok(this.evidence(clone).includes(shown.commit));
      clinic.git(clone, 'update-ref', '-d', 'refs/prompt-audit/remotes/origin/prompt-audit');
      clinic.git(clone, 'gc', '--quiet', '--prune=now');
      clinic.git(clone, 'cat-file', '-e', `${shown.commit}^{tree}`);
    }
    const found = await this.finding(trail, code);
    assert.match(found.expected!, new RegExp(`^${size} events, root ${root}, commit ${ref}`));
    assert.ok(found.found!.includes(shown.commit ?? 'no branch'));
    if (shown.root !== null) assert.ok(found.found!.includes(`root ${shown.root}`));
    assert.equal(found.reviewed, null);
    assert.equal((await trail.verify()).intact, true);

    clinic.write(clone, path, `${clone} goes on\n`);
    await trail.propose({ path, note: 'goes on' });
    assert.ok((await trail.point()).size > before.size);
    assert.equal((await trail.status()).syncProblem?.code, code);
    assert.deepEqual(this.shownNow(), shown, 'the remote is as it was');
    const twice = await this.findings(trail, code);
    assert.equal(twice.length, 1, 'the same thing is one finding');
    return error;
  }

  async findings(trail: Trail, code: string): Promise<readonly ReportedFinding[]> {
    return (await trail.verify()).findings.filter((one) => one.code === code);
  }

  async finding(trail: Trail, code: string): Promise<ReportedFinding> {
    const [found] = await this.findings(trail, code);
    assert.ok(found, code);
    return found;
  }

  shownNow(): Shown {
    const all = this.clinic.git('remote.git', 'for-each-ref', '--format=%(refname)');
    if (!all.split('\n').includes(branch)) return { commit: null, size: null, root: null };
    try {
      return this.shown();
    } catch {
      return { commit: this.tip(), size: null, root: null };
    }
  }
}

async function pointAt(clinic: Clinic, clone: string, commit: string) {
  const [, size, root] = clinic.git(clone, 'show', `${commit}:checkpoint`).split('\n');
  return { size: Number(size), root: Buffer.from(root!, 'base64').toString('hex') };
}

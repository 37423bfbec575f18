import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openTrail } from '../../../src/trail/openTrail.js';
import { gate } from '../../../src/trail/gate.js';
import { git } from '../git.js';
import type { Measured } from './child.js';
import { measuredBy } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { openForeign } from './openJobs.js';
import { timedRow, type Row } from './row.js';
import { interleaved, timed } from './samples.js';

const rounds = 3;

/**
 * The gate for a pull request that changes every prompt, in a fresh clone of one commit; against fetching the same
 * ledger branch, opening the ledger with all checks, and `git diff --raw`.
 */
export async function gateRows({ folder, size }: BenchLedger): Promise<Row[]> {
  const remote = `${folder}-gate.git`;
  await share(folder, remote);
  const parameters = [folder, remote];
  const taken = await interleaved(rounds, {
    ours: () => measuredBy(process.execPath, 'gate', parameters),
    limit: () => measuredBy(process.execPath, 'gate-limit', parameters),
  });
  rmSync(remote, { recursive: true });
  const bar = size >= 100_000 ? ({ of: 'limit', most: 2 } as const) : null;
  const sides = { limit: taken.limit };
  return [timedRow({ what: 'gate of a pull request', size, ours: taken.ours, sides, bar })];
}

/** A repository that others push to: the ledger branch, main with the policy, and a change of every prompt. */
async function share(folder: string, remote: string): Promise<void> {
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  git(folder, 'push', '--quiet', remote, 'refs/prompt-audit/ledger:refs/heads/prompt-audit');
  const work = `${folder}-gate-work`;
  git(folder, 'clone', '--quiet', folder, work);
  git(work, 'config', 'user.name', 'Bench');
  git(work, 'config', 'user.email', 'bench@clinic.example');
  const policy = '.prompt-audit/policy.jsonc';
  mkdirSync(path.join(work, '.prompt-audit'), { recursive: true });
  copyFileSync(path.join(folder, policy), path.join(work, policy));
  git(work, 'add', '--all');
  git(work, 'commit', '--quiet', '--message=Policy');
  git(work, 'push', '--quiet', remote, 'HEAD:main');
  const trail = await openTrail({ folder, tool: 'bench/1', source: 'cli' });
  for (const prompt of git(work, 'ls-files', 'prompts').split('\n')) {
    const approved = (await trail.versions(prompt, 20)).findLast(
      ({ state }) => state === 'approved',
    );
    if (approved !== undefined)
      writeFileSync(path.join(work, prompt), await trail.content(approved.digest));
  }
  await trail.close();
  git(work, 'commit', '--quiet', '--all', '--message=Change');
  git(work, 'push', '--quiet', remote, 'HEAD:refs/heads/change');
  rmSync(work, { recursive: true });
}

/** Works in a clone as a host's CI makes it, which is not counted. */
async function inClone(
  folder: string,
  remote: string,
  work: (clone: string) => Promise<unknown>,
): Promise<Measured> {
  const clone = `${folder}-gate-ci`;
  rmSync(clone, { recursive: true, force: true });
  git(folder, 'clone', '--quiet', '--depth=1', '--branch=change', `file://${remote}`, clone);
  const ms = await timed(() => work(clone));
  rmSync(clone, { recursive: true });
  return { ms };
}

export function gateOnce(folder: string, remote = ''): Promise<Measured> {
  return inClone(folder, remote, async (clone) => {
    const options = { folder: clone, tool: 'bench/1', source: 'cli' } as const;
    const { rows } = await gate(options, { base: 'main' });
    const allowed = rows.filter(({ verdict }) => verdict === 'allow').length;
    if (allowed < 30) throw new Error(`Only ${allowed} of ${rows.length} prompts were allowed.`);
  });
}

/** What nobody can do without who judges by a ledger that is not here yet. */
export function gateLimit(folder: string, remote = ''): Promise<Measured> {
  return inClone(folder, remote, async (clone) => {
    git(clone, 'fetch', '--quiet', '--depth=1', 'origin', 'main', 'prompt-audit');
    await openForeign(folder);
    git(clone, 'diff', '--raw', 'FETCH_HEAD', 'HEAD');
  });
}

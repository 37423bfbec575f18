import { durable, neutralIdentity } from './ledgerCommit.js';
import { assertObjectId, isObjectId } from './names.js';
import { gitText } from './runGit.js';

/** Commits of ledger branches that contradict what this clone saw, so that git's gc keeps them. */
const folder = 'refs/prompt-audit/evidence/';
/** More are not kept: the first half and the newest stay. */
const most = 16;

/** Those refs, oldest first, and the commits that they name. Throws `git.failed`. */
async function evidenceRefs(root: string): Promise<ReadonlyMap<string, string>> {
  const text = await gitText({
    folder: root,
    doing: 'list the evidence',
    args: ['for-each-ref', '--sort=refname', '--format=%(objectname) %(refname)', '--', folder],
  });
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [commit = '', ref = ''] = line.split(' ');
    if (isObjectId(commit) && ref.startsWith(folder)) refs.set(ref, commit);
  }
  return refs;
}

/**
 * Keeps a commit under a ref of its own, `refs/prompt-audit/evidence/<UTC>-<12 hex digits>`, and gives that;
 * the one that it has already where it has one. Throws `git.failed`.
 */
export async function keepEvidenceRef(root: string, commit: string, at: Date): Promise<string> {
  assertObjectId(commit);
  const refs = await evidenceRefs(root);
  for (const [ref, kept] of refs) if (kept === commit) return ref;
  const stamp = at.toISOString().replaceAll(/[-:]/g, '').replace(/\.\d+/, '');
  const ref = `${folder}${stamp}-${commit.slice(0, 12)}`;
  const old = [...refs].slice(most / 2, Math.max(most / 2, refs.size - most / 2 + 1));
  await update(root, [
    `update ${ref}\0${commit}\0\0`,
    ...old.map(([name, kept]) => `delete ${name}\0${kept}\0`),
  ]);
  return ref;
}

/** Lets go of all of it, as a purge must. Throws `git.failed`. */
export async function forgetEvidence(root: string): Promise<void> {
  const refs = await evidenceRefs(root);
  await update(
    root,
    [...refs].map(([ref, commit]) => `delete ${ref}\0${commit}\0`),
  );
}

async function update(root: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await gitText({
    folder: root,
    doing: 'keep the evidence',
    args: ['update-ref', '-z', '--stdin'],
    config: durable,
    env: neutralIdentity,
    input: `start\0${lines.join('')}commit\0`,
  });
}

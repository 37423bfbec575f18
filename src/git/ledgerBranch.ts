import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { gitError, relevantLine } from './gitErrors.js';
import type { GitRunner } from './runner.js';

/** Where this clone keeps the ledger; no branch, so no list of branches shows it. */
export const localLedgerRef = 'refs/prompt-audit/ledger';
const remoteLedgerRef = 'refs/prompt-audit/remote';

/** Larger files on the ledger branch are not ours; in bytes. */
const maxLedgerFile = 64 * 1024 * 1024;

const networkTimeout = 60_000;

/** Neutral, so that commits of the ledger branch tell nothing about who syncs. */
const neutralPerson = {
  GIT_AUTHOR_NAME: 'Prompt Audit Trail',
  GIT_AUTHOR_EMAIL: 'prompt-audit@localhost',
  GIT_COMMITTER_NAME: 'Prompt Audit Trail',
  GIT_COMMITTER_EMAIL: 'prompt-audit@localhost',
};

/** The files of one commit of the ledger branch, by name. */
export type LedgerFiles = ReadonlyMap<string, Uint8Array>;

/** The files of a commit, or of the local ledger ref; null where that does not exist. */
export async function readLedger(
  git: GitRunner,
  commit?: string,
): Promise<{ commit: string; files: LedgerFiles } | null> {
  const id = commit ?? (await commitOfRef(git, localLedgerRef));
  if (id === null) return null;
  const listing = await git.text(['ls-tree', '-r', '-l', '-z', '--full-tree', id]);
  const files = new Map<string, Uint8Array>();
  for (const entry of listing.split('\0')) {
    const match = /^100644 blob ([0-9a-f]{40,64}) +(\d+)\t(.+)$/s.exec(entry);
    if (match === null) continue;
    const [, blob = '', size, name = ''] = match;
    if (Number(size) > maxLedgerFile) throw tooLarge(name, Number(size));
    files.set(name, await git.blob(blob));
  }
  return { commit: id, files };
}

/** Fetches the ledger branch and gives its commit; null where the remote has no such branch. */
export async function fetchLedger(
  git: GitRunner,
  remote: string,
  branch: string,
): Promise<string | null> {
  const refspec = `+refs/heads/${branch}:${remoteLedgerRef}`;
  try {
    await git.text(
      [
        'fetch',
        // simple-git waits 50 ms after a call that prints nothing.
        '--verbose',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
        '--no-recurse-submodules',
        '--refmap=',
        '--',
        remote,
        refspec,
      ],
      { timeout: networkTimeout, env: await sshEnvironment(git) },
    );
  } catch (error) {
    const cause = error instanceof PromptAuditError ? error.cause : error;
    if (cause instanceof Error && /couldn't find remote ref/.test(cause.message)) return null;
    throw error;
  }
  return commitOfRef(git, remoteLedgerRef);
}

/** A commit with these files on top of `parent`, whose other files it keeps. Moves no ref. */
export async function commitLedger(
  git: GitRunner,
  input: { parent: string | null; files: LedgerFiles; message: string },
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prompt-audit-'));
  try {
    const names = [...input.files.keys()];
    const copies = names.map((_, i) => join(folder, String(i)));
    for (const [i, bytes] of [...input.files.values()].entries())
      await writeFile(copies[i]!, bytes);
    const hashed = await git.text(['hash-object', '-w', '--no-filters', '--', ...copies]);
    const blobs = hashed.trim().split('\n');
    const env = { GIT_INDEX_FILE: join(folder, 'index'), ...neutralPerson };
    const kept = input.parent === null ? '' : await git.text(['ls-tree', '-r', '-z', input.parent]);
    const entries = new Map(keptEntries(kept));
    for (const [i, name] of names.entries()) entries.set(name, blobs[i] ?? '');
    const cached = [...entries].flatMap(([name, blob]) => [
      '--cacheinfo',
      `100644,${blob},${name}`,
    ]);
    await git.text(['update-index', '--add', '--verbose', ...cached], { env });
    const tree = (await git.text(['write-tree'], { env })).trim();
    const parents = input.parent === null ? [] : ['-p', input.parent];
    const args = ['commit-tree', tree, ...parents, '-m', input.message];
    return (await git.text(args, { env })).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes a commit the local ledger. */
export async function setLocalLedger(git: GitRunner, commit: string): Promise<void> {
  await git.text(['update-ref', localLedgerRef, commit]);
}

/**
 * Pushes without force. `rejected`: another clone was faster; fetch and try again.
 * Throws `sync.refused` where the host does not take it, `sync.offline` where it is not there.
 */
export async function pushLedger(
  git: GitRunner,
  remote: string,
  branch: string,
  commit: string,
): Promise<'pushed' | 'rejected'> {
  try {
    await git.text(
      [
        'push',
        '--porcelain',
        '--no-verify',
        '--no-signed',
        '--no-follow-tags',
        '--recurse-submodules=no',
        '--',
        remote,
        `${commit}:refs/heads/${branch}`,
      ],
      { timeout: networkTimeout, env: await sshEnvironment(git) },
    );
    return 'pushed';
  } catch (error) {
    const cause = error instanceof PromptAuditError ? error.cause : error;
    const text = cause instanceof Error ? cause.message : '';
    if (lostRace.test(text)) return 'rejected';
    if (/\[remote rejected\]|pre-receive|hook declined|protected/i.test(text)) {
      throw new PromptAuditError({
        code: 'sync.refused',
        message: `The remote ${remote} refused the ledger: ${relevantLine(text)}`,
        remedy: `Let pushes to the branch ${branch} through on the host. Everything is recorded here.`,
        cause,
      });
    }
    throw gitError(error, remote);
  }
}

const lostRace =
  /\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists/i;

/** Name and blob of the files in a listing of ls-tree -z. */
function keptEntries(listing: string): [string, string][] {
  return listing.split('\0').flatMap((entry) => {
    const match = /^100644 blob ([0-9a-f]{40,64})\t(.+)$/s.exec(entry);
    return match === null ? [] : [[match[2] ?? '', match[1] ?? ''] as [string, string]];
  });
}

async function commitOfRef(git: GitRunner, ref: string): Promise<string | null> {
  return git.object(`${ref}^{commit}`);
}

/** ssh must not ask for a password; what the user configured instead of plain ssh is left alone. */
async function sshEnvironment(git: GitRunner): Promise<Record<string, string>> {
  if (process.env['GIT_SSH_COMMAND'] || process.env['GIT_SSH']) return {};
  const configured = await git.text(['config', '--default', 'none', '--get', 'core.sshCommand']);
  return configured.trim() === 'none' ? { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' } : {};
}

function tooLarge(name: string, size: number): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.tooLarge',
    message: `${name} on the ledger branch has ${Math.round(size / 1024 / 1024)} MB.`,
    remedy: 'Find out who pushed it; a ledger file has at most 64 MB.',
  });
}

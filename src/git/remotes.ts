import { PromptAuditError } from '../core/errors.js';
import { printable } from './gitErrors.js';
import { gitText, runGit } from './runGit.js';

/** The names of the configured remotes. */
export async function remoteNames(root: string): Promise<readonly string[]> {
  const text = await gitText({ folder: root, doing: 'list the remotes', args: ['remote'] });
  return text.split('\n').filter((name) => name !== '');
}

/**
 * The remote that holds the ledger: the preferred one, else that of the current branch's upstream, else
 * `origin`, else the only one; null where there is no choice. Throws `sync.noRemote` for a preferred one
 * that is not there: another must not take its place unasked.
 */
export async function chooseLedgerRemote(
  root: string,
  preferred: string | undefined,
): Promise<string | null> {
  const names = await remoteNames(root);
  if (preferred !== undefined) {
    if (names.includes(preferred)) return preferred;
    throw noSuchRemote(preferred, names);
  }
  if (names.length === 0) return null;
  const upstream = await upstreamRemote(root);
  if (upstream !== null && names.includes(upstream)) return upstream;
  if (names.includes('origin')) return 'origin';
  return names.length === 1 ? (names[0] ?? null) : null;
}

async function upstreamRemote(root: string): Promise<string | null> {
  const head = await runGit({
    folder: root,
    doing: 'name the branch',
    args: ['symbolic-ref', '--quiet', 'HEAD'],
  });
  const branch = head.stdout.toString('utf8').trim();
  if (head.exitCode !== 0 || !branch.startsWith('refs/heads/')) return null;
  const remote = await runGit({
    folder: root,
    doing: 'read the upstream of the branch',
    args: [
      'config',
      '--default',
      '',
      '--get',
      `branch.${branch.slice('refs/heads/'.length)}.remote`,
    ],
  });
  return remote.exitCode === 0 ? remote.stdout.toString('utf8').trim() : null;
}

function noSuchRemote(name: string, names: readonly string[]): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.noRemote',
    message: `There is no remote called ${printable(name)}.`,
    remedy:
      names.length === 0
        ? 'Add one with: git remote add origin URL'
        : `This repository has: ${names.map(printable).join(', ')}. Name one of them, or add that one again.`,
  });
}

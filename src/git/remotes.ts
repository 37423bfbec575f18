import { PromptAuditError } from '../core/errors.js';
import { printable } from './gitErrors.js';
import { askOnce } from './oneAct.js';
import { namesIn, remoteConfig, type Setting } from './remoteConfig.js';
import { gitText, runGit } from './runGit.js';

/** The names of the configured remotes. */
export async function remoteNames(root: string): Promise<readonly string[]> {
  const text = await gitText({ folder: root, doing: 'list the remotes', args: ['remote'] });
  return text.split('\n').filter((name) => name !== '');
}

/** By which the user of a clone says which remote holds the ledger, in this clone or in all. */
export const remoteSetting = 'prompt-audit.remote';

/**
 * The remote that holds the ledger: the one that is asked for, else the one that `prompt-audit.remote` names,
 * else the pinned one, else that of the current branch's upstream, else `origin`, else the only one; null where
 * there is no choice. Throws `sync.noRemote` for a named one that is not there: another must not take its
 * place unasked.
 */
export async function chooseLedgerRemote(
  root: string,
  asked: string | undefined,
  pinned?: string,
  config?: readonly Setting[],
): Promise<string | null> {
  const entries = config ?? (await remoteConfig(root));
  const names = namesIn(entries);
  const settings = new Map(entries.filter(([, value]) => value !== ''));
  const configured = settings.get(remoteSetting);
  const named = asked ?? configured ?? pinned;
  if (named !== undefined) {
    if (names.includes(named)) return named;
    throw noSuchRemote(named, names, asked === undefined ? configured : undefined);
  }
  if (names.length === 0) return null;
  const upstream = await upstreamRemote(root, settings);
  if (upstream !== undefined && names.includes(upstream)) return upstream;
  if (names.includes('origin')) return 'origin';
  return names.length === 1 ? (names[0] ?? null) : null;
}

async function upstreamRemote(
  root: string,
  settings: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const args = ['symbolic-ref', '--quiet', 'HEAD'];
  const call = { folder: root, doing: 'name the branch', args };
  const head = await askOnce(`branch\0${root}`, () => runGit(call));
  const branch = head.stdout.toString('utf8').trim();
  if (head.exitCode !== 0 || !branch.startsWith('refs/heads/')) return undefined;
  return settings.get(`branch.${branch.slice('refs/heads/'.length)}.remote`);
}

/** Several remotes, and nothing says which of them holds the ledger. */
export function manyRemotes(names: readonly string[]): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.noRemote',
    message: `This repository has several remotes (${names.map(printable).join(', ')}), and nothing says which one holds the ledger.`,
    remedy: `Name it with: git config ${remoteSetting} NAME`,
  });
}

function noSuchRemote(
  name: string,
  names: readonly string[],
  configured: string | undefined,
): PromptAuditError {
  const by =
    configured === undefined ? '' : `, which ${remoteSetting} of git's configuration names`;
  return new PromptAuditError({
    code: 'sync.noRemote',
    message: `There is no remote called ${printable(name)}${by}.`,
    remedy:
      names.length === 0
        ? 'Add one with: git remote add origin URL'
        : `This repository has: ${names.map(printable).join(', ')}. If it was renamed, name it with: git config ${remoteSetting} NAME; or add that one again.`,
  });
}

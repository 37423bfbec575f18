import { readdir } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { parsePublicKey } from '../core/ssh/publicKey.js';
import { publicKeyOfFile } from './publicKey.js';
import { runProgram } from './runProgram.js';

/** What is on this machine to set up signing with. */
export interface Found {
  readonly platform: NodeJS.Platform;
  /** The folder `.ssh` of the user. */
  readonly folder: string;
  /** Names of public key files in it, the best first. */
  readonly files: readonly string[];
  /** Public keys in the SSH agent, as lines. */
  readonly agent: readonly string[];
}

/**
 * The one line to paste that sets up SSH signing: with a key that is there, else it makes one. `commits`
 * false: whoever signs commits in another way keeps doing so.
 */
export function oneStepLine(found: Found, commits: boolean): string {
  const windows = found.platform === 'win32';
  // The PowerShell of Windows does not know `&&`.
  const then = windows ? '; ' : ' && ';
  const place = (name: string): string =>
    windows ? `"${join(found.folder, name)}"` : shellPath(found.folder, name);
  const [file] = found.files;
  const [held] = found.agent;
  const fresh = 'id_ed25519';
  const value =
    file !== undefined
      ? place(file)
      : held !== undefined
        ? `"key::${held.split(/\s+/).slice(0, 2).join(' ')}"`
        : place(`${fresh}.pub`);
  const make =
    file === undefined && held === undefined ? [`ssh-keygen -t ed25519 -f ${place(fresh)}`] : [];
  const set = commits
    ? ['git config --global gpg.format ssh', `git config --global user.signingkey ${value}`]
    : [`git config --global prompt-audit.signingKey ${value}`];
  return [...make, ...set].join(then);
}

/** Looks into `~/.ssh` and asks the agent. Never fails: what cannot be read is not there. */
export async function findKeys(): Promise<Found> {
  const folder = join(homedir(), '.ssh');
  const names = await readdir(folder).catch(() => []);
  const files: string[] = [];
  for (const name of names.filter((one) => one.endsWith('.pub')).sort(byPreference)) {
    if (isPlain(name) && (await publicKeyOfFile(join(folder, name))).ok) files.push(name);
  }
  return { platform: platform(), folder, files, agent: await agentKeys() };
}

/** The public keys in the SSH agent, as lines; none where there is no agent. */
export async function agentKeys(): Promise<readonly string[]> {
  const call = { program: 'ssh-add', args: ['-L'], folder: homedir(), interactive: false };
  const end = await runProgram({ ...call, timeout: 10_000 });
  if (end.kind !== 'exited' || end.status !== 0) return [];
  return end.stdout.split('\n').filter((line) => parsePublicKey(line).ok);
}

const preferred = [
  'id_ed25519.pub',
  'id_ed25519_sk.pub',
  'id_ecdsa_sk.pub',
  'id_ecdsa.pub',
  'id_rsa.pub',
];

function byPreference(one: string, other: string): number {
  const rank = (name: string): number => {
    const at = preferred.indexOf(name);
    return at < 0 ? preferred.length : at;
  };
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

/** Such as no shell reads anything into. */
function isPlain(name: string): boolean {
  return /^[\w][\w.@-]*$/.test(name);
}

function shellPath(folder: string, name: string): string {
  return folder === join(homedir(), '.ssh')
    ? `~/.ssh/${name}`
    : `'${join(folder, name).replaceAll("'", `'\\''`)}'`;
}

import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { isBranchAbsent } from './absentBranch.js';
import { printable } from './gitErrors.js';
import { remoteSetting } from './remotes.js';
import type { GitCall } from './runGit.js';
import type { PushRemote, TransferSettings } from './transferSettings.js';

/**
 * Whether a remote is pushed to at another address where it certainly has no such branch: git asks there. False
 * where both addresses name one repository (of which one may be for ssh), or where nobody can tell.
 * `call`: of the push, for its folder and limits. Throws `git.timeout`.
 */
export async function lacksBranchForPushes(
  call: Pick<GitCall, 'folder' | 'doing' | 'timeout'>,
  { ssh, pushRemote }: TransferSettings,
  branch: string,
): Promise<boolean> {
  if (pushRemote === null || !pushRemote.splits) return false;
  const [url, pushUrl] = addressesOf(pushRemote);
  if (url === undefined || pushUrl === undefined || isSameRepository(url, pushUrl)) return false;
  const settings = pushRemote.settings.flatMap(([key, value]) =>
    key.endsWith('.url') ? [] : [[key.replace(/\.pushurl$/, '.url'), value] as const],
  );
  try {
    const asked: GitCall = { ...call, args: [], settings, env: ssh, network: true };
    return await isBranchAbsent(asked, pushRemote.name, branch);
  } catch (error) {
    // The push itself says better what is wrong there.
    if (isPromptAuditError(error) && error.code !== 'git.timeout') return false;
    throw error;
  }
}

function addressesOf({ settings }: PushRemote): readonly (string | undefined)[] {
  return ['.url', '.pushurl'].map((end) => settings.find(([key]) => key.endsWith(end))?.[1]);
}

/** Whether two addresses name the same path of the same host, by whatever protocol. */
export function isSameRepository(a: string, b: string): boolean {
  return plainAddress(a) === plainAddress(b);
}

function plainAddress(address: string): string {
  const [, host, path] =
    /^[\w+-]+:\/\/(?:[^/@]*@)?([^/:]*)(?::\d+)?\/(.*)$/.exec(address) ??
    /^(?:[^/@]*@)?([^/:]+):(.*)$/.exec(address) ??
    [];
  const place = path === undefined ? address : `${host!.toLowerCase()}/${path}`;
  return place
    .replaceAll(/\/+/g, '/')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
}

/** What a push did to the repository that it went to; `nothing`: it was not made. */
export type LeftBehind = 'nothing' | 'created' | 'moved';

/** Its remote has a pushurl of another repository: what is sent there nobody would ever fetch. */
export function twoRepositories(
  remote: string,
  pushRemote: PushRemote | null,
  left: LeftBehind,
): PromptAuditError {
  const name = printable(remote);
  const address = printable((pushRemote && addressesOf(pushRemote)[1]) ?? 'its push address');
  const lies = {
    nothing: ' Nothing was sent.',
    created: ` The branch prompt-audit, with the texts of the trail, lies in ${address} now.`,
    moved: ` The branch prompt-audit of ${address} was moved on, with the texts of the trail.`,
  }[left];
  const undo = {
    nothing: '',
    created: ` Delete the branch there with: git push ${name} --delete prompt-audit.`,
    moved: ` Let its owner set that branch back.`,
  }[left];
  return new PromptAuditError({
    code: 'sync.refused',
    message: `The remote ${name} reads from one repository and pushes to another, so what is sent cannot be seen again.${lies}`,
    remedy: `Everything is recorded here.${undo} The ledger needs one repository for both: make a remote of it and name it with: git config ${remoteSetting} NAME (or correct the address with: git remote set-url --push ${name} URL)`,
  });
}

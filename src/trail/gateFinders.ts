import { PromptAuditError } from '../core/errors.js';
import type { GatePlace } from '../git/gatePlace.js';
import { commitNamed, headBranch, isRefName, refCommit, remoteRefs } from '../git/gateRefs.js';
import { isObjectId } from '../git/names.js';
import type { GateInput } from './gateApi.js';
import { ledgerBranch } from './ledgerBranch.js';

/** How commits are found and brought here. */
export interface GateAccess {
  readonly place: GatePlace;
  /** Null: this repository itself is the one that others push to. */
  readonly remote: string | null;
  /** Whether the remote may be asked. */
  readonly fetch: boolean;
}

/** Finds commits by the names that people and hosts give them. */
export interface Finder {
  /** The tip of a branch of the shared repository. */
  branch(name: string): Promise<string | null>;
  /** Its default branch. */
  standard(): Promise<{ readonly name: string; readonly commit: string }>;
  base(name: string): Promise<string | null>;
  head(name: string): Promise<string | null>;
}

/** By what is here: in the shared repository itself, or as it was fetched last. */
export function localFinder({ place, remote }: GateAccess): Finder {
  const branch = async (name: string): Promise<string | null> => {
    if (remote === null) return refCommit(place, `refs/heads/${name}`);
    return (
      (await refCommit(place, `refs/prompt-audit/remotes/${remote}/${name}`)) ??
      (await refCommit(place, `refs/remotes/${remote}/${name}`))
    );
  };
  const here = async (name: string): Promise<string | null> =>
    isCommitId(name) ? name : commitNamed(place, name);
  return {
    branch,
    head: here,
    async base(name) {
      if (isCommitId(name) || isRefName(name)) return here(name);
      for (const short of shortNames(name, remote)) {
        const found = isRefName(`refs/heads/${short}`) ? await branch(short) : null;
        if (found !== null) return found;
      }
      return here(name);
    },
    async standard() {
      const name =
        remote === null
          ? await headBranch(place)
          : ((await place.git.filesOnProtectedBranch({ remote, branch: null, paths: [] }))
              ?.branch ?? null);
      const commit =
        name === null
          ? null
          : remote === null
            ? await branch(name)
            : await refCommit(place, `refs/remotes/${remote}/${name}`);
      if (name === null || commit === null) throw noDefault(remote);
      return { name, commit };
    },
  };
}

/** By what the remote has now. */
export async function remoteFinder(
  { place }: GateAccess,
  remote: string,
  { base, head, contains }: GateInput,
): Promise<Finder> {
  const names = (name: string): string[] =>
    isRefName(name)
      ? [name]
      : [...shortNames(name, remote).map((short) => `refs/heads/${short}`), `refs/tags/${name}`];
  const asked = [base, head, contains].flatMap((name) =>
    name === undefined || isCommitId(name) ? [] : names(name),
  );
  const usual = [ledgerBranch, 'main', 'master'].map((name) => `refs/heads/${name}`);
  const { refs, defaultBranch } = await remoteRefs(place, remote, [...usual, ...asked]);
  const there = (name: string): string | null =>
    names(name)
      .map((full) => refs.get(full))
      .find((id) => id !== undefined) ?? null;
  const branch = async (name: string): Promise<string | null> =>
    refs.get(`refs/heads/${name}`) ??
    (await remoteRefs(place, remote, [`refs/heads/${name}`])).refs.get(`refs/heads/${name}`) ??
    null;
  return {
    branch,
    async base(name) {
      return isCommitId(name) ? name : (there(name) ?? (await commitNamed(place, name)));
    },
    async head(name) {
      return isCommitId(name) ? name : ((await commitNamed(place, name)) ?? there(name));
    },
    async standard() {
      for (const name of defaultBranch === null ? ['main', 'master'] : [defaultBranch]) {
        const commit = await branch(name);
        if (commit !== null) return { name, commit };
      }
      throw noDefault(remote);
    },
  };
}

/** Hosts name with zeros what is not there. */
const isCommitId = (name: string): boolean => isObjectId(name) && !/^0+$/.test(name);

/** `origin/main` means the branch `main` of `origin`, unless there is one that is called so. */
function shortNames(name: string, remote: string | null): string[] {
  const prefix = `${remote ?? ''}/`;
  return remote !== null && name.startsWith(prefix) ? [name, name.slice(prefix.length)] : [name];
}

function noDefault(remote: string | null): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.missing',
    message: `Nobody can tell which branch of ${remote ?? 'this repository'} is the protected one: its default branch is not known${remote === null ? ', or has no commit' : ' here'}.`,
    remedy:
      remote === null
        ? 'Name it with: git symbolic-ref HEAD refs/heads/NAME'
        : `Run the gate without --no-fetch, or: git remote set-head ${remote} --auto`,
  });
}

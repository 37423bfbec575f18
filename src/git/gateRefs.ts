import { PromptAuditError } from '../core/errors.js';
import type { GatePlace } from './gatePlace.js';
import { gitFailed } from './gitErrors.js';
import { assertRemoteName, isObjectId } from './names.js';
import { commitsAt } from './objectChecks.js';
import { remoteFailure } from './remoteErrors.js';
import { runGit, type GitCall } from './runGit.js';
import { transferSettings } from './transferSettings.js';

/** What a remote has now. */
export interface RemoteRefs {
  /** The branch that its HEAD names. */
  readonly defaultBranch: string | null;
  /** Full names of those that were asked for and are there, to the commits that they lead to. */
  readonly refs: ReadonlyMap<string, string>;
}

/** Asks a remote for refs by their full names, in one exchange. Throws `sync.offline`, `sync.refused`, `git.timeout`. */
export async function remoteRefs(
  { folder }: GatePlace,
  remote: string,
  names: readonly string[],
): Promise<RemoteRefs> {
  assertRemoteName(remote);
  const wanted = names.filter(isRefName);
  const call: GitCall = {
    folder,
    doing: `ask ${remote} for its branches`,
    args: [
      'ls-remote',
      '--symref',
      '--',
      remote,
      'HEAD',
      ...wanted.flatMap((name) => [name, `${name}^{}`]),
    ],
    env: (await transferSettings(folder, remote)).ssh,
    network: true,
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) throw remoteFailure(remote, call, outcome);
  const refs = new Map<string, string>();
  let defaultBranch: string | null = null;
  for (const line of outcome.stdout.toString('utf8').split('\n')) {
    const [what = '', name = ''] = line.split('\t');
    const branch = /^ref: refs\/heads\/(.+)$/.exec(what)?.[1];
    if (branch !== undefined && name === 'HEAD') defaultBranch = branch;
    // A tag's own line comes before the one of the commit that it leads to.
    else if (isObjectId(what)) refs.set(name.replace(/\^\{\}$/, ''), what);
  }
  return { defaultBranch, refs };
}

/** Whether a text can be the full name of a ref; then it is no option and no expression either. */
export function isRefName(name: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^refs\/./.test(name) && !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|[/.]$/.test(name);
}

/**
 * The commit that a name or an expression of git leads to here; null where there is none. The full name of a ref means
 * that one only: git would else take a tag whose own name is `refs/pull/7/merge` for it. Throws `git.failed`.
 */
export async function commitNamed(place: GatePlace, name: string): Promise<string | null> {
  const exact = isRefName(name) ? await refCommit(place, name) : name;
  return exact === null ? null : ((await commitsNamed(place, [exact]))[0] ?? null);
}

function commitsNamed(
  { folder, env }: GatePlace,
  names: readonly string[],
): Promise<readonly (string | null)[]> {
  const oneLine = names.map((name) => (/[\r\n]/.test(name) ? '' : name));
  return commitsAt({ folder, env, doing: 'find commits' }, oneLine);
}

/** Of these commits those that are not here. */
export async function absentCommits(
  place: GatePlace,
  ids: readonly string[],
): Promise<readonly string[]> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return [];
  const found = await commitsNamed(place, wanted);
  return wanted.filter((id, at) => found[at] !== id);
}

/** The branch that HEAD of this repository names, whether it is there or not; null where it names none. */
export async function headBranch({ folder, env }: GatePlace): Promise<string | null> {
  const call = { folder, env, doing: 'name the default branch', args: ['symbolic-ref', 'HEAD'] };
  const outcome = await runGit(call);
  return /^refs\/heads\/(.+)\n$/.exec(outcome.stdout.toString('utf8'))?.[1] ?? null;
}

/**
 * How much is fetched of a commit's history: as git does it, itself only, so many more behind the end of the clone,
 * or all; or whatever objects have these ids, also where they should be here.
 */
export type Depth = 'usual' | 'alone' | number | 'whole' | 'objects';

/**
 * Brings objects here by their ids; no ref changes, and no file but git's own. In a clone that has all of its
 * history `usual` is the only one that cuts nothing off. Throws `sync.offline`, `sync.refused`, `git.timeout`,
 * `history.incomplete` where the remote gives no single commits.
 */
export async function fetchCommits(
  { folder }: GatePlace,
  remote: string,
  ids: readonly string[],
  depth: Depth,
): Promise<void> {
  assertRemoteName(remote);
  if (!ids.every(isObjectId)) throw new Error('Only ids of commits are fetched.');
  const call: GitCall = {
    folder,
    doing: `fetch commits from ${remote}`,
    args: [
      'fetch',
      '--verbose',
      '--no-progress',
      '--no-tags',
      '--no-prune',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--refmap=',
      // Also what a partial clone would leave out: it is about to be read.
      '--no-filter',
      ...depthOptions(depth),
      '--stdin',
      '--',
      remote,
    ],
    input: ids.map((id) => `${id}\n`).join(''),
    config: [
      'fetch.writeCommitGraph=false',
      // What is here says nothing about what is missing.
      ...(depth === 'objects' ? ['fetch.negotiationAlgorithm=noop'] : []),
    ],
    env: (await transferSettings(folder, remote)).ssh,
    network: true,
    timeout: 120_000,
  };
  const outcome = await runGit(call);
  if (outcome.exitCode === 0) return;
  if (/unadvertised object|not our ref|remote error: upload-pack/i.test(outcome.stderr))
    throw new PromptAuditError({
      code: 'history.incomplete',
      message: `The remote ${remote} gives out no single commits, or does not have one of these (any more): ${ids.map((id) => id.slice(0, 12)).join(', ')}.`,
      remedy:
        'Fetch what is compared before the gate runs (in CI: fetch the whole history, fetch-depth: 0).',
    });
  throw remoteFailure(remote, call, outcome);
}

function depthOptions(depth: Depth): readonly string[] {
  if (depth === 'alone') return ['--depth=1'];
  if (depth === 'whole') return ['--unshallow'];
  return typeof depth === 'number' ? [`--deepen=${depth}`] : [];
}

/** The object that a ref names; null where there is no such ref. Throws `git.failed`. */
export async function refCommit(place: GatePlace, ref: string): Promise<string | null> {
  const call: GitCall = {
    folder: place.folder,
    env: place.env,
    doing: `resolve ${ref}`,
    args: ['for-each-ref', '--format=%(refname) %(objectname)', '--', ref],
  };
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) throw gitFailed(call, outcome);
  const line = outcome.stdout
    .toString('utf8')
    .split('\n')
    .find((text) => text.startsWith(`${ref} `));
  const id = line?.slice(ref.length + 1);
  return id !== undefined && isObjectId(id) ? id : null;
}

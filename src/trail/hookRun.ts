import { resolve } from 'node:path';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { HookName } from '../git/hooksApi.js';
import { readObjects } from '../git/objects.js';
import { withinAct } from '../git/oneAct.js';
import { withPatience } from '../git/patience.js';
import { indexFiles, isHookOf, isOthersCommit, newlyStaged } from '../git/stagedFiles.js';
import { promptMatcher } from '../prompts/matcher.js';
import type { Trail, TrailOptions } from './api.js';
import { policyOnDisk } from './auditFiles.js';
import { openHere } from './openTrail.js';
import { workingPolicy } from './policySource.js';
import { isRecorderPaused } from './recorder.js';
import { recordStaged, type StagedPrompts } from './recordStaged.js';
import { maxPromptBytes, siteAt, type Site } from './site.js';

export interface HookRunInput {
  readonly hook: HookName;
  /** As for every trail; `folder` is the one in which git runs the hook. */
  readonly options: TrailOptions;
  /** The environment that git gave the hook. */
  readonly env: NodeJS.ProcessEnv;
}

/** Milliseconds that one run of git may take that talks to the remote: a push waits for it. */
const patience = 10_000;
/** Milliseconds after which a sync is not begun anew that others overtook. */
const longest = 20_000;

/**
 * What a hook does: before a commit it records the staged prompts, before a push it syncs. Nothing where there is no
 * trail. Throws why it could not be done; what that means for git is up to the caller.
 */
export function runHook(input: HookRunInput): Promise<void> {
  return withinAct(() => hookRun(input));
}

async function hookRun(input: HookRunInput): Promise<void> {
  const site = await hookSite(input);
  if (site === null) return;
  // A commit must not wait for the network.
  const options = { ...input.options, autoSync: false };
  const staged = input.hook === 'pre-commit' ? await stagedPrompts(site, input.env) : null;
  if (staged?.files.length === 0) return;
  const opened = await openHere(site, options);
  if (opened === null) return;
  const { trail, context } = opened;
  try {
    if (staged === null) await syncNow(trail);
    else if (!isRecorderPaused(context)) await recordStaged(context, staged);
  } finally {
    await trail.close();
  }
}

/** Null where nothing is to be done: no repository, another one than git means, or one without a trail. */
async function hookSite({ options, env }: HookRunInput): Promise<Site | null> {
  const site = await siteAt(options.folder).catch((error: unknown) => {
    if (isPromptAuditError(error) && /dubious ownership/.test(error.message)) return null;
    throw error;
  });
  if (site?.git == null || !(await isHookOf(site.git, env))) return null;
  return (await policyOnDisk(site)) === null ? null : site;
}

/** The prompts whose staged bytes the person who commits brings in, and all paths of the index. */
async function stagedPrompts(site: Site, env: NodeJS.ProcessEnv): Promise<StagedPrompts> {
  const nothing = { files: [], paths: [] };
  const { git, root } = site;
  if (git === null) return nothing;
  const tracks = promptMatcher(await workingPolicy(site));
  // `git commit -a` and `git commit PATH` make an index of their own, named from the root.
  const index = env['GIT_INDEX_FILE'];
  const all = await indexFiles(root, index === undefined ? null : resolve(root, index));
  const tracked = new Map([...all].filter(([path]) => tracks(path)));
  const fresh = await newlyStaged(git, tracked);
  if (fresh.size === 0 || (await isOthersCommit(git, env))) return nothing;
  const blobs = await readObjects(root, [...fresh.values()]);
  const files = [...fresh].flatMap(([path, id]) => {
    const bytes = blobs.get(id);
    // What is no text, or too large for one, no other way of recording takes either.
    const isText = bytes !== undefined && bytes.length <= maxPromptBytes && !bytes.includes(0);
    return isText ? [{ path, bytes }] : [];
  });
  return { files, paths: [...all.keys()] };
}

async function syncNow(trail: Trail): Promise<void> {
  const end = Date.now() + longest;
  const watch = { isCancelled: () => Date.now() > end };
  try {
    await withPatience(patience, () => trail.sync({ automatic: true, watch }));
  } catch (error) {
    if (isPromptAuditError(error, 'sync.noRemote')) return;
    if (!isPromptAuditError(error, 'cancelled')) throw error;
    throw new PromptAuditError({
      code: 'sync.busy',
      message: `The ledger could not be synced within ${longest / 1000} seconds.`,
      remedy: 'Everything is recorded here. Try again with: prompt-audit sync',
    });
  }
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromptRecord } from '../core/state.js';
import { similarFiles } from '../git/similarity.js';
import type { TrailContext } from './context.js';
import type { Presence } from './presence.js';

/** A file that the ledger does not know by its path. */
export interface Newcomer {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** More is not compared: who moves so much at once commits it, and git then says what went where. */
const mostCompared = 100;

/**
 * Of new files those that are a prompt whose own file is gone, by path: with the bytes that were recorded of it
 * last, or so like them that git calls it a rename. Each prompt once.
 */
export async function movedPrompts(
  context: TrailContext,
  newcomers: readonly Newcomer[],
  presence: Presence,
): Promise<ReadonlyMap<string, GonePrompt>> {
  if (newcomers.length === 0) return new Map();
  const gone = await goneHere(context, presence);
  if (gone.length === 0) return new Map();
  const moved = new Map<string, GonePrompt>();
  const left = new Set(gone);
  for (const { path, digest } of newcomers) {
    const same = [...left].filter(({ prompt }) => prompt.revisions.at(-1)?.digest === digest);
    const found = same.find((one) => nameOf(one.path) === nameOf(path)) ?? same[0];
    if (found === undefined) continue;
    moved.set(path, found);
    left.delete(found);
  }
  const others = newcomers.filter(({ path }) => !moved.has(path));
  for (const [path, one] of await likeOnes(context, others, [...left])) moved.set(path, one);
  return moved;
}

/** A prompt whose file was here, and is not any more. */
export interface GonePrompt {
  readonly prompt: PromptRecord;
  /** Where it was: its own path, or one that it has on this branch. */
  readonly path: string;
}

/**
 * Prompts whose files were deleted or moved away in the work tree. What HEAD does not have either is on another
 * branch, or was deleted by a commit.
 */
export async function goneHere(context: TrailContext, presence: Presence): Promise<GonePrompt[]> {
  const gone = [...context.state.prompts.values()].filter(
    ({ path, places, retired, removed }) =>
      path !== null && !retired && !removed && !places.some(presence.isThere),
  );
  const { git } = context.site;
  if (git === null || gone.length === 0)
    return gone.map((prompt) => ({ prompt, path: prompt.path! }));
  const places = gone.flatMap((prompt) => prompt.places);
  const [atHead, leftOut] = [await git.headFiles(places), await git.leftOut(places)];
  return gone.flatMap((prompt) => {
    const path = [...prompt.places, prompt.path!].findLast((place) => atHead.has(place));
    return path === undefined || leftOut.has(path) ? [] : [{ prompt, path }];
  });
}

async function likeOnes(
  context: TrailContext,
  newcomers: readonly Newcomer[],
  gone: readonly GonePrompt[],
): Promise<ReadonlyMap<string, GonePrompt>> {
  const { git, privateDir } = context.site;
  const found = new Map<string, GonePrompt>();
  if (git === null || newcomers.length === 0 || gone.length === 0) return found;
  if (newcomers.length + gone.length > mostCompared) return found;
  await mkdir(privateDir, { recursive: true });
  const folder = await mkdtemp(join(privateDir, 'moves-'));
  try {
    await mkdir(join(folder, 'old'));
    await mkdir(join(folder, 'new'));
    for (const [at, one] of gone.entries()) {
      const bytes = await lastBytes(context, one);
      if (bytes) await writeFile(join(folder, 'old', `o${at}`), bytes);
    }
    for (const [at, { bytes }] of newcomers.entries())
      await writeFile(join(folder, 'new', `n${at}`), bytes);
    for (const [from, to] of await similarFiles(folder, 'old', 'new'))
      found.set(newcomers[Number(to.slice(1))]!.path, gone[Number(from.slice(1))]!);
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The newest text of a prompt that is here. */
async function lastBytes(
  { state, store, site }: TrailContext,
  { prompt, path }: GonePrompt,
): Promise<Uint8Array | null> {
  for (const { digest } of prompt.revisions.slice(-1)) {
    if (state.redactions.some(({ event }) => event.header.refs.target === digest)) return null;
    if (store.hasContent(digest)) return store.content(digest);
    const draft = await store.draft(digest);
    if (draft) return draft;
  }
  return (await site.git?.headBlob(path)) ?? null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

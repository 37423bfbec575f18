import { digestOf } from '../core/hash.js';
import type { PromptRecord } from '../core/state.js';
import { promptMatcher } from '../prompts/matcher.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { movedDraft, removedDraft } from './fileDrafts.js';
import { observeOnAct } from './observe.js';
import { workingPolicy } from './policySource.js';
import { Presence } from './presence.js';
import { recordFiles } from './record.js';
import type { FileChange, RecordResult } from './recordApi.js';
import { listFiles, pathInSite, readTexts } from './site.js';

/**
 * Records what somebody did to files in the editor, where they are prompts of the ledger: moves, deletions, and
 * files that are back. A path may be that of a folder. What is not so on the disk any more is left out.
 */
export async function recordFileChanges(
  context: TrailContext,
  changes: readonly FileChange[],
): Promise<readonly RecordResult[]> {
  const results: RecordResult[] = [];
  for (const change of changes) {
    const presence = new Presence(context.site.root);
    if (change.kind === 'created') {
      results.push(
        ...(await recordCreated(context, pathInSite(context.site, change.path), presence)),
      );
      continue;
    }
    const from = pathInSite(context.site, change.kind === 'moved' ? change.from : change.path);
    const to = change.kind === 'moved' ? pathInSite(context.site, change.to) : null;
    results.push(...(await recordGone(context, from, to, presence)));
  }
  return results;
}

async function recordGone(
  context: TrailContext,
  from: string,
  to: string | null,
  presence: Presence,
): Promise<readonly RecordResult[]> {
  // Of a file that the ledger does not know by its path a commit may have told what it is.
  if (placesBelow(context, from, presence).length === 0) {
    const tracks = promptMatcher(await workingPolicy(context.site));
    if (to === null || tracks(from) || tracks(to)) await observeOnAct(context, [from]);
  }
  if (placesBelow(context, from, presence).length === 0) return [];
  const who = await declareActor(context);
  const { source: origin } = context.options;
  return context.transact((tx) => {
    const results: RecordResult[] = [];
    for (const { prompt, path } of placesBelow(context, from, presence)) {
      const target = to === null ? null : to + path.slice(from.length);
      const standing = target === null ? undefined : context.state.promptNowAt(target);
      const isFree = standing === undefined || standing === prompt;
      if (target !== null && isFree && presence.isThere(target)) {
        const event = tx.append(movedDraft(prompt.id, who, { from: path, to: target, origin }));
        const digest = prompt.revisions.at(-1)?.digest ?? null;
        results.push({ path: target, outcome: 'moved', digest, event: event.id });
      } else if (!prompt.removed) {
        // What was moved over another prompt's file is a change of that one.
        const event = tx.append(removedDraft(prompt.id, who, { path, origin }));
        results.push({ path, outcome: 'removed', digest: null, event: event.id });
      }
    }
    return results;
  });
}

/** A file that is there again, or a copy with a text. An empty new file is recorded when it is saved. */
async function recordCreated(
  context: TrailContext,
  path: string,
  presence: Presence,
): Promise<readonly RecordResult[]> {
  const policy = await workingPolicy(context.site);
  const tracks = promptMatcher(policy);
  const created = (await listFiles(context.site)).filter(
    (file) => isBelow(file, path) && tracks(file),
  );
  const texts = await readTexts(context.site, created);
  const files = created.flatMap((file) => {
    const bytes = texts.get(file);
    if (!(bytes instanceof Uint8Array)) return [];
    const isBack = context.state.promptAt(file, presence.isThere) !== undefined;
    return isBack || bytes.length > 0 ? [{ path: file, bytes, digest: digestOf(bytes) }] : [];
  });
  return recordFiles(context, files, policy.drafts, { presence, named: true, saved: true });
}

/** The prompts that stood in a folder, or at a path, and whose files are not there any more. */
function placesBelow(
  { state }: TrailContext,
  folder: string,
  { isThere }: Presence,
): readonly { readonly prompt: PromptRecord; readonly path: string }[] {
  return [...state.prompts.values()].flatMap((prompt) => {
    const own =
      prompt.path === null || state.promptNowAt(prompt.path) !== prompt ? [] : [prompt.path];
    // On another branch it may stand where it was before.
    const path = [...prompt.places, ...own].findLast(
      (place) => isBelow(place, folder) && state.promptAt(place, isThere) === prompt,
    );
    return path === undefined || prompt.retired || isThere(path) ? [] : [{ prompt, path }];
  });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

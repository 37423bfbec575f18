import { promptMatcher } from '../prompts/matcher.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { removedDraft } from './fileDrafts.js';
import { goneHere } from './moveSearch.js';
import { workingPolicy } from './policySource.js';
import type { Presence } from './presence.js';
import type { RecordResult } from './recordApi.js';

/**
 * Records prompts whose files were deleted in the work tree, those at `paths` or all (null). A file that HEAD has
 * not either is no deletion of now: it is on another branch, or a commit tells.
 */
export async function removedHere(
  context: TrailContext,
  paths: readonly string[] | null,
  presence: Presence,
): Promise<readonly RecordResult[]> {
  if (paths?.length === 0) return [];
  const tracks = promptMatcher(await workingPolicy(context.site));
  const gone = (await goneHere(context, presence)).filter(({ path }) =>
    paths === null ? tracks(path) : paths.includes(path),
  );
  if (gone.length === 0) return [];
  const who = await declareActor(context);
  const { source: origin } = context.options;
  return context.transact((tx) =>
    gone
      .filter(({ prompt, path }) => !prompt.removed && !presence.isThere(path))
      .map(({ prompt, path }) => {
        const event = tx.append(removedDraft(prompt.id, who, { path, origin }));
        return { path, outcome: 'removed', digest: null, event: event.id } as const;
      }),
  );
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectId } from '../git/names.js';
import type { TrailContext } from './context.js';
import { historyMarks } from './historyMarks.js';

/**
 * The commits behind which observation starts: what the ledger says of them, and the ends of a shallow clone, whose
 * files nobody here knows the authors of. A ledger that names none began before the first commit.
 */
export async function observationStart({ state, site }: TrailContext): Promise<readonly string[]> {
  const starts = new Set<string>();
  let isOld = true;
  for (const { tips } of historyMarks(state)) {
    // An import of a program of before names none.
    if (tips !== undefined) isOld = false;
    for (const tip of tips ?? []) starts.add(tip);
  }
  if (isOld) for (const commit of namedCommits(state)) starts.add(commit);
  for (const commit of await shallowCommits(site.git?.commonDir)) starts.add(commit);
  return [...starts];
}

/** Commits that a ledger names which no start was recorded in. */
function* namedCommits(state: TrailContext['state']): Generator<string> {
  for (const { event } of state.policies) if (event.body?.commit != null) yield event.body.commit;
  for (const seq of state.seqsOfType('revision.observed')) {
    const event = state.event(seq);
    if (event.known && event.type === 'revision.observed' && event.body !== null)
      yield event.body.commit;
  }
}

async function shallowCommits(commonDir: string | undefined): Promise<readonly string[]> {
  if (commonDir === undefined) return [];
  const text = await readFile(join(commonDir, 'shallow'), 'latin1').catch(() => '');
  return text.split('\n').filter(isObjectId);
}

import type { Digest } from '../core/ids.js';
import type { WalkedHistory } from '../git/coverageWalk.js';
import { commitsHere } from '../git/objectChecks.js';
import type { GitRepository } from '../git/repository.js';
import type { OrphanRow } from './coverageApi.js';
import type { TrailContext } from './context.js';

/** The observed and imported revisions whose commit no ref leads to, in the agreed order. */
export async function orphanRows(
  { state, store }: TrailContext,
  git: GitRepository,
  history: WalkedHistory,
  digests: ReadonlyMap<string, Digest | null>,
): Promise<readonly OrphanRow[]> {
  const rows: Omit<OrphanRow, 'here'>[] = [];
  const onRefs = new Set(digests.values());
  for (const seq of state.seqsOfType('revision.observed')) {
    const event = state.event(seq);
    // Without its body nobody knows the commit: `log` tells who redacted it.
    if (!event.known || event.type !== 'revision.observed' || event.body === null) continue;
    const { commit, path } = event.body;
    if (history.placeOf.has(commit)) continue;
    const { digest, author } = event.header.refs;
    rows.push({
      event: event.id,
      seq,
      prompt: state.promptOfEvent(seq) ?? null,
      path,
      digest,
      commit,
      author: state.persons.ref(author),
      bytes: onRefs.has(digest) ? 'on-ref' : store.hasContent(digest) ? 'in-ledger' : 'gone',
    });
  }
  const here = await commitsHere(git.root, [...new Set(rows.map(({ commit }) => commit))]);
  return rows.map((row) => ({ ...row, here: here.has(row.commit) }));
}

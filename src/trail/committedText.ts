import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import type { TrailContext } from './context.js';

/** Commits of the same bytes that are looked into; rebased away they may be gone. */
const mostCommits = 8;

/** A text that came with a commit, from git; null where none of its commits has it any more. */
export async function committedText(
  { state, site }: TrailContext,
  digest: Digest,
): Promise<Uint8Array | null> {
  if (site.git === null) return null;
  const observed = state
    .withBytes(digest)
    .filter(({ seq }) => state.typeAt(seq) === 'revision.observed')
    .slice(-mostCommits);
  for (const { seq } of observed.reverse()) {
    const event = state.event(seq);
    if (!event.known || event.type !== 'revision.observed' || event.body === null) continue;
    const { commit, path } = event.body;
    const bytes = await site.git.textOf(commit, path);
    if (bytes !== null && digestOf(bytes) === digest) return bytes;
  }
  return null;
}

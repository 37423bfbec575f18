import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { walkForCoverage } from '../git/coverageWalk.js';
import { assertWhole, type CommitRef } from '../git/historyTips.js';
import { leftAtRemote } from '../git/objects.js';
import { absentObjects, isPartialClone } from '../git/partialClone.js';
import type { TrailContext } from './context.js';
import { promptMatcher } from '../prompts/matcher.js';
import { workingPolicy } from './policySource.js';

/**
 * Throws `history.shallow` or `history.incomplete` where this clone lacks commits of the history, or bytes of tracked
 * files: what it could not read would count as imported, and nobody would record it any more.
 */
export async function assertWholeHistory(
  { site }: TrailContext,
  root: string,
  refs: readonly CommitRef[],
): Promise<void> {
  await assertWhole(root);
  if (!(await isPartialClone(root))) return;
  const tracks = promptMatcher(await workingPolicy(site));
  const named = refs.map(({ ref, commit }) => ({ name: ref, commit }));
  try {
    const { files } = await walkForCoverage(root, named, tracks);
    const absent = await absentObjects(root, [...new Set(files.map(({ blob }) => blob))]);
    if (absent > 0) throw incomplete(`${absent} of its texts are not in this clone`);
  } catch (error) {
    if (isPromptAuditError(error, 'git.failed') && leftAtRemote.test(error.message))
      throw incomplete('parts of its history are not in this clone');
    throw error;
  }
}

function incomplete(what: string): PromptAuditError {
  return new PromptAuditError({
    code: 'history.incomplete',
    message: `This is a partial clone: ${what}, so nothing was imported.`,
    remedy: 'Import in a clone that was made without --filter.',
  });
}

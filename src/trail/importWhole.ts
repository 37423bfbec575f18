import { PromptAuditError } from '../core/errors.js';
import { walkForCoverage } from '../git/coverageWalk.js';
import { assertWhole, type CommitRef } from '../git/historyTips.js';
import { absentObjects, isPartialClone } from '../git/partialClone.js';
import { promptMatcher } from '../prompts/matcher.js';
import type { TrailContext } from './context.js';
import { noPartialAnswer } from './partialAnswer.js';
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
  const look = async (): Promise<number> => {
    const { files } = await walkForCoverage(root, named, tracks);
    return absentObjects(root, [...new Set(files.map(({ blob }) => blob))]);
  };
  const absent = await noPartialAnswer(look, () =>
    incomplete('parts of its history are not in this clone'),
  );
  if (absent > 0) throw incomplete(`${absent} of its texts are not in this clone`);
}

function incomplete(what: string): PromptAuditError {
  return new PromptAuditError({
    code: 'history.incomplete',
    message: `This is a partial clone: ${what}, so nothing was imported.`,
    remedy: 'Import in a clone that was made without --filter.',
  });
}

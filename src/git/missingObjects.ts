import { gitFailed } from './gitErrors.js';
import { localLedgerRef, resolveRef } from './ledgerCommit.js';
import { isObjectId } from './names.js';
import { remoteFailure } from './remoteErrors.js';
import { gitText, runGit, type GitCall } from './runGit.js';

/** A tree that was missing may name others. */
const maxRounds = 4;

/**
 * Brings the objects behind `tip` that a partial clone left at the remote, at once and not one by one when
 * somebody reads them: the user's own fetch may have taken the ledger branch with a filter.
 * Throws what a fetch throws.
 */
export async function fetchMissing(
  root: string,
  remote: string,
  tip: string,
  { env, timeout }: { env: Readonly<Record<string, string>>; timeout: number },
): Promise<void> {
  for (let round = 1; ; round++) {
    const missing = await missingObjects(root, tip);
    if (missing.length === 0) return;
    const call: GitCall = {
      folder: root,
      doing: `fetch the rest of the ledger from ${remote}`,
      args: [
        'fetch',
        '--no-filter',
        '--no-progress',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        '--refmap=',
        '--stdin',
        '--',
        remote,
      ],
      // What is here says nothing about what is missing.
      config: ['fetch.negotiationAlgorithm=noop', 'fetch.writeCommitGraph=false'],
      input: missing.map((id) => `${id}\n`).join(''),
      env,
      network: true,
      timeout,
    };
    const outcome = await runGit(call);
    if (outcome.exitCode !== 0) throw remoteFailure(remote, call, outcome);
    if (round === maxRounds) throw gitFailed(call, { ...outcome, stderr: 'it did not send all' });
  }
}

/** Objects that the commits behind `tip` need and this clone lacks; what the local ledger ref leads to is here. */
async function missingObjects(root: string, tip: string): Promise<readonly string[]> {
  const known = await resolveRef(root, localLedgerRef);
  const text = await gitText({
    folder: root,
    doing: 'see what of the ledger is missing',
    args: [
      'rev-list',
      '--objects',
      '--missing=print',
      '--no-object-names',
      tip,
      ...(known === null || known === tip ? [] : [`^${known}`]),
      '--',
    ],
  });
  const lines = text.split('\n').filter((line) => line.startsWith('?'));
  return lines.map((line) => line.slice(1)).filter(isObjectId);
}

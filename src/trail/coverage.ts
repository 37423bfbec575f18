import picomatch from 'picomatch';
import {
  coverageOf,
  coverageStates,
  type CoverageState,
  type CoveredFile,
} from '../core/coverage.js';
import { PromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import { blobDigests } from '../git/blobDigests.js';
import { historyRefs, type HistoryRef } from '../git/coverageRefs.js';
import { walkForCoverage, type WalkedHistory } from '../git/coverageWalk.js';
import type { GitRepository } from '../git/repository.js';
import { isShallowClone } from '../git/shallowClone.js';
import { defaultMaxBytes } from '../git/storedBytes.js';
import { promptMatcher } from '../prompts/matcher.js';
import { boundsOf, pendingBytes } from './coverageBounds.js';
import type { CoverageInput, CoverageReport, CoverageRow } from './coverageApi.js';
import { orphanRows } from './coverageOrphans.js';
import { pauseRows } from './coveragePauses.js';
import type { TrailContext } from './context.js';
import { ledgerBranch } from './ledgerBranch.js';
import { noPartialAnswer } from './partialAnswer.js';
import { workingPolicy } from './policySource.js';

/**
 * Holds every blob of every tracked path on every ref against the ledger (docs/COVERAGE.md). Throws
 * `history.incomplete` where git does not have all of the history, `ledger.damaged`, `policy.missing`, `policy.invalid`.
 */
export async function coverage(
  context: TrailContext,
  input: CoverageInput = {},
): Promise<CoverageReport> {
  const git = await wholeRepository(context);
  assertIntact(context);
  const { state } = context;
  const tracks = promptMatcher(await workingPolicy(context.site));
  const places = new Set([...state.prompts.values()].flatMap((prompt) => prompt.places));
  const all = await historyRefs(git.root, ledgerBranch);
  const noRefs = (input.refs ?? []).filter((glob) => !all.some(refFilter([glob])));
  // A repository may have no tags yet; a name is meant, and so is at least one ref.
  const wrong = noRefs.length === input.refs?.length ? noRefs[0] : noRefs.find(isName);
  if (wrong !== undefined) throw noSuchRef(wrong);
  const counts = refFilter(input.refs ?? []);
  const counted = all.filter(counts);
  const refs = [...counted, ...all.filter((ref) => !counts(ref))];
  const answer = async (): Promise<CoverageReport> => {
    const history = await walkForCoverage(
      git.root,
      refs,
      (path) => tracks(path) || places.has(path),
    );
    const placesOf = (commits: readonly string[]): number[] =>
      commits.flatMap((commit) => history.placeOf.get(commit) ?? []);
    const digests = await digestsOf(git, history);
    const bounds = await boundsOf(context, git);
    if (input.fromStart === true && !bounds.isTold) throw noStart();
    const found = coverageOf({
      state,
      commits: history.commits,
      files: history.files,
      tips: refs.map(({ commit }) => history.placeOf.get(commit)),
      counted: counted.length,
      digests,
      tracks,
      isPending: await pendingBytes(context),
      followed: placesOf(bounds.followed),
      starts: placesOf(bounds.starts),
      imports: placesOf(bounds.imports),
      fromStart: input.fromStart === true,
    });
    const { files } = found;
    return {
      ledger: context.point(),
      rows: files.map((file) => rowOf(file, history, refs)),
      totals: {
        commits: history.commits.length,
        refs: counted.length,
        files: files.length,
        blobs: new Set(files.map(({ file }) => file.blob)).size,
        paths: new Set(files.map(({ file }) => file.path)).size,
      },
      states: statesOf(files),
      orphans: await orphanRows(context, git, history, digests),
      pauses: pauseRows(context, history),
      refs: counted.map(({ name }) => name),
      noRefs,
      otherRefs: refs.slice(counted.length).map(({ name }) => name),
      elsewhere: found.elsewhere,
      beforeStart: found.beforeStart,
    };
  };
  return noPartialAnswer(answer, () => incomplete('parts of its history are not in this clone'));
}

/** By default HEAD, branches, remote-tracking branches and tags; a stash and what hosts keep beside are not. */
function refFilter(globs: readonly string[]): (ref: HistoryRef) => boolean {
  if (globs.length === 0)
    return ({ name }) => name === 'HEAD' || /^refs\/(heads|remotes|tags)\//.test(name);
  // As for git, `*` goes across slashes.
  const matches = picomatch([...globs], { dot: true, nonegate: true, bash: true });
  return ({ name }) =>
    matches(name) || matches(name.replace(/^refs\/((heads|remotes|tags)\/)?/, ''));
}

const isName = (glob: string): boolean => !/[*?[{(]/.test(glob);

async function digestsOf(
  git: GitRepository,
  { files }: WalkedHistory,
): Promise<ReadonlyMap<string, Digest | null>> {
  const ids = new Set(files.filter(({ named }) => named).map(({ blob }) => blob));
  const question = { folder: git.root, doing: 'look at the objects of the history' };
  const digests = await blobDigests(question, ids, defaultMaxBytes);
  const absent = ids.size - digests.size;
  if (absent > 0) throw incomplete(`${absent} of its files are not in this clone`);
  return digests;
}

function rowOf(
  { file, ...found }: CoveredFile,
  history: WalkedHistory,
  refs: readonly HistoryRef[],
): CoverageRow {
  const first = history.commits[file.commits[0]!]!;
  return {
    path: file.path,
    prompt: found.prompt,
    blob: file.blob,
    digest: found.digest,
    state: found.state,
    why: found.why,
    commit: first.id,
    author: first.author,
    authoredAt: timeOf(first.authoredAt),
    refs: found.refs.map((at) => refs[at]!.name),
    event: found.event,
  };
}

function timeOf(seconds: number): string | null {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.valueOf()) ? null : time.toISOString();
}

function statesOf(files: readonly CoveredFile[]): Record<CoverageState, number> {
  const counts = Object.fromEntries(coverageStates.map((state) => [state, 0])) as Record<
    CoverageState,
    number
  >;
  for (const { state } of files) counts[state] += 1;
  return counts;
}

async function wholeRepository({ site }: TrailContext): Promise<GitRepository> {
  const { git } = site;
  if (git === null) {
    throw new PromptAuditError({
      code: 'history.incomplete',
      message: `${site.root} is not in a git repository: there is no history to compare.`,
      remedy: 'Coverage needs git. What was recorded without it, log shows.',
    });
  }
  if (await isShallowClone(git.root)) throw shallow();
  return git;
}

function assertIntact({ damage }: TrailContext): void {
  if (damage === null) return;
  throw new PromptAuditError({
    code: 'ledger.damaged',
    message: `Nothing can be said of the history while the ledger is damaged: ${damage.message}`,
    remedy: damage.remedy,
  });
}

/** Nothing would be missing of what is not there. */
function noSuchRef(glob: string): PromptAuditError {
  return new PromptAuditError({
    code: 'ref.unknown',
    message: `No branch, tag or other ref here matches "${glob}".`,
    remedy: 'See what there is with: git for-each-ref',
  });
}

function noStart(): PromptAuditError {
  return new PromptAuditError({
    code: 'history.incomplete',
    message: 'This ledger does not say where its trail starts.',
    remedy: 'It is from an older program. Run it without --from-start, or: prompt-audit import',
  });
}

function shallow(): PromptAuditError {
  return new PromptAuditError({
    code: 'history.incomplete',
    message: 'This clone is shallow: what is behind its oldest commits cannot be compared.',
    remedy:
      'Run: git fetch --unshallow (in CI: fetch the whole history, with all branches and tags).',
  });
}

function incomplete(what: string): PromptAuditError {
  return new PromptAuditError({
    code: 'history.incomplete',
    message: `This is a partial clone: ${what}, so nothing can be said of them.`,
    remedy: 'Run it in a clone that was made without --filter.',
  });
}

import { PromptAuditError } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import { keepEvidenceRef } from '../git/evidence.js';
import { sentence } from '../git/gitErrors.js';
import type { GitRepository } from '../git/repository.js';
import { remoteSetting } from '../git/remotes.js';
import { UnusableBranch } from '../ledger/remoteGround.js';
import { oneLine, readBranch, unknownPoint } from './branchRead.js';
import type { TrailContext } from './context.js';
import { keepContradiction, noteOf, shortPoint } from './evidence.js';
import { explanationOf, explanationText } from './explanation.js';
import type { BranchPoint, Contradiction, Explained } from './resolveApi.js';

/** A tip of a remote's ledger branch; the commit is null where it has no such branch. */
export interface RemoteTip {
  readonly remote: string;
  readonly commit: string | null;
  /** What was there for a moment is gone: this clone's own push has put the branch back. */
  readonly isOver?: boolean;
}

/** A contradiction as an error; what is known of it stays with it. */
export class ContradictionError extends PromptAuditError {
  readonly found: Contradiction;

  constructor(cause: PromptAuditError, found: Contradiction, isOver: boolean) {
    super({
      code: cause.code,
      message: `${cause.message}${notTheLedgers(found)} ${bothPoints(found)} Nothing that is recorded here was changed.`,
      remedy: isOver ? cause.remedy : wayOn(found, cause),
      cause,
    });
    this.found = found;
  }
}

/** Whether a code means that both sides cannot stand; all else is told and goes on. */
export const isContradiction = (code: string): boolean =>
  code === 'sync.rewritten' || code === 'ledger.foreign';

/**
 * Runs what compares a remote's branch with what this clone saw. Where these contradict each other, the remote's
 * commit is kept under a ref and both checkpoints in a record (evidence.ts), and the error names both. Two
 * people who began a ledger each contradict nothing: neither has seen another one. Throws what `work` throws.
 */
export async function keepingEvidence<T>(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PromptAuditError) || !isContradiction(error.code)) throw error;
    if (context.store.seen === null && error.code === 'ledger.foreign') throw error;
    const found = await keepEvidence(context, git, tip, error);
    throw new ContradictionError(error, found, tip.isOver === true);
  }
}

/** Keeps what a remote showed, under the code of the error or finding. Gives the record. */
export async function keepEvidence(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  problem: Problem,
  ours: BranchPoint | null = oursOf(context),
): Promise<Contradiction> {
  const found = await contradictionOf(context, git, tip, problem, ours);
  const { commit } = tip;
  const ref = commit === null ? null : await keepEvidenceRef(git.root, commit, new Date(found.at));
  return keepContradiction(context, { ...found, ref });
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

/** What a remote shows beside what this clone saw. Keeps nothing. */
export async function contradictionOf(
  context: TrailContext,
  git: GitRepository,
  { remote, commit, isOver }: RemoteTip,
  { code, message }: Problem,
  ours: BranchPoint | null = oursOf(context),
): Promise<Contradiction> {
  const read = commit === null ? null : await readBranch(context, git, commit, ours);
  return {
    code,
    at: new Date().toISOString(),
    remote,
    problem: message,
    ours,
    theirs: read?.point ?? (isOver === true ? unknownPoint : null),
    ref: null,
    ...(read?.claim == null ? {} : { claim: read.claim }),
    ...(read?.unchecked === true ? { unchecked: true } : {}),
    ...(read?.decided === true ? { decided: true } : {}),
    ...(await insteadOf(context, git, remote)),
  };
}

/** The remote with which this clone has synced its ledger so far, where it is there and another one. */
async function insteadOf(
  { store }: TrailContext,
  git: GitRepository,
  remote: string,
): Promise<Pick<Contradiction, 'instead'>> {
  const { remote: instead } = store;
  if (instead === null || instead === remote || !(await git.remotes()).includes(instead)) return {};
  return { instead };
}

/** What this clone saw of the shared ledger last; null where it never did. */
export function oursOf({ store }: TrailContext): BranchPoint | null {
  const { seen, ledger } = store;
  return seen && { ledger, size: seen.size, root: seen.root, commit: seen.commit };
}

/** Tells of texts that a remote lacks although nobody redacted them; they are sent again. */
export async function tellWithheld(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  lacking: readonly Finding[],
  ours: BranchPoint | null,
): Promise<void> {
  const volumes = lacking.filter(({ code }) => code === 'volume.missing');
  const texts = lacking.filter(({ code }) => code !== 'volume.missing');
  const parts = [
    ...(texts.length === 0
      ? []
      : [
          `${texts.length === 1 ? 'A text or signature is' : `${texts.length} texts or signatures are`} withheld there, of ${placesOf(texts)}.`,
        ]),
    ...(volumes.length === 0
      ? []
      : [
          `${volumes.length === 1 ? 'A sealed volume is' : `${volumes.length} sealed volumes are`} missing or broken there, from ${placesOf(volumes)}.`,
        ]),
  ];
  const message = `${parts.join(' ')} This clone has what is missing and puts it back.`;
  const found = await keepEvidence(context, git, tip, { code: 'sync.withheld', message }, ours);
  context.warn(`The ledger branch of ${tip.remote}: ${message} ${bothPoints(found)}`);
}

function placesOf(lacking: readonly Finding[]): string {
  const events = lacking.flatMap(({ seq }) => (seq === null ? [] : [`#${seq}`])).slice(0, 8);
  return `${events.join(', ')}${lacking.length > events.length ? ' and others' : ''}`;
}

/**
 * Tells of a history of the branch that was replaced: by whom and why where a resolving review that came with it
 * explains it, else that the trail names nobody who was allowed to.
 */
export async function tellReplaced(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  ours: BranchPoint | null,
): Promise<void> {
  const message = `The history of the ledger branch was replaced by other commits. All ${context.store.syncedSize} events are there.`;
  if (ours?.commit != null) await keepEvidenceRef(git.root, ours.commit, new Date());
  const found = await keepEvidence(context, git, tip, { code: 'sync.replaced', message }, ours);
  const explained = await explanationOf(context, git, found, tip.commit!);
  const said = explained && explanationText(context, explained);
  const why =
    said === null
      ? 'The trail names nobody who was allowed to: ask who may push with force to that branch.'
      : `The trail says who decided it: ${sentence(oneLine(said))}${explained?.counts === true ? '' : ' Nobody confirmed that review.'}`;
  context.warn(`${message} ${bothPoints(found)} ${why}`);
}

/**
 * Ends what this clone has to do about ledger branches that contradicted it, now that a sync found that of its ledger
 * remote good: when, and which review in the ledger explains it. Another remote is no longer that of the ledger, or
 * never was: nothing is to be decided about it. The evidence and the finding stay.
 */
export async function endContradictions(
  context: TrailContext,
  git: GitRepository,
  remote: string,
): Promise<void> {
  const tip = context.store.seen?.commit;
  if (tip === undefined) return;
  const over = new Date().toISOString();
  await noteOf(context, async (found) => {
    const isStopped = isContradiction(found.code);
    if (found.resolved !== undefined) return found;
    if (found.remote !== remote)
      return isStopped && found.over === undefined ? { ...found, over, instead: remote } : found;
    if (!isStopped && found.code !== 'sync.replaced') return found;
    const isNew = isStopped && found.over === undefined;
    const explained =
      found.explained?.counts === true ? null : await explanationOf(context, git, found, tip);
    const isSaid = explained !== null && !isSame(explained, found.explained);
    if (!isNew && !isSaid) return found;
    return { ...found, ...(isNew ? { over } : {}), ...(isSaid ? { explained } : {}) };
  });
}

const isSame = (a: Explained, b: Explained | undefined): boolean =>
  a.event === b?.event && a.counts === b.counts;

const notTheLedgers = ({ remote, instead }: Contradiction): string =>
  instead === undefined ? '' : ` This clone has its ledger on ${instead}, not on ${remote}.`;

function bothPoints({ ours, theirs, ref, unchecked }: Contradiction): string {
  const seen = ours === null ? 'nothing' : shortPoint(ours);
  const there = theirs === null ? 'no ledger branch' : shortPoint(theirs);
  const kept = ref === null ? '' : ` The remote's commit is kept as ${ref}.`;
  const by = unchecked === true ? ' (so its checkpoint claims; the events cannot be read)' : '';
  return `Seen here last: ${seen}. There now: ${there}${by}.${kept}`;
}

/** What puts a good branch back, in a clone that has seen it. */
export const putItBack = 'prompt-audit resolve --keep ours -m REASON';

function wayOn(found: Contradiction, cause: PromptAuditError): string {
  const { code, ours, theirs, claim, decided, remote, instead } = found;
  const says = claim === undefined ? '' : `The branch itself says: ${sentence(claim)} `;
  if (instead !== undefined) {
    const back = `To go on with ${instead}: prompt-audit sync --remote ${instead} (and git config ${remoteSetting} ${instead}, if that setting names ${remote}).`;
    if (code === 'ledger.foreign')
      return `${back} Nothing is to be decided about ${remote}: correct its address or its name.`;
    return `${says}${back} If the team moves to ${remote}, find out first why the two differ; how to decide then is in: prompt-audit help resolve`;
  }
  if (code === 'ledger.foreign')
    return `${cause.remedy} If the team has decided to go on with the ledger that is there, run: prompt-audit resolve --keep theirs -m REASON`;
  if (ours === null)
    return `${says}This clone never saw that branch good, so it has nothing to put back. Find out who did it, then, in a clone that has seen it good, run: ${putItBack}`;
  const isTakable = theirs !== null && !(cause instanceof UnusableBranch);
  if (decided === true && isTakable)
    return `${says}Ask whoever decided that. If it is right, follow it: prompt-audit resolve --keep theirs -m REASON. If nobody did, find out who wrote it, and put the branch back as this clone saw it: ${putItBack}`;
  const choice = isTakable
    ? '--keep ours -m REASON, which puts the branch back as this clone saw it, or --keep theirs -m REASON, which takes the branch as it is'
    : '--keep ours -m REASON, which puts the branch back as this clone saw it';
  return `${says}Do not overwrite either side: find out who did it. When the team has decided, run: prompt-audit resolve ${choice}.`;
}

import { parseCheckpoint } from '../core/checkpoint.js';
import { PromptAuditError } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import { keepEvidenceRef } from '../git/evidence.js';
import { printable, sentence } from '../git/gitErrors.js';
import type { GitRepository } from '../git/repository.js';
import { breakOf } from '../ledger/remoteGround.js';
import { readLedgerFile, rootInFile, sizeInFile, type LedgerFile } from '../ledger/sqliteFile.js';
import type { TrailContext } from './context.js';
import { keepContradiction, shortPoint } from './evidence.js';
import { ledgerFileName } from './ledgerVolumes.js';
import type { BranchPoint, Contradiction } from './resolveApi.js';

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
      message: `${cause.message} ${bothPoints(found)} Nothing that is recorded here was changed.`,
      remedy: isOver ? cause.remedy : wayOn(found, cause.remedy),
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

const unknownPoint: BranchPoint = { ledger: null, size: null, root: null, commit: null };

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
  const read = commit === null ? null : await readBranch(context, git, commit);
  return {
    code,
    at: new Date().toISOString(),
    remote,
    problem: message,
    ours,
    theirs: read?.point ?? (isOver === true ? unknownPoint : null),
    ref: null,
    ...(read?.claim == null ? {} : { claim: read.claim }),
  };
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
  const events = lacking.flatMap(({ seq }) => (seq === null ? [] : [`#${seq}`])).slice(0, 8);
  const more = lacking.length > events.length ? ' and others' : '';
  const message = `${lacking.length === 1 ? 'A text or signature is' : `${lacking.length} texts or signatures are`} withheld there, of ${events.join(', ')}${more}. This clone has what is missing and puts it back.`;
  const found = await keepEvidence(context, git, tip, { code: 'sync.withheld', message }, ours);
  context.warn(`The ledger branch of ${tip.remote}: ${message} ${bothPoints(found)}`);
}

/** Tells of a history of the branch that was replaced although the trail names nobody who was allowed to. */
export async function tellReplaced(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
  ours: BranchPoint | null,
): Promise<void> {
  const message = `The history of the ledger branch was replaced, and the trail names nobody who was allowed to. All ${context.store.syncedSize} events are there.`;
  if (ours?.commit != null) await keepEvidenceRef(git.root, ours.commit, new Date());
  const found = await keepEvidence(context, git, tip, { code: 'sync.replaced', message }, ours);
  context.warn(`${message} ${bothPoints(found)} Ask who may push with force to it.`);
}

function bothPoints({ ours, theirs, ref }: Contradiction): string {
  const seen = ours === null ? 'nothing' : shortPoint(ours);
  const there = theirs === null ? 'no ledger branch' : shortPoint(theirs);
  const kept = ref === null ? '' : ` The remote's commit is kept as ${ref}.`;
  return `Seen here last: ${seen}. There now: ${there}.${kept}`;
}

function wayOn({ code, theirs, claim }: Contradiction, remedy: string): string {
  const says = claim === undefined ? '' : `The branch itself says: ${sentence(claim)} `;
  if (code === 'ledger.foreign')
    return `${remedy} If the team has decided to go on with the ledger that is there, run: prompt-audit resolve --keep theirs -m REASON`;
  const choice =
    theirs === null
      ? '--keep ours -m REASON, which puts the branch back'
      : '--keep ours -m REASON, which puts the branch back as this clone saw it, or --keep theirs -m REASON, which takes the branch as it is';
  return `${says}Do not overwrite either side: find out who did it. When the team has decided, run: prompt-audit resolve ${choice}.`;
}

interface BranchRead {
  readonly point: BranchPoint;
  /** Why it is as it is, in the words of the newest review in it. */
  readonly claim: string | null;
}

/** What a commit shows, as far as it can be read: it may be anything. */
async function readBranch(
  context: TrailContext,
  git: GitRepository,
  commit: string,
): Promise<BranchRead> {
  const nothing: BranchPoint = { ...unknownPoint, commit };
  try {
    const files = (await git.readLedger(commit))?.files;
    const bytes = files?.get(ledgerFileName);
    const { wasm } = context.storeOptions;
    const open = bytes === undefined ? null : await readLedgerFile(bytes, { wasm });
    const text = Buffer.from(files?.get('checkpoint') ?? []).toString('utf8');
    const claimed = parseCheckpoint(text);
    if (open === null || breakOf(open) !== undefined)
      return { point: claimed ? { ...pointOf(claimed), commit } : nothing, claim: null };
    const size = sizeInFile(open);
    const root = rootInFile(open, size);
    return { point: { ledger: open.ledger, size, root, commit }, claim: claimIn(open) };
  } catch (error) {
    // What cannot be read is kept all the same; the error that led here says what is wrong with it.
    if (error instanceof PromptAuditError) return { point: nothing, claim: null };
    throw error;
  }
}

const pointOf = (point: { id: string; size: number; root: string }) => ({
  ledger: point.id,
  size: point.size,
  root: point.root,
});

/** How the disposition of a resolved contradiction begins (resolveRemote.ts). */
export const resolvedWords = 'Ledger branch resolved';

function claimIn({ events }: LedgerFile): string | null {
  const said = events.findLast(
    ({ event }) =>
      event.known &&
      event.type === 'trail.reviewed' &&
      event.body?.disposition.startsWith(resolvedWords) === true,
  )?.event;
  if (said?.known !== true || said.type !== 'trail.reviewed' || said.body === null) return null;
  return printable(`${said.header.at.slice(0, 10)}, ${said.body.disposition}`);
}

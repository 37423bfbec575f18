import { setTimeout as wait } from 'node:timers/promises';
import { parseCheckpoint } from '../core/checkpoint.js';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import { report, type Watch } from '../core/watch.js';
import { breakOf, UnusableBranch } from '../ledger/remoteGround.js';
import { readLedgerFile, rootInFile, sizeInFile, type LedgerFile } from '../ledger/sqliteFile.js';
import { volumeTreeName } from '../ledger/volumes.js';
import {
  knownVolumes,
  ledgerFileName,
  volumeBlobs,
  volumesToSend,
  type Blobs,
} from './ledgerVolumes.js';
import type { WasmLoader } from '../ledger/sqlEngine.js';
import type { RemoteLedger, SyncedPoint } from '../ledger/storeSync.js';
import { blobId } from '../git/blobId.js';
import { sentence } from '../git/gitErrors.js';
import { manyRemotes } from '../git/remotes.js';
import type { GitRepository } from '../git/repository.js';
import { backoff } from './backoff.js';
import type { TrailContext } from './context.js';
import { countForUpkeep, keepGitSmall } from './gitUpkeep.js';
import {
  endContradictions,
  keepingEvidence,
  oursOf,
  tellReplaced,
  tellWithheld,
  type RemoteTip,
} from './contradiction.js';
import { isWithholding } from './evidence.js';
import { ledgerBranch } from './ledgerBranch.js';
import { mendFiles } from './mend.js';
import { catchUp } from './movedRemote.js';
import { stageObservations } from './observe.js';
import { assertPinned } from './pinnedCheckpoint.js';
import { noticePurge } from './purgeNotice.js';
import { claimedLabels, renumberedSince } from './renumbered.js';
import { ledgerCommit, stageLedger, type Stage } from './stageLedger.js';
import type { SyncReport } from './syncApi.js';

const maxAttempts = 8;
/** Refused pushes between which nobody moved the branch: no race, but something in the way. */
const mostUnmoved = 3;
export interface SyncInput {
  readonly remote?: string;
  /** True right after another sync: pushes at once, and fetches only when that is rejected. */
  readonly justFetched?: boolean;
  /** Also sends where only bytes of files differ, and no event. */
  readonly exact?: boolean;
  /** Also records what commits did to prompts, unless the remote knows it. */
  readonly observe?: boolean;
  /** Instead of that: what is to be recorded if the remote takes it. */
  readonly stage?: Stage;
  /** Takes what is new there, and pushes nothing. */
  readonly receiveOnly?: boolean;
  readonly watch?: Watch;
}

/**
 * Brings this clone and the ledger branch of the remote to one order (DESIGN.md §6):
 * fetch, take the remote's order, append what it lacks, push without force, again when another was faster.
 * Throws `sync.noRemote`, `sync.offline`, `sync.refused`, `sync.rewritten`, `sync.busy`, `ledger.foreign`.
 */
export async function sync(context: TrailContext, input: SyncInput = {}): Promise<SyncReport> {
  // What another process recorded a moment ago goes along.
  await mendFiles(context);
  const { git, remote } = await ledgerRemote(context, input.remote);
  const { store } = context;
  const labelsBefore = claimedLabels(context);
  let sizeBefore = store.size;
  let sent = 0;
  let refused: { readonly at: string | null; readonly blocked: PromptAuditError } | null = null;
  let unmoved = 0;
  /** Whether the remote itself showed what stands there, or took a push. */
  let isSeen: boolean;
  for (let attempt = 1; ; attempt++) {
    report(input.watch, { what: 'sync', done: attempt - 1, total: null });
    const begun = performance.now();
    const hopeful = attempt === 1 && input.justFetched === true && store.remote === remote;
    isSeen = !hopeful;
    const found =
      (hopeful ? store.seen?.commit : null) ?? (await git.fetchLedger(remote, ledgerBranch));
    unmoved = refused !== null && refused.at === found ? unmoved + 1 : 0;
    if (refused !== null && unmoved === mostUnmoved) throw refused.blocked;
    const tip = await catchUp(context, git, { remote, branch: ledgerBranch, tip: found });
    const isWhole = await takeTip(context, git, { commit: tip, remote });
    const observes = input.observe === true && input.receiveOnly !== true && !hopeful;
    const stage = input.stage ?? (observes ? stageObservations : null);
    const observed = stage && (await stage(context, git, tip, input.watch));
    const isSame = observed === null && tip !== null && store.syncedSize === store.size;
    const exact = input.exact === true || !isWhole;
    if (isSame && (!exact || (await hasSameBytes(context, git, tip)))) {
      const { size, root } = store.point();
      await settle(context, git, { ...store.seen, size, root, commit: tip, remote });
      break;
    }
    if (input.receiveOnly === true) break;
    const before = store.syncedSize;
    const { point, staged } = observed ?? (await stageLedger(context, git, tip));
    try {
      const over = { remote, commit: null, isOver: true };
      const pushed = await keepingEvidence(context, git, over, () =>
        git.pushLedger(remote, ledgerBranch, point.commit, tip, { env: staged.env }),
      );
      if (pushed === 'pushed') {
        await staged.keep();
        // What was observed is the remote's first, here as in every other clone.
        if (observed !== null) {
          sizeBefore += point.size - store.size;
          await takeTip(context, git, { commit: point.commit, remote });
        }
        sent = point.size - before;
        await settle(context, git, { ...point, remote });
        isSeen = true;
        break;
      }
      refused = { at: found, blocked: pushed.blocked };
    } finally {
      await staged.drop();
    }
    if (attempt === maxAttempts) throw tooBusy(remote);
    const took = performance.now() - begun;
    await wait(unmoved > 0 ? backoff(attempt, took, 1) : backoff(attempt, took));
  }
  if (isSeen) await endContradictions(context, git, remote);
  keepGitSmall(context);
  return {
    remote,
    sent,
    received: Math.max(0, store.size - sizeBefore),
    renumbered: renumberedSince(context, labelsBefore),
    point: store.point(),
  };
}

/** Whether a commit has the very bytes that are here: an erasure changes them, and no event. */
async function hasSameBytes(
  context: TrailContext,
  git: GitRepository,
  tip: string,
): Promise<boolean> {
  const contents = await context.store.contents();
  const { blobs } = (await git.readLedger(tip, []))!;
  const { files } = await volumesToSend(contents, blobs, [], tip.length);
  return files.size === 0 && blobId(contents.open, tip.length) === blobs.get(ledgerFileName);
}

/** Bytes of the journal that are worth a commit of their own where nobody is there to sync with. */
const journalLimit = 4 * 1024 * 1024;

/**
 * Without a remote, the local ledger ref takes what was folded, now and then, so that the journal stays
 * small (DESIGN.md §5). Never fails: the journal only goes on growing then.
 */
export async function keepLocally(context: TrailContext): Promise<void> {
  const { git } = context.site;
  const limit = context.options.limits?.journalBytes ?? journalLimit;
  if (git === null || context.store.journalSize < limit) return;
  if ((await context.remote()) !== null) return;
  try {
    await commitLocally(context, git);
    keepGitSmall(context);
  } catch (error) {
    if (!(error instanceof PromptAuditError)) throw error;
    context.warn(`The journal could not be trimmed: ${error.message} ${error.remedy}`);
  }
}

export async function ledgerRemote(
  context: TrailContext,
  preferred: string | undefined,
): Promise<{ git: GitRepository; remote: string }> {
  const { git } = context.site;
  const remote = (await git?.ledgerRemote(preferred, context.store.remote ?? undefined)) ?? null;
  if (git && remote !== null) return { git, remote };
  const names = (await git?.remotes()) ?? [];
  if (names.length > 0) throw manyRemotes(names);
  throw new PromptAuditError({
    code: 'sync.noRemote',
    message: git
      ? 'This repository has no remote to sync with.'
      : 'This folder is not a git repository.',
    remedy: git
      ? 'Add one with: git remote add origin URL. All else works without it.'
      : 'Everything else works without git; to share the trail, make the folder a git repository.',
  });
}

/** The remote has these events: the local ref first, so that the journal never lets go of more than a commit holds. */
export async function settle(
  context: TrailContext,
  git: GitRepository,
  synced: SyncedPoint,
): Promise<void> {
  await git.setLocalLedger(synced.commit);
  await context.store.markSynced(synced);
}

/** What a commit of the remote's ledger branch holds, checked as hostile as far as it can be alone. */
export async function remoteLedger(
  context: TrailContext,
  git: GitRepository,
  commit: string,
  read?: LedgerRead,
): Promise<RemoteLedger> {
  const { open, blobs } = read ?? (await ledgerAt(git, commit, context.storeOptions.wasm));
  const end = sizeInFile(open);
  await assertPinned(context, (size) =>
    size > end ? null : size < open.before.size ? undefined : rootInFile(open, size),
  );
  const known = knownVolumes(blobs, context.store.seen?.volumes ?? []);
  const volume = async (number: number): Promise<Uint8Array | null> => {
    const name = volumeTreeName(number);
    return (await git.readLedger(commit, [name]))?.files.get(name) ?? null;
  };
  return { open, volume, blobs: volumeBlobs(blobs), known };
}

/** Takes the remote's order; false where its tip withholds something that has to be sent again. */
export function takeTip(
  context: TrailContext,
  git: GitRepository,
  tip: RemoteTip,
): Promise<boolean> {
  return keepingEvidence(context, git, tip, async () => {
    const { commit, remote } = tip;
    if (commit !== null) return takeRemoteOrder(context, git, { commit, remote });
    assertNeverSynced(context, remote);
    return true;
  });
}

async function takeRemoteOrder(
  context: TrailContext,
  git: GitRepository,
  where: { readonly commit: string; readonly remote: string },
): Promise<boolean> {
  // Most often nothing is new there; then nothing needs to be read.
  const seen = context.store.seen?.commit ?? null;
  if (seen === where.commit) return !(await isWithholding(context, where.commit));
  const seenBefore = oursOf(context);
  const ledger = await ledgerAt(git, where.commit, context.storeOptions.wasm);
  const { ledger: ours } = context.store;
  if (ours !== null && ledger.open.ledger !== null && ours !== ledger.open.ledger)
    throw anotherLedger(context, ours, ledger.open.ledger);
  let lacking: readonly Finding[] = [];
  const withheld = (found: readonly Finding[]): void => void (lacking = found);
  const remote = await remoteLedger(context, git, where.commit, ledger);
  await context.store.rebase(remote, { ...where, withheld });
  await git.setLocalLedger(where.commit);
  await countForUpkeep(context.site.privateDir, [ledger.open.bytes]);
  if (lacking.length > 0) await tellWithheld(context, git, where, lacking, seenBefore);
  if (!(await noticePurge(context, git, ledgerBranch, seen, where.commit)))
    await tellReplaced(context, git, where, seenBefore);
  return lacking.length === 0;
}

interface LedgerRead {
  readonly open: LedgerFile;
  readonly blobs: Blobs;
}

/**
 * The open volume in a commit of the ledger branch, checked as hostile as far as it can be alone.
 * Throws `sync.rewritten` where it is damaged.
 */
async function ledgerAt(
  git: GitRepository,
  commit: string,
  wasm: WasmLoader | undefined,
): Promise<LedgerRead> {
  const read = await git.readLedger(commit);
  const bytes = read?.files.get(ledgerFileName);
  if (read === null || bytes === undefined)
    throw notALedger(`commit ${commit.slice(0, 12)} has no ${ledgerFileName}`);
  const open = await readLedgerFile(bytes, { wasm, full: true });
  const broken = breakOf(open);
  if (broken) throw notALedger(broken.message);
  const text = Buffer.from(read.files.get('checkpoint') ?? []).toString('utf8');
  const checkpoint = parseCheckpoint(text);
  const size = sizeInFile(open);
  const fits =
    checkpoint?.size === size &&
    checkpoint.root === rootInFile(open, size) &&
    checkpoint.id === open.ledger;
  if (!fits) throw notALedger('its checkpoint does not fit its events');
  return { open, blobs: read.blobs };
}

/** Puts what was folded into the local ledger ref of a clone that has nobody to sync with. */
export async function commitLocally(context: TrailContext, git: GitRepository): Promise<void> {
  const parent = context.store.seen?.commit ?? null;
  await settle(context, git, { ...(await ledgerCommit(context, git, parent)), remote: null });
}

/** A remote that had the ledger and has it no more was re-created or its branch was deleted. */
function assertNeverSynced(context: TrailContext, remote: string): void {
  if (context.store.remote === null || context.store.syncedSize === 0) return;
  throw new PromptAuditError({
    code: 'sync.rewritten',
    message: `The remote ${remote} has no ledger branch any more; this clone saw ${context.store.syncedSize} events there.`,
    remedy:
      'Find out who deleted the branch, then put it back with: prompt-audit resolve --keep ours -m REASON',
  });
}

function notALedger(problem: string): PromptAuditError {
  return new UnusableBranch({
    code: 'sync.rewritten',
    message: `The ledger branch of the remote is damaged: ${sentence(problem)}`,
    remedy:
      'Nothing local was changed. Find out who pushed it. A clone that has seen the branch good puts it back with: prompt-audit resolve --keep ours -m REASON',
  });
}

/** Two clones began a ledger each, or the remote is a wrong one; only people can tell which to keep. */
function anotherLedger(context: TrailContext, ours: string, theirs: string): PromptAuditError {
  return new PromptAuditError({
    code: 'ledger.foreign',
    message: `The remote holds another ledger (${theirs.slice(0, 7)}…) than this clone (${ours.slice(0, 7)}…). Nothing was changed on either side.`,
    remedy: context.store.seen
      ? 'This clone synced with another remote before: correct the address of this one.'
      : 'If the remote is the wrong one, correct its address. To go on with its ledger, run: prompt-audit resolve --keep theirs -m REASON (what is here is kept in copies), and take .prompt-audit/policy.jsonc from the branch of the others.',
  });
}

function tooBusy(remote: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.busy',
    message: `Others pushed to the ledger branch of ${remote} faster ${maxAttempts} times in a row.`,
    remedy: 'Everything is recorded here. Sync again in a minute.',
  });
}

/** Errors that leave everything recorded here and only put off the exchange with others. */
export function isPassingSyncError(error: unknown): error is PromptAuditError {
  const codes = ['sync.noRemote', 'sync.offline', 'sync.busy', 'git.timeout'] as const;
  return codes.some((code) => isPromptAuditError(error, code));
}

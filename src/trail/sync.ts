import { setTimeout as wait } from 'node:timers/promises';
import { formatCheckpoint, parseCheckpoint } from '../core/checkpoint.js';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { merkleRoot } from '../core/merkle.js';
import { readLedgerFile, type LedgerFile } from '../ledger/sqliteFile.js';
import type { WasmLoader } from '../ledger/sqlEngine.js';
import type { SyncedPoint } from '../ledger/storeSync.js';
import type { GitRepository } from '../git/repository.js';
import type { SyncReport } from './api.js';
import type { TrailContext } from './context.js';

/** The branch on the ledger remote (DESIGN.md §2). */
export const ledgerBranch = 'prompt-audit';
export const ledgerFileName = 'ledger.sqlite';

const maxAttempts = 8;
const branchReadme = `# Prompt Audit Trail: the ledger

This branch holds the audit trail of this repository's prompts. Only the program \`prompt-audit\` and the
VS Code extension write it. Protect it against force pushes and deletion. \`ledger.sqlite\` opens in any
SQLite tool; the view \`trail\` is meant for people.
`;

export interface SyncInput {
  readonly remote?: string;
  /** True right after another sync: pushes at once, and fetches only when that is rejected. */
  readonly justFetched?: boolean;
}

/**
 * Brings this clone and the ledger branch of the remote to one order (DESIGN.md §6):
 * fetch, take the remote's order, append what it lacks, push without force, again when another was faster.
 * Throws `sync.noRemote`, `sync.offline`, `sync.refused`, `sync.rewritten`, `sync.busy`, `ledger.foreign`.
 */
export async function sync(context: TrailContext, input: SyncInput = {}): Promise<SyncReport> {
  const { git, remote } = await ledgerRemote(context, input.remote);
  const labelsBefore = claimedLabels(context);
  const sizeBefore = context.store.events.length;
  let sent = 0;
  for (let attempt = 1; ; attempt++) {
    const hopeful = attempt === 1 && input.justFetched === true;
    const seen = hopeful ? context.store.seen : null;
    const tip = seen?.commit ?? (await git.fetchLedger(remote, ledgerBranch));
    if (tip === null) assertNeverSynced(context, remote);
    else await takeRemoteOrder(context, git, { commit: tip, remote });
    const { syncedSize, events } = context.store;
    if (tip !== null && syncedSize === events.length) {
      await settle(context, git, { ...context.store.point(), commit: tip, remote });
      break;
    }
    const { bytes, point } = await context.store.fileBytes();
    const commit = await git.commitLedger({
      parent: tip,
      files: new Map([
        [ledgerFileName, bytes],
        ['checkpoint', Buffer.from(formatCheckpoint(point))],
        ['README.md', Buffer.from(branchReadme)],
      ]),
      message: `Ledger of ${point.size} events [skip ci]`,
    });
    if ((await git.pushLedger(remote, ledgerBranch, commit, tip)) === 'pushed') {
      sent = point.size - syncedSize;
      await settle(context, git, { ...point, commit, remote });
      break;
    }
    if (attempt === maxAttempts) throw tooBusy(remote);
    await wait(Math.random() * 100 * attempt);
  }
  const point = context.store.point();
  return {
    remote,
    sent,
    received: Math.max(0, context.store.events.length - sizeBefore),
    renumbered: renumberedSince(context, labelsBefore),
    point,
  };
}

async function ledgerRemote(
  context: TrailContext,
  preferred: string | undefined,
): Promise<{ git: GitRepository; remote: string }> {
  const { git } = context.site;
  const remote = (await git?.ledgerRemote(preferred ?? context.store.remote ?? undefined)) ?? null;
  if (git && remote !== null) return { git, remote };
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
async function settle(
  context: TrailContext,
  git: GitRepository,
  synced: SyncedPoint,
): Promise<void> {
  await git.setLocalLedger(synced.commit);
  await context.store.markSynced(synced);
}

async function takeRemoteOrder(
  context: TrailContext,
  git: GitRepository,
  where: { readonly commit: string; readonly remote: string },
): Promise<void> {
  // Most often nothing is new there; then nothing needs to be read.
  if (context.store.seen?.commit === where.commit) return;
  const ledger = await ledgerAt(git, where.commit, context.storeOptions.wasm);
  const { ledger: ours } = context.store;
  if (ours !== null && ledger.ledger !== null && ours !== ledger.ledger)
    throw anotherLedger(context, ours, ledger.ledger);
  await context.store.rebase(ledger, where);
  await git.setLocalLedger(where.commit);
}

/** The ledger in a commit of the ledger branch, checked as hostile. Throws `sync.rewritten` where it is damaged. */
export async function ledgerAt(
  git: GitRepository,
  commit: string,
  wasm: WasmLoader | undefined,
): Promise<LedgerFile> {
  const files = (await git.readLedger(commit))?.files;
  const bytes = files?.get(ledgerFileName);
  if (bytes === undefined)
    throw notALedger(`commit ${commit.slice(0, 12)} has no ${ledgerFileName}`);
  const ledger = await readLedgerFile(bytes, { wasm, full: true });
  const broken = ledger.findings.find((f) => f.severity === 'error');
  if (broken) throw notALedger(broken.message);
  const checkpoint = parseCheckpoint(Buffer.from(files?.get('checkpoint') ?? []).toString('utf8'));
  const root = merkleRoot(ledger.events.map(({ event }) => event.headerText));
  if (
    checkpoint?.size !== ledger.events.length ||
    checkpoint.root !== root ||
    checkpoint.id !== ledger.ledger
  ) {
    throw notALedger('its checkpoint does not fit its events');
  }
  return ledger;
}

/** A remote that had the ledger and has it no more was re-created or its branch was deleted. */
function assertNeverSynced(context: TrailContext, remote: string): void {
  if (context.store.syncedSize === 0) return;
  throw new PromptAuditError({
    code: 'sync.rewritten',
    message: `The remote ${remote} has no ledger branch any more; this clone saw ${context.store.syncedSize} events there.`,
    remedy:
      'Nothing local was changed. Find out who deleted the branch, then restore it with: ' +
      `git push ${remote} refs/prompt-audit/ledger:refs/heads/${ledgerBranch}`,
  });
}

function notALedger(problem: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.rewritten',
    message: `The ledger branch of the remote is damaged: ${problem}.`,
    remedy:
      'Nothing local was changed. Find out who pushed it, and restore the branch from a clone.',
  });
}

/** Two clones began a ledger each, or the remote is a wrong one; only people can tell which to keep. */
function anotherLedger(context: TrailContext, ours: string, theirs: string): PromptAuditError {
  const { ledgerFile, privateDir } = context.site;
  return new PromptAuditError({
    code: 'ledger.foreign',
    message: `The remote holds another ledger (${theirs.slice(0, 7)}…) than this clone (${ours.slice(0, 7)}…). Nothing was changed on either side.`,
    remedy: context.store.seen
      ? 'This clone synced with another remote before: correct the address of this one.'
      : `If the remote is the wrong one, correct its address. To go on with the remote's ledger: move ${ledgerFile} and, from ${privateDir}, clone.json and journal.jsonl to a safe place (they hold what was recorded here), take .prompt-audit/policy.jsonc from the branch of the others, and run: prompt-audit init`,
  });
}

function tooBusy(remote: string): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.busy',
    message: `Others pushed to the ledger branch of ${remote} faster ${maxAttempts} times in a row.`,
    remedy: 'Everything is recorded here. Sync again in a minute.',
  });
}

/** The number that this clone shows of each version, by event. */
function claimedLabels(context: TrailContext): ReadonlyMap<string, number> {
  return new Map([...context.state.versions].map(([id, version]) => [id, version.number]));
}

function renumberedSince(context: TrailContext, before: ReadonlyMap<string, number>): string[] {
  return [...context.state.versions]
    .filter(([id, version]) => before.has(id) && before.get(id) !== version.number)
    .map(([id, v]) => `${v.prompt.path}: v${before.get(id)}? is now v${v.number}`);
}

/** Errors that leave everything recorded here and only put off the exchange with others. */
export function isPassingSyncError(error: unknown): error is PromptAuditError {
  const codes = ['sync.noRemote', 'sync.offline', 'sync.busy', 'git.timeout'] as const;
  return codes.some((code) => isPromptAuditError(error, code));
}

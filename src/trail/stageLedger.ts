import { formatCheckpoint } from '../core/checkpoint.js';
import type { Watch } from '../core/watch.js';
import { objectIdLength } from '../git/blobId.js';
import { emptyTree, withoutSurplus } from '../git/ledgerTree.js';
import type { GitRepository } from '../git/repository.js';
import type { StagedCommit } from '../git/stagedCommit.js';
import type { LedgerContents, SyncedPoint } from '../ledger/storeSync.js';
import type { TrailContext } from './context.js';
import { countForUpkeep } from './gitUpkeep.js';
import { ledgerFileName, volumesToSend } from './ledgerVolumes.js';

const branchReadme = `# Prompt Audit Trail: the ledger

This branch holds the audit trail of this repository's prompts. Only the program \`prompt-audit\` and the
VS Code extension write it. Protect it against force pushes and deletion. \`ledger.sqlite\` opens in any
SQLite tool; the view \`trail\` is meant for people.
`;

/** A commit of the whole ledger, and what it holds. */
export interface StagedLedger {
  readonly point: Omit<SyncedPoint, 'remote'>;
  readonly staged: StagedCommit;
}

/** Gives a commit behind the remote's tip whose events are ones only when the remote takes it; null: none is needed. */
export type Stage = (
  context: TrailContext,
  git: GitRepository,
  parent: string | null,
  watch?: Watch,
) => Promise<StagedLedger | null>;

/**
 * Folds, and makes a commit of the whole ledger behind `parent`, in quarantine; volumes that the parent has
 * already are not read. `offered`: what the commit shall hold instead of what is here.
 */
export async function stageLedger(
  context: TrailContext,
  git: GitRepository,
  parent: string | null,
  offered: LedgerContents | null = null,
): Promise<StagedLedger> {
  const { store, site } = context;
  const contents = offered ?? (await store.contents());
  const { size, root } = contents.point;
  const before = parent === null ? emptyTree : await git.ledgerTree(parent);
  const { tree, surplus } = withoutSurplus(before, contents.volumes.length);
  if (surplus.length > 0)
    context.warn(
      `The ledger branch holds files that are no volumes of this ledger: ${surplus.slice(0, 8).join(', ')}. They are taken out; nothing was read from them. Ask who pushed them.`,
    );
  const idLength = parent?.length ?? (await objectIdLength(git.root));
  const seen = store.seen?.volumes ?? [];
  const { files, volumes } = await volumesToSend(contents, tree.blobs, seen, idLength);
  const all = new Map([
    ...files,
    [ledgerFileName, contents.open],
    ['checkpoint', Buffer.from(formatCheckpoint(contents.point))],
    ['README.md', Buffer.from(branchReadme)],
  ]);
  const message = `Ledger of ${size} events [skip ci]`;
  const staged = await git.stageLedger({ parent, tree, files: all, message });
  await countForUpkeep(site.privateDir, all.values());
  return { point: { size, root, commit: staged.commit, volumes }, staged };
}

/** As stageLedger, kept at once. */
export async function ledgerCommit(
  context: TrailContext,
  git: GitRepository,
  parent: string | null,
): Promise<Omit<SyncedPoint, 'remote'>> {
  const { point, staged } = await stageLedger(context, git, parent);
  try {
    await staged.keep();
    return point;
  } finally {
    await staged.drop();
  }
}

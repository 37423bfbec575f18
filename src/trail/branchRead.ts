import { parseCheckpoint } from '../core/checkpoint.js';
import { isPromptAuditError } from '../core/errors.js';
import type { GitRepository } from '../git/repository.js';
import { breakOf } from '../ledger/remoteGround.js';
import { readLedgerFile, rootInFile, sizeInFile, type LedgerFile } from '../ledger/sqliteFile.js';
import type { TrailContext } from './context.js';
import { isLeftBehind } from './explanation.js';
import { ledgerFileName } from './ledgerVolumes.js';
import { isResolution, resolutionIn } from './resolution.js';
import type { BranchPoint } from './resolveApi.js';

export const unknownPoint: BranchPoint = { ledger: null, size: null, root: null, commit: null };

export interface BranchRead {
  readonly point: BranchPoint;
  /** The events cannot be read: the numbers are what the file `checkpoint` claims. */
  readonly unchecked?: boolean;
  /** Why it is as it is, in the words of the newest review in it that this clone does not have. */
  readonly claim: string | null;
  /** A person confirmed that review, as it says itself, and it is about the history that this clone saw. */
  readonly decided: boolean;
}

/** What a commit of a ledger branch shows, as far as it can be read and checked alone: it may be anything. */
export async function readBranch(
  context: TrailContext,
  git: GitRepository,
  commit: string,
  ours: BranchPoint | null,
): Promise<BranchRead> {
  const nothing = { point: { ...unknownPoint, commit }, claim: null, decided: false };
  try {
    const files = (await git.readLedger(commit))?.files;
    const bytes = files?.get(ledgerFileName);
    const { wasm } = context.storeOptions;
    const open = bytes === undefined ? null : await readLedgerFile(bytes, { wasm });
    if (open === null || breakOf(open) !== undefined) {
      const claimed = parseCheckpoint(Buffer.from(files?.get('checkpoint') ?? []).toString('utf8'));
      if (claimed === undefined) return nothing;
      const { id: ledger, size, root } = claimed;
      return { ...nothing, point: { ledger, size, root, commit }, unchecked: true };
    }
    const size = sizeInFile(open);
    const point = { ledger: open.ledger, size, root: rootInFile(open, size), commit };
    const said = newestReview(context, open);
    if (said === null) return { ...nothing, point };
    const { at, disposition, identity } = said;
    const resolution = resolutionIn(disposition);
    const decided =
      identity === 'git' &&
      resolution !== null &&
      (await isLeftBehind(git, resolution, ours, commit));
    return { point, claim: oneLine(`${at.slice(0, 10)}, ${disposition}`), decided };
  } catch (error) {
    // What cannot be read is kept all the same; the error that led here says what is wrong with it.
    if (isPromptAuditError(error)) return nothing;
    throw error;
  }
}

interface Said {
  readonly at: string;
  readonly disposition: string;
  readonly identity: string;
}

/** A review that is here already was made before this, and explains nothing of it. */
function newestReview({ state }: TrailContext, { events }: LedgerFile): Said | null {
  for (const { event } of events.toReversed()) {
    if (!event.known || event.type !== 'trail.reviewed' || event.body === null) continue;
    if (!isResolution(event.body.disposition)) continue;
    if (state.seqOf(event.id) !== undefined) return null;
    const { disposition, identity } = event.body;
    return { at: event.header.at, disposition, identity };
  }
  return null;
}

/** A disposition holds a reason and two whole checkpoints. */
const mostCharacters = 4_000;

/** Foreign text as one harmless line, as long as a review can sensibly be. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line;
}

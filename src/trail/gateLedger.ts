import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { LedgerPoint } from '../core/rows.js';
import type { GatePlace } from '../git/gatePlace.js';
import { readCloneState } from '../ledger/cloneState.js';
import { LedgerStore } from '../ledger/store.js';
import type { TrailOptions } from './api.js';
import { TrailContext } from './context.js';
import { remoteLedger } from './sync.js';

/** Where a ledger is read from, and a folder that is gone afterwards. */
export interface GateSource {
  readonly place: GatePlace;
  /** Of the ledger branch. */
  readonly commit: string;
  readonly folder: string;
  readonly options: TrailOptions;
}

/**
 * A ledger as a commit of its branch has it, and nothing else: everything in it is checked as a stranger's, and
 * what this clone keeps of the ledger is neither used nor changed. Throws `sync.rewritten` where it is damaged,
 * `ledger.tooLarge`, `ledger.futureVersion`.
 */
export async function gateLedger({
  place,
  commit,
  folder,
  options,
}: GateSource): Promise<TrailContext> {
  const nothing = (): Promise<null> => Promise.resolve(null);
  const storeOptions = {
    file: join(folder, 'ledger.sqlite'),
    privateDir: join(folder, 'private'),
    trimAfterFold: false,
    readRef: nothing,
    // Nobody opens this copy again.
    snapshotEvery: Infinity,
    tool: options.tool,
    ...(options.wasm ? { wasm: options.wasm } : {}),
  };
  const store = await LedgerStore.open(storeOptions);
  const { file: ledgerFile, privateDir } = storeOptions;
  const site = { root: folder, git: place.git, ledgerFile, privateDir };
  const context = new TrailContext({ site, store, storeOptions, options });
  const remote = await remoteLedger(context, place.git, commit);
  await store.rebase(remote, { commit, remote: 'gate' });
  const { damage } = context;
  if (damage === null) return context;
  throw new PromptAuditError({
    code: 'ledger.damaged',
    message: `The ledger branch is damaged: ${damage.message}`,
    remedy: damage.remedy,
  });
}

/** What this clone saw of the ledger before, where it has one of its own; a server keeps none. */
export async function seenHere({ git, isServer }: GatePlace): Promise<{
  readonly points: readonly LedgerPoint[];
  readonly remote: string | null;
}> {
  if (isServer) return { points: [], remote: null };
  const state = await readCloneState(join(git.commonDir, 'prompt-audit', 'clone.json'));
  if (state === 'damaged') return { points: [], remote: null };
  const { ledger, seen, remote } = state;
  return {
    points: ledger === null || seen === null ? [] : [{ id: ledger, ...pointOf(seen) }],
    remote,
  };
}

const pointOf = ({ size, root }: { size: number; root: string }) => ({ size, root });

/** Throws `checkpoint.unmet` where the ledger does not extend one of these; `whose`: of whom they are. */
export function assertExtends(
  context: TrailContext,
  points: readonly (Omit<LedgerPoint, 'id'> & { readonly id?: string })[],
  whose: string,
): void {
  const { store } = context;
  const roots = store.rootsAt(points.map(({ size }) => size));
  for (const { id, size, root } of points) {
    if ((id === undefined || id === store.ledger) && (size === 0 || roots.get(size) === root))
      continue;
    const found =
      id !== undefined && id !== store.ledger
        ? 'it is another ledger'
        : size > store.size
          ? `it has only ${store.size} events`
          : 'it has other events';
    throw new PromptAuditError({
      code: 'checkpoint.unmet',
      message: `The ledger branch does not extend the checkpoint of ${size} events ${whose}: ${found}.`,
      remedy:
        'The branch was rebuilt, cut or set back, or the checkpoint is a mistake. Compare both with a clone that you trust: prompt-audit checkpoint',
    });
  }
}

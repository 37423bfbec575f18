import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import type { Finding } from '../core/rows.js';
import type { LedgerBase } from './base.js';
import { buildBase } from './baseBuilder.js';
import type { VolumeRecord } from './cloneState.js';
import { readBytes } from './fileOnDisk.js';
import { firstError } from './findings.js';
import type { Layout } from './fold.js';
import type { Replica } from './replica.js';
import { sqlEngine } from './sqlEngine.js';
import { rootInFile, type LedgerFile } from './sqliteFile.js';
import type { RemoteLedger } from './storeSync.js';
import { VolumeFiles } from './volumeFiles.js';
import { rootBefore } from './volumeStart.js';
import { volumePath } from './volumes.js';

/** What both sides have before the remote's open volume. */
export interface Ground {
  readonly base: LedgerBase | null;
  /** Events behind the base and before the remote's open volume, where that begins later. */
  readonly between: readonly LedgerEvent[];
  readonly layout: Layout;
  /** What sealed volumes lack; a redaction must explain it. */
  readonly missing: readonly Finding[];
}

/** Where this clone has the remote's sealed volumes already: nothing has to be read. */
export function commonGround(replica: Replica, { open }: RemoteLedger): Ground | null {
  const { memory } = replica;
  const { start } = open;
  if (memory === null)
    return start.size === 0 ? { base: null, between: [], layout: fresh(open), missing: [] } : null;
  const { base } = memory;
  const { sealed, repairs } = replica.layout;
  const before = sealed.slice(0, start.volume - 1);
  const isSealedAlike =
    before.length === start.volume - 1 && (before.at(-1)?.last ?? 0) === start.size;
  if (!isSealedAlike || memory.rootAt(start.size) !== rootBefore(start)) return null;
  if (base !== null && base.size > start.size && rootInFile(open, base.size) !== base.data.root)
    return null;
  const between = memory.tail.filter(({ seq }) => seq <= start.size).map(({ event }) => event);
  return { base, between, layout: { sealed: before, start, repairs }, missing: [] };
}

/** Reads the remote's sealed volumes that this clone does not know. Throws `sync.rewritten`. */
export async function foreignGround(replica: Replica, remote: RemoteLedger): Promise<Ground> {
  const { context } = replica;
  const { start } = remote.open;
  if (start.size === 0) return { base: null, between: [], layout: fresh(remote.open), missing: [] };
  const record = replica.clone.folds[context.file]?.volumes ?? [];
  const files = new VolumeFiles(await sqlEngine(context.wasm));
  const here = async (volume: number): Promise<Uint8Array | null> => {
    const known = remote.known[volume - 1];
    const isSame = known !== null && record[volume - 1]?.sha256 === known;
    return isSame ? await readBytes(volumePath(context.file, volume)) : null;
  };
  const built = await buildBase(context, start, [here, remote.volume], files, record);
  const broken = built.base === null ? firstError(built.findings) : undefined;
  if (built.base === null)
    throw damagedRemote(broken?.message ?? 'Its sealed volumes cannot be read.');
  const sealed: Omit<VolumeRecord, 'stamp'>[] = [...built.records];
  return {
    base: built.base,
    between: [],
    layout: { sealed, start, repairs: built.repairs, isFetched: true },
    missing: built.missing,
  };
}

/** The events of the remote behind the base, in its order. */
export const theirEvents = (
  { base, between }: Ground,
  { open }: RemoteLedger,
): readonly LedgerEvent[] => [
  ...between,
  ...open.events.map(({ event }) => event).filter(({ id }) => base?.seqOf(id) === undefined),
];

const fresh = ({ start }: LedgerFile): Layout => ({ sealed: [], start, repairs: new Map() });

/** Throws `sync.rewritten` where the open volume of a remote is broken. */
export function assertSound(open: LedgerFile): void {
  const broken = breakOf(open);
  if (broken) throw damagedRemote(broken.message);
}

const lackings: ReadonlySet<string> = new Set([
  'body.missing',
  'content.missing',
  'signature.missing',
]);

/** The first error of a remote's open volume, but for what it lacks: sync is a union, and judges that as a whole. */
export const breakOf = ({ findings }: LedgerFile): Finding | undefined =>
  firstError(findings.filter(({ code }) => !lackings.has(code)));

/** `sync.rewritten` of a branch that nobody can take as it is, whatever is decided. */
export class UnusableBranch extends PromptAuditError {}

/** A remote's ledger of which nothing can be believed. */
export function damagedRemote(problem: string): PromptAuditError {
  return new UnusableBranch({
    code: 'sync.rewritten',
    message: `The remote ledger is damaged, and nothing of it was taken. ${problem}`,
    remedy: 'Ask whoever can write to the ledger branch to restore it. Your own events are safe.',
  });
}

import { isPromptAuditError } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import { checkAttachments } from './attachmentCheck.js';
import { readBytes } from './fileOnDisk.js';
import { finding, restoreRemedy } from './findings.js';
import { breakOf } from './remoteGround.js';
import type { Replica } from './replica.js';
import { readLedgerFile, rootInFile, sizeInFile, type LedgerFile } from './sqliteFile.js';
import type { RemoteLedger } from './storeSync.js';
import { volumePath } from './volumes.js';

export interface SealedLook {
  /** What the remote's volumes lack and those here have, and no redaction covers; `volume.missing` for a whole one. */
  readonly lacking: readonly Finding[];
  /** As RemoteLedger.known, with those that turned out to be the ones here. */
  readonly known: readonly (string | null)[];
}

/**
 * Looks into the sealed volumes of a remote whose bytes this clone does not know, where it goes on with its own that
 * begin and end alike: nothing would be read of them, and what they lack would not be told. A redaction is the
 * good reason for other bytes.
 */
export async function compareSealed(
  replica: Replica,
  remote: RemoteLedger,
  redacted: ReadonlySet<RedactionTarget>,
): Promise<SealedLook> {
  const known = [...remote.known];
  const lacking: Finding[] = [];
  const { layout, context } = replica;
  for (let at = 0; at < remote.open.start.volume - 1; at++) {
    if (typeof known[at] === 'string') continue;
    const volume = at + 1;
    const ours = layout.repairs.get(volume) ?? (await readBytes(volumePath(context.file, volume)));
    // Without its own there is nothing to compare with; that is told where this clone's files are read.
    if (ours === null) continue;
    const theirs = await remote.volume(volume);
    const hash = sha256(ours).toString('hex');
    if (theirs !== null && sha256(theirs).toString('hex') === hash) known[at] = hash;
    else lacking.push(...(await lackingIn(replica, volume, { ours, theirs, redacted })));
  }
  return { lacking, known };
}

interface Compared {
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array | null;
  readonly redacted: ReadonlySet<RedactionTarget>;
}

async function lackingIn(
  { layout, memory, context: { wasm } }: Replica,
  volume: number,
  { ours, theirs, redacted }: Compared,
): Promise<readonly Finding[]> {
  const { last } = layout.sealed[volume - 1]!;
  const file = theirs === null ? null : await sound(theirs, wasm);
  if (file === null || sizeInFile(file) !== last || rootInFile(file, last) !== memory?.rootAt(last))
    return [wholeVolume(volume, (layout.sealed[volume - 2]?.last ?? 0) + 1)];
  const missing = ({ events, attachments }: LedgerFile): readonly Finding[] =>
    checkAttachments(events, attachments, { ground: null, redacted });
  // What stands in an earlier volume is in neither of both.
  const here = new Set(missing(await readLedgerFile(ours, { wasm })).map(keyOf));
  return missing(file).filter((one) => !here.has(keyOf(one)));
}

const keyOf = ({ code, seq, expected }: Finding): string => `${code} ${seq} ${expected}`;

/** A volume as far as it can be believed; null where it cannot. */
async function sound(
  bytes: Uint8Array,
  wasm: Replica['context']['wasm'],
): Promise<LedgerFile | null> {
  try {
    const file = await readLedgerFile(bytes, { wasm, full: true });
    return breakOf(file) === undefined ? file : null;
  } catch (error) {
    const isUnreadable =
      isPromptAuditError(error, 'ledger.tooLarge') ||
      isPromptAuditError(error, 'ledger.futureVersion');
    if (isUnreadable) return null;
    throw error;
  }
}

const wholeVolume = (volume: number, first: number): Finding =>
  finding({
    code: 'volume.missing',
    seq: first,
    message: `The sealed volume ${volume} is missing or broken there.`,
    remedy: restoreRemedy,
  });

import type { Digest } from '../core/ids.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import { digestBytes } from './attachments.js';
import { checkAttachments } from './attachmentCheck.js';
import type { LedgerBase } from './base.js';
import type { Replica } from './replica.js';
import type { LedgerFile } from './sqliteFile.js';

/**
 * The bodies, texts and signatures that a remote's open volume lacks and no redaction covers. An honest
 * clone never sends such a file: sync is a union of them (DESIGN.md §3).
 */
export function withheldIn(
  open: LedgerFile,
  base: LedgerBase | null,
  redacted: ReadonlySet<RedactionTarget>,
): readonly Finding[] {
  const hasContent = (digest: Digest): boolean =>
    base !== null && isHeldUpTo(base, digest, open.start.size);
  // The same signature may stand in a sealed volume already.
  const isSealed = ({ code, expected }: Finding): boolean =>
    code === 'signature.missing' &&
    base !== null &&
    base.size <= open.start.size &&
    base.signature(expected as Digest) !== undefined;
  const ground = { hasContent };
  return checkAttachments(open.events, open.attachments, { ground, redacted }).filter(
    (lacking) => !isSealed(lacking),
  );
}

/** Reads the ledger again without the snapshot, which may stand for rows of the open volume. */
export async function withoutSnapshot(replica: Replica): Promise<void> {
  await replica.snapshots.remove();
  await replica.reload(replica.clone.folds[replica.context.file]?.erased ?? 0);
}

/** Whether a sealed volume up to `size` has a text: those of a base are placed by the first event that names them. */
function isHeldUpTo({ data }: LedgerBase, digest: Digest, size: number): boolean {
  const { digests, seqs } = data.contents;
  const all = Buffer.from(digests.buffer, digests.byteOffset, digests.length);
  const wanted = digestBytes(digest);
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1))
    if (at % wanted.length === 0) return seqs[at / wanted.length]! <= size;
  return false;
}

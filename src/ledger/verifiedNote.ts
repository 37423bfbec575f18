import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRandomId, type LedgerId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { writeFileAtomically } from './atomicFile.js';
import type { StoreContext } from './storeOptions.js';

/** Changes whenever a check is added or changed: what older rules passed is checked again. */
const rules = 2;

/** What this clone verified last: from there an incremental verification goes on. Disposable. */
export interface VerifiedNote {
  readonly ledger: LedgerId;
  /** The checkpoint up to which every event was checked. */
  readonly size: number;
  readonly root: string;
  /** When all of it was checked, by this clone's clock. */
  readonly since: string;
  /** SHA-256 of the files that were checked, 64 hex digits each. */
  readonly files: readonly string[];
  /** The commit of the ledger ref then; null where there was none. */
  readonly tip: string | null;
  readonly volumes: number;
  /** What was found in the events and files up to there; no errors. */
  readonly findings: readonly Finding[];
}

/** The note of this clone; null where there is none that fits this program. */
export async function readVerifiedNote(context: StoreContext): Promise<VerifiedNote | null> {
  try {
    const text = await readFile(pathOf(context), 'utf8');
    const value = JSON.parse(text) as VerifiedNote & { rules: unknown; tool: unknown };
    const fits =
      value.rules === rules &&
      value.tool === context.tool &&
      isRandomId(value.ledger) &&
      Number.isSafeInteger(value.size) &&
      typeof value.root === 'string' &&
      typeof value.since === 'string' &&
      Array.isArray(value.files) &&
      Array.isArray(value.findings) &&
      (value.tip === null || typeof value.tip === 'string');
    return fits ? value : null;
  } catch {
    return null; // Without it everything is verified, which is always right.
  }
}

/** Keeps a note; a disk that does not take it only makes the next verification longer. */
export async function keepVerifiedNote(context: StoreContext, note: VerifiedNote): Promise<void> {
  const text = `${JSON.stringify({ rules, tool: context.tool, ...note })}\n`;
  await writeFileAtomically(pathOf(context), text, {
    platform: context.platform,
    mode: 0o600,
  }).catch(() => undefined);
}

const pathOf = ({ privateDir }: StoreContext): string => join(privateDir, 'cache', 'verified.json');

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { readCloneState } from '../ledger/cloneState.js';
import { volumesThere } from '../ledger/volumes.js';
import type { TrailContext } from './context.js';
import { auditFolder } from './site.js';

/**
 * A worktree without a single event that shows that it had a ledger has lost it: another one must not begin in
 * its place, and nobody may be told that there was none. Throws `ledger.damaged`.
 */
export async function assertNothingLeft({ site }: TrailContext): Promise<void> {
  const trace = await traceOf(site.ledgerFile, site.privateDir);
  if (trace === null) return;
  throw new PromptAuditError({
    code: 'ledger.damaged',
    message: `The ledger of ${site.root} is lost: ${trace}`,
    remedy: `Put back ledger.sqlite, and the folder volumes where there is one, from another clone or a backup. Where the remote has the ledger, "prompt-audit init" takes it from there. Only to begin a new one: move away what is left in ${auditFolder}${site.git === null ? '' : ' and in .git/prompt-audit'}.`,
  });
}

async function traceOf(file: string, privateDir: string): Promise<string | null> {
  const volumes = await volumesThere(file);
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (volumes.length > 0)
    return `${volumes.length === 1 ? 'a sealed volume is' : `${volumes.length} sealed volumes are`} there, and ${isThere ? 'ledger.sqlite holds no event' : 'ledger.sqlite is gone'}.`;
  if (isThere) return 'ledger.sqlite is there and holds no event.';
  const clone = await readCloneState(join(privateDir, 'clone.json'));
  const ledger = clone === 'damaged' ? null : clone.ledger;
  return ledger === null
    ? null
    : `this clone remembers ledger ${ledger.slice(0, 7)}…, and no file of it is here.`;
}

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new empty folder under the system's temporary folder, by its real path. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `prompt-audit-${name}-`)));
  const remove = (): void => {
    process.off('exit', remove);
    // A process that was just ended may still hold a file for a moment (Windows).
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', remove);
  return { path: folder, remove };
}

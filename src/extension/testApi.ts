import type { Log } from './base/log.js';
import type { FileChanges } from './fileChanges.js';
import type { SaveRecorder } from './saveRecorder.js';
import type { Sessions } from './session/sessions.js';
import type { Syncer } from './session/syncer.js';
import type { LedgerFindings } from './status/ledgerFindings.js';
import type { Views } from './views/views.js';

/** What tests inside the extension host may look at; nothing of it is handed out otherwise. */
export interface TestApi {
  readonly sessions: Sessions;
  readonly views: Views;
  readonly findings: LedgerFindings;
  readonly saves: SaveRecorder;
  readonly files: FileChanges;
  readonly sync: Syncer;
  readonly log: Log;
}

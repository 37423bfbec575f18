import { syncSummary, type SyncSummary, type SyncTrouble } from '../core/syncSummary.js';
import type { TrailStatus } from '../trail/api.js';
import type { Cell } from './table.js';
import { localTime } from './time.js';
import { plural } from './words.js';

/** How the clone stands to its remote, and what to do where somebody has to do something. */
export function syncCell({ remote, unsent, syncedAt, syncProblem }: TrailStatus): Cell {
  const facts = { remote, unsent, syncedAt, trouble: syncProblem, isSyncing: false };
  const summary = syncSummary(facts);
  switch (summary.kind) {
    case 'none':
    case 'syncing':
      // There are remotes, and nothing says which one it is.
      if (syncProblem !== null)
        return { text: `${syncProblem.message} ${syncProblem.remedy}`, colour: 'yellow' };
      return 'no remote: the trail is only here';
    case 'inSync':
      return summary.at === null
        ? `in sync with ${summary.remote}`
        : `in sync with ${summary.remote} since ${localTime(summary.at)}`;
    case 'unsent':
      return `${plural(summary.unsent, 'event')} to send to ${summary.remote}`;
    case 'offline':
      return troubleCell(summary, `offline since ${localTime(summary.trouble.since)}. `, 'yellow');
    case 'waiting':
      return troubleCell(
        summary,
        summary.trouble.code === 'git.timeout'
          ? `no answer since ${localTime(summary.trouble.since)}. `
          : '',
        'yellow',
      );
    case 'login':
    case 'refused':
    case 'stopped':
      return troubleCell(summary, `since ${localTime(summary.trouble.since)}: `, 'red');
  }
}

function troubleCell(
  { trouble, unsent }: Extract<SyncSummary, { trouble: SyncTrouble }>,
  before: string,
  colour: 'yellow' | 'red',
): Cell {
  const waiting = unsent === 0 ? '' : ` ${plural(unsent, 'event')} to send.`;
  return { text: `${before}${trouble.message}${waiting} ${trouble.remedy}`, colour };
}

import { env, l10n, type Command } from 'vscode';
import type { SyncSummary } from '../../core/syncSummary.js';
import { ago } from '../ui/time.js';

export interface SyncWords {
  /** A few words. */
  readonly short: string;
  /** What follows these words where there is little room; may be empty. */
  readonly more: string;
  /** All in one sentence. */
  readonly line: string;
  /** What happened and what to do, where that needs more words. */
  readonly detail: string | null;
  /** A theme icon. */
  readonly icon: string;
}

/** How a repository stands to its remote, in words; null where there is no remote. `now` in milliseconds. */
export function syncWords(summary: SyncSummary, now = Date.now()): SyncWords | null {
  switch (summary.kind) {
    case 'none':
      return null;
    case 'syncing':
      return plain(l10n.t('Syncing with {0}…', summary.remote), 'sync~spin');
    case 'inSync':
      return plain(
        summary.at === null
          ? l10n.t('In sync with {0}', summary.remote)
          : l10n.t('In sync with {0} · {1}', summary.remote, ago(summary.at, now)),
        'cloud',
      );
    case 'unsent':
      return plain(toSend(summary.unsent), 'cloud-upload');
    case 'offline': {
      const since = clock(summary.trouble.since, now);
      return {
        short: l10n.t('Offline since {0}', since),
        more: l10n.t('all is recorded here'),
        line: l10n.t('Offline since {0}; all is recorded here', since),
        detail: summary.trouble.message,
        icon: 'debug-disconnect',
      };
    }
    case 'waiting':
      return {
        short: summary.unsent > 0 ? toSend(summary.unsent) : l10n.t('Not synced yet'),
        more: summary.trouble.message,
        line: summary.trouble.message,
        detail: summary.trouble.remedy,
        icon: 'history',
      };
    case 'login':
      return {
        short: l10n.t('Not signed in to {0}', summary.remote),
        more: l10n.t('all is recorded here'),
        line: l10n.t('Not signed in to {0}; all is recorded here', summary.remote),
        detail: `${summary.trouble.message} ${summary.trouble.remedy}`,
        icon: 'key',
      };
    case 'refused':
      return {
        short: l10n.t('Refused by {0}', summary.remote),
        more: reasonOf(summary.trouble.message),
        line: summary.trouble.message,
        detail: summary.trouble.remedy,
        icon: 'circle-slash',
      };
    case 'stopped':
      return {
        short: l10n.t('Sharing has stopped'),
        more: summary.trouble.message,
        line: l10n.t('Sharing has stopped; nothing was overwritten. {0}', summary.trouble.message),
        detail: summary.trouble.remedy,
        icon: 'warning',
      };
  }
}

/** What helps: to log in, else to try again. `argument`: which repository, where it is not plain. */
export function syncCommand({ kind }: SyncSummary, argument?: unknown): Command {
  const more = argument === undefined ? {} : { arguments: [argument] };
  return kind === 'login'
    ? { command: 'promptAudit.signIn', title: l10n.t('Sign In…'), ...more }
    : { command: 'promptAudit.sync', title: l10n.t('Sync Now'), ...more };
}

function plain(line: string, icon: string): SyncWords {
  return { short: line, more: '', line, detail: null, icon };
}

/** The host's own words of a message that says who refused what. */
function reasonOf(message: string): string {
  return /^The remote \S+ refused the ledger: (.+)$/s.exec(message)?.[1] ?? message;
}

function toSend(events: number): string {
  return events === 1 ? l10n.t('1 event to send') : l10n.t('{0} events to send', events);
}

/** The time of a moment of today, else its day as well. */
function clock(at: string, now: number): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date(now).toDateString();
  return time.toLocaleString(
    env.language,
    isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
}

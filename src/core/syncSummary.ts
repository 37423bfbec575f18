/** The last exchange with the remote that failed, until one succeeds. */
export interface SyncTrouble {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** Since when it is so, ISO 8601. */
  readonly since: string;
  /** True for what ends by itself, such as being offline. */
  readonly passing: boolean;
  readonly reasons: readonly string[];
}

export interface SyncFacts {
  /** Null where there is none. */
  readonly remote: string | null;
  /** Events that the remote does not have yet. */
  readonly unsent: number;
  /** When the last exchange succeeded, ISO 8601; null where none did or nobody knows. */
  readonly syncedAt: string | null;
  readonly trouble: SyncTrouble | null;
  readonly isSyncing: boolean;
}

/** How this clone stands to its remote, in the one way that lists, bars and the command line show it. */
export type SyncSummary =
  | { readonly kind: 'none' }
  | { readonly kind: 'syncing'; readonly remote: string }
  | { readonly kind: 'inSync'; readonly remote: string; readonly at: string | null }
  | { readonly kind: 'unsent'; readonly remote: string; readonly unsent: number }
  | {
      /** Nobody answers, or others were faster: it ends by itself. */
      readonly kind: 'offline' | 'waiting';
      readonly remote: string;
      readonly unsent: number;
      readonly trouble: SyncTrouble;
    }
  | {
      /** Somebody has to log in; the host said no; the remote is not what it was. */
      readonly kind: 'login' | 'refused' | 'stopped';
      readonly remote: string;
      readonly unsent: number;
      readonly trouble: SyncTrouble;
    };

/** Says what matters most of the facts. What is under way comes before what went wrong the last time. */
export function syncSummary(facts: SyncFacts): SyncSummary {
  const { remote, unsent, trouble, isSyncing, syncedAt } = facts;
  if (remote === null) return { kind: 'none' };
  if (isSyncing) return { kind: 'syncing', remote };
  if (trouble !== null) return { kind: kindOf(trouble), remote, unsent, trouble };
  if (unsent > 0) return { kind: 'unsent', remote, unsent };
  return { kind: 'inSync', remote, at: syncedAt };
}

/** Whether it stays until somebody does something. */
export function needsSomebody({ kind }: SyncSummary): boolean {
  return kind === 'login' || kind === 'refused' || kind === 'stopped';
}

function kindOf({
  code,
  passing,
  reasons,
}: SyncTrouble): 'offline' | 'waiting' | 'login' | 'refused' | 'stopped' {
  if (code === 'sync.offline') return 'offline';
  if (passing) return 'waiting';
  if (reasons.includes('login.needed')) return 'login';
  return code === 'sync.rewritten' || code === 'ledger.foreign' ? 'stopped' : 'refused';
}

import { randomBytes } from 'node:crypto';
import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { Finding, LedgerPoint } from '../core/rows.js';
import { defaultPolicy } from '../core/policyFile.js';
import type { Policy } from '../core/policy.js';
import { type LedgerState, everything } from '../core/state.js';
import { policyInScope } from '../core/policyInScope.js';

import type { View } from '../core/versionRows.js';
import { firstError, withRemedy } from '../ledger/findings.js';
import type { LedgerStore } from '../ledger/store.js';
import type { StoreOptions } from '../ledger/storeOptions.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import type { TrailOptions } from './api.js';
import type { SigningProblem } from './signApi.js';
import type { Site } from './site.js';

/** What every use-case works with. */
export class TrailContext {
  readonly site: Site;
  readonly store: LedgerStore;
  readonly storeOptions: StoreOptions;
  readonly options: TrailOptions;
  /** Why the last act was not signed, until one is. */
  signingProblem: SigningProblem | null = null;
  /** Something was recorded that may not be in ledger.sqlite yet. */
  #unfolded = false;

  constructor(input: {
    site: Site;
    store: LedgerStore;
    storeOptions: StoreOptions;
    options: TrailOptions;
  }) {
    this.site = input.site;
    this.store = input.store;
    this.storeOptions = input.storeOptions;
    this.options = input.options;
  }

  /** The checkpoint of all events. Throws `ledger.damaged` where none can be read. */
  point(): LedgerPoint {
    const { refusal, ledger } = this.store;
    if (ledger !== null || refusal === null) return this.store.point();
    throw new PromptAuditError({
      code: 'ledger.damaged',
      message: refusal.message,
      remedy: withRemedy(refusal, true).remedy,
    });
  }

  /** The first error in the files here; null while they are as they should be. */
  get damage(): Finding | null {
    const found = firstError(this.store.damage);
    return found === undefined ? null : withRemedy(found, !this.isRestorable);
  }

  /** Whether what is damaged here is known from elsewhere, so that the next write puts it right. */
  get isRestorable(): boolean {
    return this.store.refusal === null && this.store.ledger !== null;
  }

  /** See LedgerStore.transact. */
  async transact<T>(work: (tx: LedgerTransaction) => T): Promise<T> {
    const result = await this.store.transact(work);
    this.#unfolded = true;
    return result;
  }

  /** Writes what was recorded into ledger.sqlite, if that is due. */
  async fold(): Promise<void> {
    if (!this.#unfolded) return;
    await this.store.fold();
    this.#unfolded = false;
  }

  /** The ledger remote: the one that is set or pinned, else the one that git suggests; null where there is none. */
  async remote(): Promise<string | null> {
    const found = await this.remoteOrProblem();
    return found instanceof PromptAuditError ? null : found;
  }

  /** As `remote`; the error where a ledger remote is named that this repository does not have. */
  async remoteOrProblem(): Promise<string | PromptAuditError | null> {
    const { git } = this.site;
    if (git === null) return null;
    return git.ledgerRemote(undefined, this.store.remote ?? undefined).catch((error: unknown) => {
      if (isPromptAuditError(error, 'sync.noRemote')) return error;
      throw error;
    });
  }

  /** The facts up to the last event that the store has read. */
  get state(): LedgerState {
    return this.store.state;
  }

  /** The policy that judges now: the last one adopted. */
  get policy(): Policy {
    return policyInScope(this.state, everything) ?? defaultPolicy;
  }

  get view(): View {
    const at = new Date().toISOString();
    return { state: this.state, policy: this.policy, syncedSize: this.finalSize, at };
  }

  /** Events up to this seq keep their place: the synced ones, or all where there is nobody to sync with. */
  get finalSize(): number {
    return this.store.remote === null ? this.store.size : this.store.syncedSize;
  }

  warn(message: string): void {
    this.options.warn?.(message);
  }
}

/** 128 random bits as 32 hex digits. */
export function randomId(): string {
  return randomBytes(16).toString('hex');
}

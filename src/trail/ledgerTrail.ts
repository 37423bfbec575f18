import { activeRows } from '../core/activeRows.js';
import { PromptAuditError } from '../core/errors.js';
import type { Policy } from '../core/policy.js';
import type { Digest, EventId } from '../core/ids.js';
import { referenceFindings } from '../core/referenceCheck.js';
import type { ActiveRow, EventRow, LedgerPoint, VerifyReport, VersionRow } from '../core/rows.js';
import { versionRow, versionsOf } from '../core/versionRows.js';
import { verifyLedger } from '../ledger/verify.js';
import { promptMatcher } from '../prompts/matcher.js';
import type {
  DecideInput,
  DeployInput,
  EventDetail,
  LogFilter,
  RecordResult,
  RollbackInput,
  SyncReport,
  Trail,
  TrailStatus,
} from './api.js';
import type { TrailContext } from './context.js';
import { decide } from './decide.js';
import { deploy, deploymentReasons, rollback, rollbackTargets } from './deploy.js';
import { detail, log } from './history.js';
import { workingPolicy } from './policySource.js';
import { propose } from './propose.js';
import { record, recordSave } from './record.js';
import { promptAt, resolveVersion } from './resolveVersion.js';
import { pathInSite } from './site.js';
import { status } from './status.js';
import { isPassingSyncError, sync } from './sync.js';
import { rememberingProblems, syncFindings } from './syncState.js';

/** The Trail over one store and one site. */
export class LedgerTrail implements Trail {
  readonly #context: TrailContext;

  constructor(context: TrailContext) {
    this.#context = context;
  }

  get root(): string {
    return this.#context.site.root;
  }

  get git(): boolean {
    return this.#context.site.git !== null;
  }

  refresh(): Promise<boolean> {
    return this.#context.store.refresh();
  }

  status(): Promise<TrailStatus> {
    return status(this.#context);
  }

  policy(): Promise<Policy> {
    return workingPolicy(this.#context.site);
  }

  async tracks(path: string): Promise<boolean> {
    return promptMatcher(await this.policy())(pathInSite(this.#context.site, path));
  }

  record(paths?: readonly string[]): Promise<readonly RecordResult[]> {
    return record(this.#context, paths);
  }

  recordSave(path: string): Promise<RecordResult | null> {
    return recordSave(this.#context, path);
  }

  propose(input: { path: string; note: string }): Promise<VersionRow> {
    return this.#synced(
      () => propose(this.#context, input),
      (row) => this.version(row.id),
    );
  }

  decide(input: DecideInput): Promise<VersionRow> {
    return this.#synced(
      () => decide(this.#context, input),
      (row) => this.version(row.id),
    );
  }

  deploy(input: DeployInput): Promise<ActiveRow> {
    return this.#synced(
      () => deploy(this.#context, input),
      (row) => this.#relabelled(row),
    );
  }

  rollback(input: RollbackInput): Promise<ActiveRow> {
    return this.#synced(
      () => rollback(this.#context, input),
      (row) => this.#relabelled(row),
    );
  }

  rollbackTargets(path: string, env: string): readonly VersionRow[] {
    return rollbackTargets(this.#context, path, env);
  }

  deploymentReasons(target: string, env: string): Promise<readonly string[]> {
    return deploymentReasons(this.#context, target, env);
  }

  log(filter?: LogFilter): readonly EventRow[] {
    const path =
      filter?.path === undefined ? undefined : pathInSite(this.#context.site, filter.path);
    return log(this.#context, path === undefined ? filter : { ...filter, path });
  }

  detail(event: EventId): EventDetail | null {
    return detail(this.#context, event);
  }

  version(name: string): VersionRow {
    const version = resolveVersion(this.#context, name, { forWriting: false });
    return versionRow(this.#context.view, version);
  }

  versions(path: string): readonly VersionRow[] {
    return versionsOf(this.#context.view, promptAt(this.#context, path));
  }

  active(path: string | null, env: string | null, at?: string): readonly ActiveRow[] {
    const { state, finalSize } = this.#context;
    const prompt = path === null ? null : promptAt(this.#context, path);
    return activeRows(state, finalSize, { prompt, env, at: at ?? null });
  }

  async content(digest: Digest): Promise<Uint8Array> {
    const { store } = this.#context;
    if (store.hasContent(digest)) return store.content(digest);
    const draft = await store.draft(digest);
    if (draft) return draft;
    throw new PromptAuditError({
      code: 'content.missing',
      message: `The text ${digest.slice(0, 14)}… is not in this clone.`,
      remedy:
        'Texts of drafts stay with their author until they are proposed; sync for the others.',
    });
  }

  point(): LedgerPoint {
    return this.#context.point();
  }

  async verify(): Promise<VerifyReport> {
    await this.refresh();
    const report = await verifyLedger(this.#context.storeOptions);
    const more = [
      ...referenceFindings(this.#context.state),
      ...(await syncFindings(this.#context)),
    ];
    return { ...report, findings: [...report.findings, ...more] };
  }

  sync(input?: { remote?: string }): Promise<SyncReport> {
    return rememberingProblems(this.#context, () => sync(this.#context, input));
  }

  fold(): Promise<void> {
    return this.#context.fold();
  }

  close(): Promise<void> {
    return this.#context.fold();
  }

  /** Acts on what others recorded, and shares the result; a passing network error only warns. */
  async #synced<T>(act: () => Promise<T>, reread: (result: T) => T): Promise<T> {
    const justFetched = await this.#trySync(false);
    try {
      const result = await act();
      return (await this.#trySync(justFetched)) ? reread(result) : result;
    } catch (error) {
      // A refusal is an event too, and others should see it.
      if (error instanceof PromptAuditError && error.code.endsWith('.refused'))
        await this.#trySync(justFetched);
      throw error;
    }
  }

  async #trySync(justFetched: boolean): Promise<boolean> {
    const { options } = this.#context;
    if (options.autoSync === false || (await this.#context.remote()) === null) return false;
    try {
      await rememberingProblems(this.#context, () => sync(this.#context, { justFetched }));
      return true;
    } catch (error) {
      if (!(error instanceof PromptAuditError)) throw error;
      const prefix = isPassingSyncError(error) ? 'Not synced yet' : 'Sync stopped';
      this.#context.warn(`${prefix}: ${error.message} ${error.remedy}`);
      return false;
    }
  }

  #relabelled(row: ActiveRow): ActiveRow {
    return this.active(row.path, row.env).find((r) => r.deployment === row.deployment) ?? row;
  }
}

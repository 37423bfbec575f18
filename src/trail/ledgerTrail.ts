/* eslint-disable @typescript-eslint/require-await -- what a read throws must become a rejection */
import { activeRows } from '../core/activeRows.js';
import { lastApprovedBefore } from '../core/approvals.js';
import { PromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import type { Policy } from '../core/policy.js';
import type { Digest, EventId } from '../core/ids.js';
import type {
  ActiveRow,
  EventRow,
  Finding,
  LedgerPoint,
  VerifyReport,
  VersionRow,
} from '../core/rows.js';
import { everything } from '../core/state.js';
import { versionRow } from '../core/versionRows.js';
import { promptMatcher } from '../prompts/matcher.js';
import type {
  DecideInput,
  DeployInput,
  DisposeInput,
  EventDetail,
  LogFilter,
  PageQuery,
  PageResult,
  RecordResult,
  RollbackInput,
  StampedStatus,
  StepQuery,
  Trail,
  TrailStatus,
  VerifyInput,
} from './api.js';
import { withLogin } from '../git/loginMemory.js';
import { automaticSync } from './automaticSync.js';
import type { TrailContext } from './context.js';
import { decide } from './decide.js';
import { deploy, deploymentReasons, rollback, rollbackTargets } from './deploy.js';
import { EventPages } from './eventPages.js';
import { detail, log, rowsOf } from './history.js';
import { workingPolicy } from './policySource.js';
import { propose } from './propose.js';
import { checkpoint, prove, proveSince } from './prove.js';
import type { EventProof, ProofText, ProveInput, ProveSinceInput, SinceProof } from './proveApi.js';
import { purgeHistory } from './purge.js';
import { record, recordSave } from './record.js';
import { redact } from './redact.js';
import type { PurgeInput, PurgeReport, RedactInput, RedactReport } from './redactApi.js';
import { assertNotRedacted } from './redactedText.js';
import type { ResolveInput, ResolveReport } from './resolveApi.js';
import { resolveRemote } from './resolveRemote.js';
import { promptAt, resolveVersion } from './resolveVersion.js';
import { pathInSite } from './site.js';
import { sign } from './sign.js';
import type { EnrollReport, SigningSetup, SignInput, SignReport } from './signApi.js';
import { enroll } from './signersFile.js';
import { signingSetup } from './signingSetup.js';
import { status } from './status.js';
import { upkeepEnded } from './gitUpkeep.js';
import { isPassingSyncError, keepLocally, sync } from './sync.js';
import type { SyncInput, SyncLogin, SyncReport } from './syncApi.js';
import { rememberingProblems } from './syncState.js';
import { assertLasting, disposeFindings, verify } from './verify.js';

/** The Trail over one store and one site. */
export class LedgerTrail implements Trail {
  readonly #context: TrailContext;
  readonly #pages: EventPages;
  /** How syncs may log in that nobody asked for. */
  #login: SyncLogin | null;

  constructor(context: TrailContext) {
    this.#context = context;
    const { login } = context.options;
    this.#login = login?.keep === true ? login : null;
    this.#pages = new EventPages(context);
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

  async statusSince(known: string | null): Promise<StampedStatus | null> {
    const found = await this.status();
    // When it synced is no news by itself: nothing has to be drawn anew for it.
    const stamp = digestOf(JSON.stringify({ ...found, syncedAt: null }));
    return stamp === known ? null : { stamp, status: found };
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

  async rollbackTargets(path: string, env: string): Promise<readonly VersionRow[]> {
    return rollbackTargets(this.#context, path, env);
  }

  deploymentReasons(target: string, env: string): Promise<readonly string[]> {
    return deploymentReasons(this.#context, target, env);
  }

  async log(filter?: LogFilter): Promise<readonly EventRow[]> {
    const path =
      filter?.path === undefined ? undefined : pathInSite(this.#context.site, filter.path);
    return log(this.#context, path === undefined ? filter : { ...filter, path });
  }

  page(query: PageQuery): Promise<PageResult> {
    return this.#pages.page(query);
  }

  step(query: StepQuery): Promise<EventId | null> {
    return this.#pages.step(query);
  }

  async rows(events: readonly EventId[]): Promise<readonly (EventRow | null)[]> {
    return rowsOf(this.#context, events);
  }

  async detail(event: EventId): Promise<EventDetail | null> {
    return detail(this.#context, event);
  }

  async version(name: string): Promise<VersionRow> {
    const version = resolveVersion(this.#context, name, { forWriting: false });
    return versionRow(this.#context.view, version);
  }

  async versions(path: string, newest = Infinity): Promise<readonly VersionRow[]> {
    const { view } = this.#context;
    const { versions } = promptAt(this.#context, path);
    const shown = versions.slice(Math.max(0, versions.length - newest));
    return shown.map((version) => versionRow(view, version));
  }

  async approvedBefore(event: EventId): Promise<VersionRow | null> {
    const { view } = this.#context;
    const { state, policy } = view;
    const version = resolveVersion(this.#context, event, { forWriting: false });
    const base = lastApprovedBefore({ state, policy, version, scope: everything });
    return base === undefined ? null : versionRow(view, base);
  }

  async active(
    path: string | null,
    env: string | null,
    at?: string,
  ): Promise<readonly ActiveRow[]> {
    const { state, finalSize } = this.#context;
    const prompt = path === null ? null : promptAt(this.#context, path);
    return activeRows(state, finalSize, { prompt, env, at: at ?? null });
  }

  async content(digest: Digest): Promise<Uint8Array> {
    const { state, store } = this.#context;
    assertNotRedacted(state, digest);
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

  async point(): Promise<LedgerPoint> {
    return this.#context.point();
  }

  async damage(): Promise<Finding | null> {
    return this.#context.damage;
  }

  async prove(input: ProveInput): Promise<EventProof> {
    return prove(this.#context, input);
  }

  async proveSince(input: ProveSinceInput): Promise<SinceProof> {
    return proveSince(this.#context, input);
  }

  async checkpoint(size?: number): Promise<ProofText> {
    return checkpoint(this.#context, size);
  }

  verify(input: VerifyInput = {}): Promise<VerifyReport> {
    return verify(this.#context, input);
  }

  async disposeFindings(input: DisposeInput): Promise<VerifyReport> {
    await assertLasting(this.#context, input.keys);
    return this.#synced(
      () => disposeFindings(this.#context, input),
      (report) => report,
    );
  }

  async sync(input: SyncInput = {}): Promise<SyncReport> {
    const login = input.login ?? this.#login;
    const exchange = (): Promise<SyncReport> => this.#exchange(input, login);
    const result = await (input.automatic === true
      ? automaticSync(this.#context, exchange)
      : exchange());
    // Only what has worked is used again.
    if (login?.keep === true) this.#login = login;
    return result;
  }

  sign(input: SignInput = {}): Promise<SignReport> {
    return this.#synced(
      () => sign(this.#context, input),
      (report) => report,
    );
  }

  signingSetup(): Promise<SigningSetup> {
    return signingSetup(this.#context);
  }

  enroll(): Promise<EnrollReport> {
    return enroll(this.#context);
  }

  async fold(): Promise<void> {
    await this.#context.fold();
    await keepLocally(this.#context);
  }

  async close(): Promise<void> {
    await this.fold();
    await upkeepEnded(this.#context);
  }

  redact(input: RedactInput): Promise<RedactReport> {
    const act = (): Promise<RedactReport> => redact(this.#context, input);
    return input.dryRun === true ? act() : this.#synced(act, (report) => report);
  }

  resolveRemote(input: ResolveInput): Promise<ResolveReport> {
    return withLogin(this.#login, () => resolveRemote(this.#context, input));
  }

  purgeHistory(input: PurgeInput): Promise<PurgeReport> {
    return purgeHistory(this.#context, input);
  }

  /** Acts on what others recorded, and shares the result; a passing network error only warns. */
  async #synced<T>(act: () => Promise<T>, reread: (result: T) => T | Promise<T>): Promise<T> {
    const before = await this.#trySync(false);
    const justFetched = before === 'synced';
    try {
      const result = await act();
      // What failed a moment ago would fail again, and keep somebody waiting twice.
      if (before === 'failed') return result;
      return (await this.#trySync(justFetched)) === 'synced' ? await reread(result) : result;
    } catch (error) {
      // A refusal is an event too, and so is what was signed before a failure: others should see it.
      const isShared =
        error instanceof PromptAuditError && /\.refused$|^signing\./.test(error.code);
      if (isShared && before !== 'failed') await this.#trySync(justFetched);
      throw error;
    }
  }

  #exchange(input: Parameters<typeof sync>[1], login: SyncLogin | null): Promise<SyncReport> {
    return withLogin(login, () =>
      rememberingProblems(this.#context, () => sync(this.#context, input)),
    );
  }

  async #trySync(justFetched: boolean): Promise<'off' | 'synced' | 'failed'> {
    const { options } = this.#context;
    if (options.autoSync === false || (await this.#context.remoteOrProblem()) === null)
      return 'off';
    try {
      await automaticSync(this.#context, () => this.#exchange({ justFetched }, this.#login));
      return 'synced';
    } catch (error) {
      if (!(error instanceof PromptAuditError)) throw error;
      const prefix = isPassingSyncError(error) ? 'Not synced yet' : 'Sync stopped';
      this.#context.warn(`${prefix}: ${error.message} ${error.remedy}`);
      return 'failed';
    }
  }

  async #relabelled(row: ActiveRow): Promise<ActiveRow> {
    const rows = await this.active(row.path, row.env);
    return rows.find((r) => r.deployment === row.deployment) ?? row;
  }
}

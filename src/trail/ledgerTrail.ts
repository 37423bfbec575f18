/* eslint-disable @typescript-eslint/require-await -- what a read throws must become a rejection */
import { lastApprovedBefore } from '../core/approvals.js';
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
  DisposeInput,
  EventDetail,
  LogFilter,
  StampedStatus,
  Trail,
  TrailStatus,
  VerifyInput,
} from './api.js';
import { activeThen } from './activeThen.js';
import { ledgerAsKnown } from './asKnown.js';
import type { AskInput } from './askApi.js';
import { withoutAskPass } from '../git/askPass.js';
import { withLogin } from '../git/loginMemory.js';
import { automaticSync } from './automaticSync.js';
import { content } from './content.js';
import type { TrailContext } from './context.js';
import { coverage } from './coverage.js';
import type { CoverageInput, CoverageReport } from './coverageApi.js';
import { deploymentReasons, rollbackTargets } from './deploymentChoices.js';
import { EventPages } from './eventPages.js';
import { EvidenceTrail } from './evidenceTrail.js';
import { recordFileChanges } from './fileChanges.js';
import { detail, log, rowsOf } from './history.js';
import { recordUnshared } from './observe.js';
import type { PageQuery, PageResult, StepQuery } from './pageApi.js';
import { workingPolicy } from './policySource.js';
import { checkpoint, prove, proveSince } from './prove.js';
import type { EventProof, ProofText, ProveInput, ProveSinceInput, SinceProof } from './proveApi.js';
import { importHistory } from './import.js';
import type { ImportInput, ImportReport } from './importApi.js';
import { purgeHistory } from './purge.js';
import { record, recordSave } from './record.js';
import {
  assertRecording,
  isRecorderPaused,
  pauseRecorder,
  recorderStatus,
  resumeRecorder,
} from './recorder.js';
import type { RecorderResult, RecorderStatus } from './recorderApi.js';
import type { FileChange, ObserveReport, RecordResult } from './recordApi.js';
import { redact } from './redact.js';
import type { PurgeInput, PurgeReport, RedactInput, RedactReport } from './redactApi.js';
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
import { sharedAct, type Exchange } from './sharedAct.js';
import { keepLocally, sync } from './sync.js';
import type { SyncInput, SyncLogin, SyncReport } from './syncApi.js';
import { rememberingProblems } from './syncState.js';
import { assertLasting, disposeFindings, verify } from './verify.js';

const same = <T>(result: T): T => result;

/** The Trail over one store and one site. */
export class LedgerTrail extends EvidenceTrail implements Trail {
  readonly #context: TrailContext;
  readonly #pages: EventPages;
  /** How syncs may log in that nobody asked for. */
  #login: SyncLogin | null;

  constructor(context: TrailContext) {
    super(context);
    this.#context = context;
    this.#login = context.options.login?.keep === true ? context.options.login : null;
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

  async record(paths?: readonly string[]): Promise<readonly RecordResult[]> {
    assertRecording(this.#context);
    return record(this.#context, paths, this.#sync);
  }

  async recordSave(path: string): Promise<RecordResult | null> {
    return isRecorderPaused(this.#context) ? null : recordSave(this.#context, path);
  }

  async recordFileChanges(changes: readonly FileChange[]): Promise<readonly RecordResult[]> {
    return isRecorderPaused(this.#context) ? [] : recordFileChanges(this.#context, changes);
  }

  async observe(): Promise<ObserveReport> {
    return { recorded: (await recordUnshared(this.#context)).length };
  }

  importHistory(input: ImportInput = {}): Promise<ImportReport> {
    return withLogin(this.#login, () => importHistory(this.#context, input));
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
    at?: string | null,
    asKnownAt?: AskInput['asKnownAt'],
  ): Promise<readonly ActiveRow[]> {
    return activeThen(this.#context, { path, env, at: at ?? null }, asKnownAt);
  }

  content(digest: Digest): Promise<Uint8Array> {
    return content(this.#context, digest);
  }

  async point(asKnownAt?: AskInput['asKnownAt']): Promise<LedgerPoint> {
    return ledgerAsKnown(this.#context, asKnownAt).point;
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
    return this.synced(() => disposeFindings(this.#context, input));
  }

  async sync(input: SyncInput = {}): Promise<SyncReport> {
    const login = input.login ?? this.#login;
    const exchange = (): Promise<SyncReport> => this.#exchange(input, login);
    const result = await (input.automatic === true
      ? withoutAskPass(() => automaticSync(this.#context, exchange))
      : exchange());
    // Only what has worked is used again.
    if (login?.keep === true) this.#login = login;
    return result;
  }

  sign(input: SignInput = {}): Promise<SignReport> {
    return this.synced(() => sign(this.#context, input));
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

  coverage(input: CoverageInput = {}): Promise<CoverageReport> {
    return coverage(this.#context, input);
  }

  async recorder(): Promise<RecorderStatus> {
    return recorderStatus(this.#context);
  }

  pauseRecorder(input: { readonly reason: string }): Promise<RecorderResult> {
    return this.synced(() => pauseRecorder(this.#context, input));
  }

  resumeRecorder(input: { readonly reason?: string } = {}): Promise<RecorderResult> {
    return this.synced(() => resumeRecorder(this.#context, input));
  }

  redact(input: RedactInput): Promise<RedactReport> {
    const act = (): Promise<RedactReport> => redact(this.#context, input);
    return input.dryRun === true ? act() : this.synced(act);
  }

  resolveRemote(input: ResolveInput): Promise<ResolveReport> {
    return withLogin(this.#login, () => resolveRemote(this.#context, input));
  }

  purgeHistory(input: PurgeInput): Promise<PurgeReport> {
    return purgeHistory(this.#context, input);
  }

  /** See sharedAct. */
  protected synced<T>(
    act: () => Promise<T>,
    reread: (result: T) => T | Promise<T> = same,
  ): Promise<T> {
    return sharedAct(this.#context, this.#sync, act, reread);
  }

  readonly #sync: Exchange = (input) => this.#exchange(input, this.#login);

  #exchange(input: Parameters<typeof sync>[1], login: SyncLogin | null): Promise<SyncReport> {
    return withLogin(login, () =>
      rememberingProblems(this.#context, () => sync(this.#context, { ...input, observe: true })),
    );
  }
}

import { isDeepStrictEqual } from 'node:util';
import { EventEmitter, l10n, type Uri } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { PromptRow } from '../../core/rows.js';
import type {
  InitInput,
  InitResult,
  StampedStatus,
  Trail,
  TrailOptions,
  TrailSite,
} from '../../trail/api.js';
import type { FileChange, RecordResult } from '../../trail/recordApi.js';
import type { SyncLogin } from '../../trail/syncApi.js';
import { coalesce } from '../base/coalesce.js';
import { Disposable } from '../base/disposable.js';
import { Idle } from '../base/idle.js';
import { logError, type Log } from '../base/log.js';
import { SerialQueue } from '../base/serial.js';
import { setting } from '../base/settings.js';
import { slowAfter, withProgress } from '../ui/progress.js';
import { baseName } from '../ui/words.js';
import { LedgerWatch, type OutsideChange } from './ledgerWatch.js';
import { RootLocation } from './location.js';
import { OutsideWork } from './outsideWork.js';
import { asKnownError, isPolicyError, meansDamage, type SessionState } from './sessionState.js';
import type { TrailApi } from './trailApi.js';

/** Milliseconds without a write after which the journal is folded. */
const foldAfter = 20_000;

/** Milliseconds without another change of HEAD or of a branch: a rebase makes many. */
const headQuiet = 300;

/** Milliseconds after which "5 minutes ago" should be drawn again. */
const agesGrow = 60_000;

export interface SessionInput {
  readonly site: TrailSite;
  readonly api: TrailApi;
  readonly tool: string;
  readonly log: Log;
}

/** One repository in the editor: its trail, the last state read from it, and who wants to know. */
export class TrailSession extends Disposable {
  readonly root: string;
  readonly location: RootLocation;
  readonly outsideWork: OutsideWork;

  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChange = this.changed.event;

  private readonly siteChanged = this._register(new EventEmitter<void>());
  /** The folder became a git repository, or stopped being one: the session has to be made anew. */
  readonly onDidChangeSite = this.siteChanged.event;

  private readonly writes = new SerialQueue();
  private readonly idle = this._register(new Idle(() => void this.fold(), foldAfter));
  private readonly headIdle = this._register(new Idle(() => this.outside('prompts'), headQuiet));
  private readonly watch: LedgerWatch;
  private promptWatch: { patterns: string; handle: Disposable } | null = null;
  private current: SessionState = { kind: 'loading' };
  private shownAt = 0;
  private opened: Trail | null = null;
  /** How VS Code logs in for this repository, once it had to. */
  private login: SyncLogin | null = null;
  private rows: ReadonlyMap<string, PromptRow> = new Map();
  private files: readonly Uri[] | null = null;
  /** The status read last: as long as nothing is new it does not come again from the worker. */
  private known: StampedStatus | null = null;
  private isBeginning = false;
  /** Working files or policy may differ from the last state, even if no event is new. */
  private stale = true;
  private readonly reload = coalesce(() => this.load());

  constructor(private readonly input: SessionInput) {
    super();
    this.root = input.site.root;
    this.location = new RootLocation(this.root);
    const observe = (): void => void this.observe();
    this.outsideWork = this._register(new OutsideWork({ location: this.location, observe }));
    this.watch = this._register(new LedgerWatch(this.root, (what) => this.outside(what)));
  }

  get state(): SessionState {
    return this.current;
  }

  /** The open trail; null before it is opened, and where there is none. */
  get trail(): Trail | null {
    return this.opened;
  }

  /** The prompt that a file is, from memory; null when it is none. */
  promptAt(uri: Uri): PromptRow | null {
    const path = this.location.pathOf(uri);
    return path === null ? null : (this.rows.get(path) ?? null);
  }

  /** The addresses of all prompts; made once for each state. */
  promptFiles(): readonly Uri[] {
    this.files ??= [...this.rows.keys()].map((path) => this.location.uriOf(path));
    return this.files;
  }

  async start(): Promise<void> {
    await this.watch.start();
    await this.refresh();
  }

  /** Reads everything again. */
  async refresh(): Promise<void> {
    this.stale = true;
    await this.reload();
  }

  /** Writes through the trail, one at a time, and shows the result. Throws what the trail throws. */
  async write<T>(work: (trail: Trail) => Promise<T>): Promise<T> {
    const trail = this.requireTrail();
    try {
      return await this.writes.run(() => work(trail));
    } finally {
      this.idle.touch();
      // A refused attempt is recorded too, so the state is read again in any case.
      await this.refresh();
    }
  }

  /** Records one saved file; other files than prompts cost one look at the policy and no refresh. */
  async recordSave(path: string): Promise<RecordResult | null> {
    const trail = this.requireTrail();
    const result = await this.writes.run(() => trail.recordSave(path));
    await this.afterWrite(result !== null || this.rows.has(path));
    return result;
  }

  /** Records what somebody did to a file or a folder; what is no prompt costs no refresh. */
  async recordFileChange(change: FileChange): Promise<void> {
    const trail = this.requireTrail();
    const results = await this.writes.run(() => trail.recordFileChanges([change]));
    await this.afterWrite(results.length > 0);
  }

  /** Records what commits did, where no sync will. What fails stays pending, and is shown so. */
  private async observe(): Promise<void> {
    const found = await this.writes
      .run(async () => this.opened?.observe())
      .catch((error: unknown) => logError(this.input.log, 'observe', error));
    await this.afterWrite((found?.recorded ?? 0) > 0);
  }

  private async afterWrite(isNew: boolean): Promise<void> {
    if (isNew) {
      this.idle.touch();
      await this.refresh();
    }
  }

  /** The open trail, or the error that says why there is none. */
  requireTrail(): Trail {
    if (this.opened !== null) {
      return this.opened;
    }
    if (this.current.kind === 'failed') {
      throw this.current.error;
    }
    throw new PromptAuditError({
      code: 'ledger.missing',
      message: `There is no audit trail in ${this.root} yet.`,
      remedy: 'Run "Prompt Audit: Initialize".',
    });
  }

  async initialize(input: InitInput, login: SyncLogin | null = null): Promise<InitResult> {
    this.login = login;
    this.isBeginning = true;
    try {
      return await this.writes.run(() => this.input.api.initTrail(this.options(), input));
    } finally {
      this.isBeginning = false;
      await this.refresh();
    }
  }

  /** Opens the trail anew because its options have changed. Throws why it cannot be opened. */
  async reopen(login: SyncLogin | null = this.login): Promise<void> {
    this.login = login;
    await this.writes.run(() => this.letGo());
    await this.refresh();
    if (this.current.kind === 'failed') {
      throw this.current.error;
    }
  }

  /** Ends all writes, folds the journal and lets the ledger go. */
  async close(): Promise<void> {
    await this.writes.idle();
    await this.letGo();
  }

  private async letGo(): Promise<void> {
    const trail = this.opened;
    this.opened = null;
    await trail?.close();
  }

  /** Writes the journal into ledger.sqlite while nobody waits, so that other programs see what is new. */
  private async fold(): Promise<void> {
    try {
      await this.writes.run(async () => this.opened?.fold());
    } catch (error) {
      // Everything is recorded in the journal; the next write, sync or close folds again.
      logError(this.input.log, 'fold', error);
    }
  }

  private options(): TrailOptions {
    const isAutomatic = setting('sync', this.location.uriOf('.')) === 'auto';
    return {
      folder: this.root,
      tool: this.input.tool,
      source: 'editor',
      autoSync: isAutomatic,
      join: isAutomatic,
      ...(this.login === null ? {} : { login: this.login }),
      signing: setting('signing', this.location.uriOf('.')),
      warn: (message) => this.input.log.warn(`[trail] ${message}`),
    };
  }

  private outside(what: OutsideChange): void {
    if (this.isDisposed) {
      return;
    }
    if (what === 'site') {
      this.siteChanged.fire();
      return;
    }
    if (what === 'head') {
      this.headIdle.touch();
      return;
    }
    this.stale ||= what !== 'ledger' || this.opened === null;
    void this.reload();
  }

  private async load(): Promise<void> {
    // Half a ledger would be taken for a lost one.
    if (this.isBeginning) {
      return;
    }
    try {
      const news = (await this.open()) && (await this.requireTrail().refresh());
      if (this.opened !== null && (this.stale || news || this.current.kind !== 'ready')) {
        this.stale = false;
        this.show(await this.read(this.opened));
      }
    } catch (error) {
      logError(this.input.log, 'session', error);
      this.show(this.afterError(asKnownError(error)));
    }
  }

  private afterError(error: PromptAuditError): SessionState {
    // A policy without a ledger: the clone has to join or begin one.
    if (error.code === 'ledger.missing') {
      return { kind: 'uninitialized', git: this.input.site.kind === 'git' };
    }
    // A typo in the policy must not blank the views while it is being typed.
    if (isPolicyError(error) && this.current.kind === 'ready') {
      return { ...this.current, policyError: error };
    }
    return { kind: 'failed', error, damaged: meansDamage(error) };
  }

  /** Opens the trail if there is one; false when the folder has none. */
  private async open(): Promise<boolean> {
    if (this.opened !== null) {
      return true;
    }
    const site = await this.input.api.siteOf(this.root);
    if (!site.initialized) {
      this.show({ kind: 'uninitialized', git: site.kind === 'git' });
      return false;
    }
    const title = l10n.t('Opening the audit trail of {0}…', baseName(this.root));
    const opened = await withProgress(
      title,
      (watch) => this.input.api.openTrail({ ...this.options(), watch }),
      { after: slowAfter },
    );
    if (this.isDisposed) {
      await opened.close();
      return false;
    }
    this.opened = opened;
    return true;
  }

  private async read(trail: Trail): Promise<SessionState> {
    this.known = (await trail.statusSince(this.known?.stamp ?? null)) ?? this.known;
    const status = this.known?.status ?? (await trail.status());
    await this.outsideWork.look(status, this.known?.stamp ?? null);
    const shown = { kind: 'ready', status, outside: this.outsideWork.changed } as const;
    try {
      const policy = await trail.policy();
      this.watchPrompts(policy.prompts.include);
      return { ...shown, policy, policyError: null };
    } catch (error) {
      return { ...shown, policy: null, policyError: asKnownError(error) };
    }
  }

  private watchPrompts(patterns: readonly string[]): void {
    const key = JSON.stringify(patterns);
    if (this.promptWatch?.patterns === key) {
      return;
    }
    this.promptWatch?.handle.dispose();
    this.promptWatch = { patterns: key, handle: this.watch.watchPrompts(patterns) };
  }

  private show(state: SessionState): void {
    if (this.isDisposed) {
      return;
    }
    // A tree that is drawn anew forgets, for a moment, what a click on its rows means.
    const same = isSame(state, this.current);
    if (same && Date.now() - this.shownAt < agesGrow) {
      return;
    }
    this.shownAt = Date.now();
    this.current = state;
    this.files = null;
    const prompts = state.kind === 'ready' ? state.status.prompts : [];
    this.rows = new Map(prompts.map((row) => [row.path, row]));
    this.changed.fire();
  }
}

/** A status is another object only when something in it changed, and may be large. */
function isSame(one: SessionState, other: SessionState): boolean {
  if (one.kind !== 'ready' || other.kind !== 'ready') {
    return isDeepStrictEqual(one, other);
  }
  const { status, ...rest } = one;
  const { status: otherStatus, ...otherRest } = other;
  return status === otherStatus && isDeepStrictEqual(rest, otherRest);
}

import type { PolicyProblem } from '../core/policyProblem.js';
import type { ProofInput, ProofReport } from '../core/proofReport.js';
import type { ProofStart } from '../core/proofStart.js';
import type { QuestionEntry } from '../core/questions/question.js';
import type { HookRow } from '../git/hooksApi.js';
import type { InitInput, InitResult, Trail, TrailSite } from '../trail/api.js';
import type { HooksAction } from '../trail/hooks.js';
import type { RemoteOptions } from './engine.js';
import type { Handle, WorkerLink } from './link.js';
import { trailMethods, type KnownMembers, type TrailMethod } from './protocol.js';
import { windowCloses } from './wireError.js';

type Forwarding = { readonly [K in TrailMethod]: (...args: readonly unknown[]) => unknown };

/** The engine behind a worker, for a host that must not compute. */
export class RemoteEngine {
  readonly #link: WorkerLink;

  constructor(link: WorkerLink) {
    this.#link = link;
  }

  async siteOf(folder: string): Promise<TrailSite> {
    return (await this.#link.engine('siteOf', [folder]).result) as TrailSite;
  }

  async initTrail(options: RemoteOptions, input: InitInput): Promise<InitResult> {
    return (await this.#link.engine('initTrail', [options, input]).result) as InitResult;
  }

  async proofStart(text: string): Promise<ProofStart | null> {
    return (await this.#link.engine('proofStart', [text]).result) as ProofStart | null;
  }

  async checkProof(input: ProofInput): Promise<ProofReport> {
    return (await this.#link.engine('checkProof', [input]).result) as ProofReport;
  }

  async policyProblems(text: string): Promise<readonly PolicyProblem[]> {
    return (await this.#link.engine('policyProblems', [text]).result) as readonly PolicyProblem[];
  }

  async questions(): Promise<readonly QuestionEntry[]> {
    return (await this.#link.engine('questions', []).result) as readonly QuestionEntry[];
  }

  async hooks(folder: string, action: HooksAction): Promise<readonly HookRow[]> {
    return (await this.#link.engine('hooks', [folder, action]).result) as readonly HookRow[];
  }

  /** Opens a trail in the worker; when that ends, the next call opens it again in the next one. */
  async openTrail(options: RemoteOptions): Promise<Trail> {
    const opening = new RemoteTrail(this.#link, options);
    const { root, git } = await opening.open();
    const methods = trailMethods.map((method) => [
      method,
      (...args: readonly unknown[]) => opening.call(method, args),
    ]);
    return { root, git, ...(Object.fromEntries(methods) as Forwarding) } as Trail;
  }

  /** Ends the worker. Close the trails first: that folds them. */
  async end(): Promise<void> {
    await this.#link.end();
  }
}

class RemoteTrail {
  readonly #link: WorkerLink;
  readonly #options: RemoteOptions;
  #opened: { readonly handle: Handle; readonly opening: Promise<Handle> } | null = null;

  constructor(link: WorkerLink, options: RemoteOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Opens it in the worker that runs now. */
  async open(): Promise<KnownMembers> {
    const { handle, result } = this.#link.engine('openTrail', [this.#options]);
    const known = result as Promise<KnownMembers>;
    const opening = known.then(() => handle);
    this.#opened = { handle, opening };
    try {
      await opening;
      return await known;
    } catch (error) {
      // The next call may find what was missing.
      if (this.#opened?.handle === handle) this.#opened = null;
      throw error;
    }
  }

  async call(method: TrailMethod, args: readonly unknown[]): Promise<unknown> {
    const isOpen = this.#opened !== null && this.#link.lives(this.#opened.handle);
    // There is nothing to fold by a worker that is gone: the next one finds all of it in the journal.
    if (method === 'close' && !isOpen) return undefined;
    if (!isOpen) await this.open();
    const handle = await this.#opened?.opening;
    if (handle === undefined) throw windowCloses();
    if (method === 'close') this.#opened = null;
    return await this.#link.trail(handle, method, args);
  }
}

import type { PolicyProblem } from '../../core/policyProblem.js';
import type { ProofInput, ProofReport } from '../../core/proofReport.js';
import type { ProofStart } from '../../core/proofStart.js';
import type { QuestionEntry } from '../../core/questions/question.js';
import type { HookRow } from '../../git/hooksApi.js';
import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from '../../trail/api.js';
import type { HooksAction } from '../../trail/hooks.js';
import { workerChannel } from '../../worker/channel.js';
import { WorkerLink } from '../../worker/link.js';
import { RemoteEngine } from '../../worker/trailProxy.js';
import type { Log } from '../base/log.js';

/** The check of proofs, which needs no trail; in the worker, because it is large and computes. */
export interface ProofApi {
  proofStart(text: string): Promise<ProofStart | null>;
  checkProof(input: ProofInput): Promise<ProofReport>;
}

/** The hooks of git, which need no trail. */
export interface HooksApi {
  hooks(folder: string, action: HooksAction): Promise<readonly HookRow[]>;
}

/** The check of policies, which needs no trail. */
export interface PolicyApi {
  policyProblems(text: string): Promise<readonly PolicyProblem[]>;
}

/** What can be asked of a trail: the catalogue is in the worker, with the answers. */
export interface QuestionsApi {
  questions(): Promise<readonly QuestionEntry[]>;
}

/** The functions through which the extension reaches the engine. */
export interface TrailApi extends ProofApi, HooksApi, PolicyApi, QuestionsApi {
  siteOf(folder: string): Promise<TrailSite>;
  openTrail(options: TrailOptions): Promise<Trail>;
  initTrail(options: TrailOptions, input: InitInput): Promise<InitResult>;
  /** Ends the worker; trails are closed before. */
  end(): Promise<void>;
}

/**
 * The engine in a worker, which the first call starts. One for all repositories of the window: each has
 * a heap and a SQLite of its own, and what waits for the disk, git or the network does not block it.
 */
export function workerApi(file: string, log: Log): TrailApi {
  const start = (): ReturnType<typeof workerChannel> => {
    log.debug('[worker] started');
    return workerChannel(file);
  };
  return new RemoteEngine(new WorkerLink(start, (text) => log.error(`[worker] ${text}`)));
}

import type { PolicyProblem } from '../core/policyProblem.js';
import type { ProofInput, ProofReport } from '../core/proofReport.js';
import type { ProofStart } from '../core/proofStart.js';
import type { QuestionEntry } from '../core/questions/question.js';
import type { HookRow } from '../git/hooksApi.js';
import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from '../trail/api.js';
import type { HooksAction } from '../trail/hooks.js';

/** What stands behind the worker: src/trail/openTrail.ts, and what needs no trail: the check of proofs, the hooks of git. */
export interface Engine {
  siteOf(folder: string): Promise<TrailSite>;
  openTrail(options: TrailOptions): Promise<Trail>;
  initTrail(options: TrailOptions, input: InitInput): Promise<InitResult>;
  proofStart(text: string): Promise<ProofStart | null>;
  checkProof(input: ProofInput): Promise<ProofReport>;
  /** What is wrong with a policy text; empty where nothing is. */
  policyProblems(text: string): Promise<readonly PolicyProblem[]>;
  /** What can be asked of a trail, in the order of lists. */
  questions(): Promise<readonly QuestionEntry[]>;
  hooks(folder: string, action: HooksAction): Promise<readonly HookRow[]>;
}

/** Options that can be sent to a worker: it finds its wasm by itself. */
export type RemoteOptions = Omit<TrailOptions, 'wasm'>;

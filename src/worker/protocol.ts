import type { Progress } from '../core/watch.js';
import type { Trail } from '../trail/api.js';
import type { Engine } from './engine.js';
import type { Part } from './parts.js';

type AsyncMethod<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof T];

/** All that a proxy of a trail can be asked for. */
export type TrailMethod = AsyncMethod<Trail>;
export type EngineMethod = AsyncMethod<Engine>;

/** A new method of Trail is forwarded as soon as its name stands here; the compiler asks for it. */
const forwarded: Readonly<Record<TrailMethod, true>> = {
  refresh: true,
  status: true,
  statusSince: true,
  policy: true,
  ask: true,
  policyShown: true,
  policyCompared: true,
  policySimulated: true,
  policyHelp: true,
  lintTexts: true,
  approvalAsks: true,
  reviewers: true,
  tracks: true,
  record: true,
  recordSave: true,
  recordFileChanges: true,
  observe: true,
  importHistory: true,
  propose: true,
  decide: true,
  decideAll: true,
  requestReview: true,
  revoke: true,
  withdraw: true,
  explain: true,
  comment: true,
  resolveThread: true,
  threads: true,
  deploy: true,
  rollback: true,
  undeploy: true,
  retire: true,
  reviewDeployment: true,
  breakGlassReviews: true,
  manifest: true,
  clockDoubts: true,
  rollbackTargets: true,
  deploymentReasons: true,
  log: true,
  page: true,
  step: true,
  rows: true,
  detail: true,
  version: true,
  versions: true,
  approvedBefore: true,
  active: true,
  content: true,
  identify: true,
  compare: true,
  blame: true,
  point: true,
  damage: true,
  prove: true,
  proveSince: true,
  checkpoint: true,
  verify: true,
  disposeFindings: true,
  sync: true,
  redact: true,
  purgeHistory: true,
  resolveRemote: true,
  sign: true,
  signingSetup: true,
  enroll: true,
  coverage: true,
  exportEvidence: true,
  report: true,
  recorder: true,
  pauseRecorder: true,
  resumeRecorder: true,
  fold: true,
  close: true,
};

/** What a proxy knows without asking. Any other member of Trail that is no async method breaks the build. */
type KnownMember = 'root' | 'git';
type Unforwardable = Exclude<keyof Trail, TrailMethod | KnownMember>;
const nothingIsLeftOut: [Unforwardable] extends [never] ? true : Unforwardable = true;

export const trailMethods: readonly TrailMethod[] = nothingIsLeftOut
  ? (Object.keys(forwarded) as TrailMethod[])
  : [];

/** One call, to the worker. The functions of its inputs stay behind: only where they were is told. */
export interface CallMessage {
  readonly kind: 'call';
  readonly id: number;
  /** The id of the call that opened the trail; null for the engine itself. */
  readonly trail: number | null;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Index of the argument that had a `watch`. */
  readonly watched: number | null;
  /** Index of the argument that had a `warn`. */
  readonly warned: number | null;
  /** Four bytes; not 0 when the watcher wants no more. The worker computes without listening. */
  readonly flag: SharedArrayBuffer | null;
}

/** The host has read the part of a long result that it got, and wants the next one. */
export interface MoreMessage {
  readonly kind: 'more';
  readonly id: number;
}

export type ToWorker = CallMessage | MoreMessage;

/** An error without its stack; `code` is one of ErrorCode. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly reasons: readonly string[];
}

/** What the worker says, each of the call with this id. */
export type WorkerMessage =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  /** Comes before the result, whose long lists are empty then. */
  | { readonly kind: 'part'; readonly id: number; readonly part: Part }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  /** Of the trail that this call opened, at any time. */
  | { readonly kind: 'warned'; readonly id: number; readonly message: string }
  /** Something went wrong that belongs to no call; for the log. */
  | { readonly kind: 'trouble'; readonly message: string };

/** What opening a trail answers. */
export type KnownMembers = Pick<Trail, KnownMember>;

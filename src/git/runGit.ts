import { PromptAuditError } from '../core/errors.js';
import { mayAskPass } from './askPass.js';
import {
  gitEnvironment,
  guardedNames,
  neverLazy,
  permissions,
  withSettings,
  withUsersAskPass,
} from './environment.js';
import { Gate } from './gate.js';
import { gitFailed, gitMissing, gitTimeout } from './gitErrors.js';
import { loginNow } from './login.js';
import { runNetworkGit } from './networkGit.js';
import { patienceNow } from './patience.js';
import type { Setting } from './remoteConfig.js';

/** One run of git. Arguments are constants or checked names; paths of users come after `--` or by `input`. */
export interface GitCall {
  readonly folder: string;
  /** What is done, for messages: "could not <doing>". */
  readonly doing: string;
  readonly args: readonly string[];
  /** `key=value`, valid for this run only. */
  readonly config?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; it is closed after it, also when there is none. */
  readonly input?: Uint8Array | string;
  /** Milliseconds; default 30 s. */
  readonly timeout?: number;
  /**
   * It may talk to a remote, and so start ssh and helpers of the user, which are ended with it. Otherwise
   * what a partial clone left at its remote is not fetched because it is read.
   */
  readonly network?: boolean;
  /** As `config`, for values that must not stand on a command line; only where `network` is set. */
  readonly settings?: readonly Setting[];
}

export interface GitOutcome {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const defaultTimeout = 30_000;
/** How long a killed git may take to end before it is left alone. */
const killGrace = 2_000;
const gate = new Gate(2);
/** A remote that does not answer must not hold up what needs none. */
const networkGate = new Gate(4);

/**
 * No hook of the user runs, no address runs a program, nothing is housekept behind the user's back,
 * no daemon is started, and no reflog of a ref of ours keeps its old versions for ever.
 */
export const baseConfig = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'core.logAllRefUpdates=false',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** Since 2.48 git itself keeps to it, and asks no program either. */
const askNothing = 'credential.interactive=false';

/** Runs git and gives its exit status and exact output. Throws `git.missing`, `git.timeout`, `git.failed`. */
export function runGit(call: GitCall): Promise<GitOutcome> {
  if (call.network !== true) return gate.run(() => spawnGit(call));
  const login = loginNow(call.env);
  const usersProgram = login === null && mayAskPass();
  const asking = usersProgram ? [] : (login?.config ?? [askNothing]);
  const config = [...baseConfig, ...(call.config ?? []), ...asking];
  const args = config.flatMap((one) => ['-c', one]);
  const timeout = login?.timeout ?? Math.min(call.timeout ?? defaultTimeout, patienceNow());
  return networkGate.run(() => {
    const extra = { ...call.env, ...login?.env };
    const silent = gitEnvironment(process.env, extra);
    const asker = usersProgram ? withUsersAskPass(silent, process.env) : silent;
    const env = withSettings(asker, call.settings ?? []);
    return runNetworkGit({ call, args: ['--no-pager', ...args, ...call.args], env, timeout });
  });
}

/** Standard output of a run that must succeed. Throws `git.failed` with git's own line otherwise. */
export async function gitOutput(call: GitCall): Promise<Buffer> {
  const outcome = await runGit(call);
  if (outcome.exitCode !== 0) throw gitFailed(call, outcome);
  return outcome.stdout;
}

/** As gitOutput, as text without the last line end. */
export async function gitText(call: GitCall): Promise<string> {
  return (await gitOutput(call)).toString('utf8').replace(/\n$/, '');
}

/** Without a copy: it may be a whole ledger. */
function inputOf({ input = '' }: GitCall): Buffer {
  if (typeof input === 'string') return Buffer.from(input);
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
}

async function spawnGit(call: GitCall): Promise<GitOutcome> {
  // Not at the top: the extension must not load it while it activates.
  const { simpleGit } = await import('simple-git');
  const timeout = call.timeout ?? defaultTimeout;
  const env = gitEnvironment(process.env, { ...neverLazy, ...call.env });
  const abort = new AbortController();
  const input = inputOf(call);
  let outcome: GitOutcome | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastTimer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      lastTimer = setTimeout(() => reject(gitTimeout(call, timeout)), killGrace);
    }, timeout);
  });
  try {
    const git = simpleGit({
      baseDir: call.folder,
      config: [...baseConfig, askNothing, ...(call.config ?? [])],
      abort: abort.signal,
      // By default simple-git goes on 50 ms after the exit, whether the pipes are drained or not.
      completion: { onClose: true, onExit: false },
      allowEnvironment: guardedNames(env),
      unsafe: permissions(env),
      input: () => input,
      // simple-git decodes output and takes "exit 1, nothing on stderr" for success; this sees the raw result.
      errors(error, result) {
        outcome = {
          exitCode: result.exitCode,
          stdout: Buffer.concat(result.stdOut),
          stderr: Buffer.concat(result.stdErr).toString('utf8'),
        };
        return abort.signal.aborted ? error : undefined;
      },
    })
      .env(env)
      .outputHandler((_, stdout) => notSilent(stdout));
    const run = git.raw(['--no-pager', ...call.args]).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const failure = await Promise.race([run, late]);
    if (abort.signal.aborted) throw gitTimeout(call, timeout);
    if (failure !== null) throw failure.error;
  } catch (error) {
    throw error instanceof PromptAuditError ? error : notRun(call, error);
  } finally {
    clearTimeout(timer);
    clearTimeout(lastTimer);
  }
  if (outcome === undefined) throw notRun(call, new Error('no result'));
  if (outcome.exitCode < 0 && /spawn .*\b(ENOENT|EACCES|ENOTDIR)\b/.test(outcome.stderr))
    throw gitMissing();
  return outcome;
}

/** simple-git waits 50 ms for the output of a program that said nothing, also where that has closed its output. */
function notSilent(stdout: NodeJS.ReadableStream): void {
  stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)));
}

function notRun(call: GitCall, cause: unknown): PromptAuditError {
  const stderr = cause instanceof Error ? cause.message : String(cause);
  return gitFailed(call, { exitCode: -1, stdout: Buffer.alloc(0), stderr });
}

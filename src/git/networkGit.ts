import { spawn, type ChildProcess } from 'node:child_process';
import { gitFailed, gitMissing, gitTimeout } from './gitErrors.js';
import type { GitCall, GitOutcome } from './runGit.js';

export interface NetworkRun {
  readonly call: GitCall;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Milliseconds between asking git and all that it started to end, and ending them. */
const killGrace = 2_000;
/** Milliseconds that a program which git left behind may hold its pipes open after git's end. */
const drainPause = 2_000;
/** Of each output, in bytes; a host may talk without an end. */
const maxOutput = 4 * 1024 * 1024;

/**
 * Runs a git that talks to a remote, and always comes back. It has a session of its own: without a terminal
 * no helper of the user can wait for an answer there, and at the time limit git, ssh and every helper are
 * ended together. Throws `git.missing`, `git.timeout`, `git.failed`.
 */
export function runNetworkGit({ call, args, env, timeout }: NetworkRun): Promise<GitOutcome> {
  return new Promise((resolve, reject) => {
    const ownGroup = process.platform !== 'win32';
    const child = spawn('git', [...args], {
      cwd: call.folder,
      env,
      detached: ownGroup,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const group: Group = { child, ownGroup };
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const letGo = endedWithUs(group);
    let isLate = false;
    let last: NodeJS.Timeout | undefined;
    const done = (act: () => void): void => {
      clearTimeout(limit);
      clearTimeout(last);
      letGo();
      child.stdout.destroy();
      child.stderr.destroy();
      act();
    };
    const timedOut = (): void => done(() => reject(gitTimeout(call, timeout)));
    const limit = setTimeout(() => {
      isLate = true;
      // git takes its lock files away when it is asked to end, and not when it is killed.
      end(group, 'SIGTERM');
      last = setTimeout(() => {
        end(group, 'SIGKILL');
        timedOut();
      }, killGrace);
    }, timeout);
    for (const name of ['stdout', 'stderr'] as const) {
      let size = 0;
      child[name].on('data', (data: Buffer) => {
        if (size < maxOutput) chunks[name].push(data);
        size += data.length;
      });
    }
    const outcome = (status: number | null): GitOutcome => ({
      exitCode: status ?? -1,
      stdout: Buffer.concat(chunks.stdout),
      stderr: Buffer.concat(chunks.stderr).toString('utf8'),
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const noProgram =
        child.pid === undefined && /^(ENOENT|EACCES|ENOTDIR)$/.test(error.code ?? '');
      const failed = { exitCode: -1, stdout: Buffer.alloc(0), stderr: error.message };
      done(() => reject(noProgram ? gitMissing() : gitFailed(call, failed)));
    });
    child.on('exit', (status) => {
      const over = (): void => {
        if (!isLate) return done(() => resolve(outcome(status)));
        // What git started may not have listened.
        end(group, 'SIGKILL');
        timedOut();
      };
      child.on('close', over);
      last ??= setTimeout(over, drainPause);
    });
    // git may end without having read what it was given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(Buffer.from(call.input ?? ''));
  });
}

interface Group {
  readonly child: ChildProcess;
  readonly ownGroup: boolean;
}

function end({ child, ownGroup }: Group, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (ownGroup) process.kill(-pid, signal);
    else
      spawn('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore', windowsHide: true });
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A session of its own does not get the Ctrl+C of the terminal: it is passed on, and this process then ends as
 * it would have. Returns how to stop that.
 */
function endedWithUs(group: Group): () => void {
  const atExit = (): void => end(group, 'SIGTERM');
  const atSignal = (signal: NodeJS.Signals): void => {
    end(group, 'SIGTERM');
    letGo();
    // Somebody else who listens decides about this process.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const letGo = (): void => {
    process.off('exit', atExit);
    for (const signal of signals) process.off(signal, atSignal);
  };
  process.on('exit', atExit);
  for (const signal of signals) process.on(signal, atSignal);
  return letGo;
}

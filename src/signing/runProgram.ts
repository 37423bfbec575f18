import { spawn, type ChildProcess } from 'node:child_process';

/** How a program that may ask, wait or hang came to its end. */
export type ProgramEnd =
  | {
      readonly kind: 'exited';
      readonly status: number | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'missing' | 'timeout' | 'cancelled' };

export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** The terminal of this process is the program's, too. */
  readonly interactive: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  readonly isCancelled?: (() => boolean) | undefined;
}

const cancelPause = 50;
/** Milliseconds that a child of the program may hold its pipes open after it ended. */
const drainPause = 2_000;
const maxOutput = 64 * 1024;

/**
 * Runs a program without a shell and always comes back: at its end, at the time limit, or when it is
 * cancelled. Unless `interactive`, it has no terminal, nothing to read, and nobody to ask.
 */
export function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  const { interactive } = call;
  const ownGroup = !interactive && process.platform !== 'win32';
  return new Promise((resolve) => {
    const output = { stdout: '', stderr: '' };
    const child = spawn(call.program, [...call.args], {
      cwd: call.folder,
      env: { ...process.env, LC_ALL: 'C', ...(interactive ? {} : neverAsk) },
      // A session of its own has no terminal to ask on, and can be ended with all its children.
      detached: ownGroup,
      stdio: interactive ? ['inherit', 'pipe', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let over = false;
    const end = (how: ProgramEnd): void => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      clearInterval(looks);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(how);
    };
    const stop = (kind: 'timeout' | 'cancelled'): void => {
      kill(child, ownGroup);
      end({ kind });
    };
    const limit = setTimeout(() => stop('timeout'), call.timeout);
    const looks = setInterval(() => {
      if (call.isCancelled?.() === true) stop('cancelled');
    }, cancelPause);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < maxOutput) output[name] += text;
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) end({ kind: 'missing' });
      else end({ kind: 'exited', status: null, stdout: '', stderr: error.message });
    });
    child.on('exit', (status) => {
      const done = (): void => end({ kind: 'exited', status, ...output });
      child.on('close', done);
      setTimeout(done, drainPause).unref();
    });
  });
}

/** ssh before 8.4 does not know the first; it then runs the second, which says no at once. */
const neverAsk = { SSH_ASKPASS_REQUIRE: 'never', SSH_ASKPASS: 'false' };

function kill(child: ChildProcess, ownGroup: boolean): void {
  try {
    if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

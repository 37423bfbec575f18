import { spawn } from 'node:child_process';
import { gitEnvironment, neverLazy } from './environment.js';
import { gitFailed, gitMissing, gitTimeout } from './gitErrors.js';
import { baseConfig } from './runGit.js';

export interface HistoryCall {
  readonly folder: string;
  /** As in GitCall. */
  readonly doing: string;
  readonly args: readonly string[];
  readonly config?: readonly string[];
}

/** A git that gives its answer piece by piece, and may be asked piece by piece. */
export interface HistoryProcess {
  /** Writes ASCII to its standard input; what it no longer reads is dropped. */
  write(text: string): void;
  endInput(): void;
  /** Its output. Throws `git.missing`, `git.failed`, `git.timeout` at its end where it did not end well. */
  output(): AsyncIterable<Buffer>;
  /** Ends it. Its output ends then too, without an error. */
  stop(): void;
}

/** Milliseconds without a byte after which git is taken for stuck. Nothing it is asked here needs a network. */
const silence = 300_000;
const maxErrors = 64 * 1024;

/** Starts a git that reads this repository only: no network, no hook, no pager, no question. */
export function startHistoryProcess(call: HistoryCall): HistoryProcess {
  const config = [...baseConfig, ...(call.config ?? [])].flatMap((one) => ['-c', one]);
  const child = spawn('git', ['--no-pager', ...config, ...call.args], {
    cwd: call.folder,
    env: gitEnvironment(process.env, neverLazy),
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    if (stderr.length < maxErrors) stderr += data.toString('utf8');
  });
  // git may end without having read what it was given.
  child.stdin.on('error', () => undefined);
  let stopped = false;
  let isLate = false;
  const start: { problem?: NodeJS.ErrnoException } = {};
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      start.problem = error;
      resolve(null);
    });
    child.on('close', resolve);
  });
  let limit: NodeJS.Timeout | undefined;
  const stillThere = (): void => {
    clearTimeout(limit);
    limit = setTimeout(() => {
      isLate = true;
      child.kill();
    }, silence);
    limit.unref();
  };
  async function* output(): AsyncGenerator<Buffer> {
    try {
      stillThere();
      for await (const chunk of child.stdout) {
        stillThere();
        yield chunk as Buffer;
      }
      const status = await ended;
      if (stopped || status === 0) return;
      if (isLate) throw gitTimeout(call, silence);
      const code = start.problem?.code ?? '';
      if (/^(ENOENT|EACCES|ENOTDIR)$/.test(code) && child.pid === undefined) throw gitMissing();
      throw gitFailed(call, { exitCode: status ?? -1, stdout: Buffer.alloc(0), stderr });
    } finally {
      clearTimeout(limit);
      if (child.exitCode === null) child.kill();
    }
  }
  let unsent = '';
  // Many small writes cost more than what git does with them.
  const send = (): void => {
    if (unsent !== '') child.stdin.write(unsent, 'latin1');
    unsent = '';
  };
  return {
    write: (text) => {
      if (unsent === '') queueMicrotask(send);
      unsent += text;
    },
    endInput: () => {
      send();
      child.stdin.end();
    },
    output,
    stop: () => {
      stopped = true;
      child.kill();
    },
  };
}

/** The lines of an output of ASCII, as many at a time as came together; not what no line end is behind. */
export async function* linesOf(git: HistoryProcess): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of git.output()) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
}

import { createInterface } from 'node:readline';
import { PromptAuditError } from '../core/errors.js';
import { readMost } from './files.js';
import type { Terminal } from './terminal.js';

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  ignoreErrorEvents(stdout);
  ignoreErrorEvents(stderr);
  return {
    env,
    cwd: process.cwd(),
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    colours: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    showsProgress: stderr.isTTY === true,
    out: (data) => write(stdout, data),
    err: (text) => {
      if (!stderr.destroyed) stderr.write(text);
    },
    input: (mostBytes) => readMost(stdin, mostBytes),
    ask,
    now: () => new Date(),
  };
}

/** Without a listener a closed pipe would end the process with a stack trace; write() sees the error too. */
function ignoreErrorEvents(stream: NodeJS.WriteStream): void {
  stream.on('error', () => undefined);
}

function write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
      // Who closed the pipe (`| head`) has read enough.
      if (!error || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') resolve();
      else reject(cannotPrint(code, error));
    });
  });
}

function cannotPrint(code: string | undefined, cause: Error): PromptAuditError {
  return new PromptAuditError({
    code: code === 'ENOSPC' ? 'disk.full' : 'disk.failed',
    message: `The answer could not be written to standard output (${code ?? cause.message}).`,
    remedy: 'Nothing that was recorded is lost. Free some space, or print to another place.',
    cause,
  });
}

function ask(question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    let answered = false;
    reader.on('SIGINT', () => reader.close());
    reader.on('close', () => {
      if (answered) return;
      process.stderr.write('\n');
      reject(cancelled());
    });
    reader.question(question, (line) => {
      answered = true;
      reader.close();
      resolve(line);
    });
  });
}

/** The person said no, or left. */
export function cancelled(): PromptAuditError {
  return new PromptAuditError({
    code: 'cancelled',
    message: 'Cancelled: nothing was recorded.',
    remedy: 'Run the command again when you are ready.',
  });
}

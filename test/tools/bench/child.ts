import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const program = process.argv[1]!;
/** The same program without the worker's bundle beside it. */
export const lonelyProgram = path.join(path.dirname(program), 'alone', path.basename(program));

/** What a job measured: milliseconds or bytes by name. */
export type Measured = Readonly<Record<string, number>>;

/**
 * Runs one job of this program in a process of its own, which has nothing warm. `node` is its Node.
 * A job prints what it measured as its last line.
 */
export async function runJob(
  node: string,
  job: string,
  parameters: readonly string[],
  of = program,
): Promise<Measured> {
  const child = spawn(node, [of, 'job', job, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`The job ${job} ended with status ${status}.`);
  return JSON.parse(output.trimEnd().split('\n').at(-1)!) as Measured;
}

/** One number of a job. */
export async function measuredBy(
  node: string,
  job: string,
  parameters: readonly string[],
  name = 'ms',
): Promise<number> {
  return (await runJob(node, job, parameters))[name]!;
}

/** A job that goes on and answers one line with one line. */
export class Helper {
  readonly #child;
  #rest = '';
  #answered: ((line: string) => void) | null = null;

  constructor(node: string, job: string, parameters: readonly string[]) {
    this.#child = spawn(node, [program, 'job', job, ...parameters], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout.on('data', (data) => this.#take(String(data)));
  }

  /** Asks for one more round; gives what it took. */
  async ask(question: string): Promise<number> {
    const answer = new Promise<string>((resolve) => (this.#answered = resolve));
    this.#child.stdin.write(`${question}\n`);
    return Number(await answer);
  }

  async end(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  #take(data: string): void {
    this.#rest += data;
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#answered?.(line);
  }
}

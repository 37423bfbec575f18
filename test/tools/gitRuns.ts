import child, { type ChildProcess } from 'node:child_process';

type Spawn = (program: string, args: readonly string[], options?: object) => ChildProcess;

/** The runs of git that this process starts while `work` runs, in order: their arguments without the settings. */
export async function gitRunsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const runs: string[] = [];
  const real = child.spawn as unknown as Spawn;
  const counted: Spawn = (program, args, options) => {
    if (program === 'git') runs.push(withoutSettings(args).join(' '));
    return real.call(child, program, args, options);
  };
  Object.assign(child, { spawn: counted });
  try {
    await work();
    return runs;
  } finally {
    Object.assign(child, { spawn: real });
  }
}

function withoutSettings(args: readonly string[]): readonly string[] {
  return args.filter((arg, at) => arg !== '-c' && args[at - 1] !== '-c' && arg !== '--no-pager');
}

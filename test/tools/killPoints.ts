import childProcess from 'node:child_process';
import { open } from 'node:fs/promises';
import promises from 'node:fs/promises';

type Calls = Record<string, (...args: unknown[]) => unknown>;

/** What changes a disk. What only reads leaves nothing half done. */
const changes = ['writeFile', 'rename', 'unlink', 'link', 'mkdir', 'rm', 'copyFile', 'truncate'];
const handleChanges = ['write', 'writeFile', 'appendFile', 'sync', 'truncate'];

/**
 * Counts the points at which this process changes a disk, starts another or sees its end, and calls `at` just
 * before each, from 1. Gives what tells how many there were.
 */
export async function countPoints(at: (point: number) => void): Promise<() => number> {
  let points = 0;
  const before = (calls: Calls, names: readonly string[]): void => {
    for (const name of names) {
      const call = calls[name];
      if (call === undefined) throw new Error(`there is no ${name}`);
      calls[name] = function (this: unknown, ...args: unknown[]) {
        at(++points);
        return call.apply(this, args);
      };
    }
  };
  const handle = await open(__filename, 'r');
  before(Object.getPrototypeOf(handle) as Calls, handleChanges);
  await handle.close();
  before(promises as unknown as Calls, changes);
  const calls = childProcess as unknown as Calls;
  const spawn = childProcess.spawn;
  calls['spawn'] = (...args: unknown[]) => {
    at(++points);
    const child = (spawn as (...all: unknown[]) => childProcess.ChildProcess)(...args);
    // It runs already.
    at(++points);
    child.once('exit', () => at(++points));
    return child;
  };
  return () => points;
}

import type { VersionRow } from '../core/rows.js';
import type { EventId } from '../core/ids.js';
import type { Trail, VersionName } from '../trail/api.js';
import type { Invocation } from './command.js';
import { isPath, promptPath, type PathContext } from './paths.js';

const versioned = /^(.+)@(v[1-9]\d*\??|(?:sha256:)?[0-9a-f]{4,64})$/su;

/** What `PATH`, `PATH@vN` or `PATH@<digest prefix>` names. */
export interface Target {
  readonly path: string;
  /** `v3` or a digest prefix; null when the newest version is meant. */
  readonly version: string | null;
  /** How Trail takes it. */
  readonly name: VersionName | EventId;
}

/** The folder, the root and the ledger by which path arguments are read. */
export function pathContext(invocation: Invocation, trail: Trail): PathContext {
  return {
    cwd: invocation.cwd,
    root: trail.root,
    known: async (path) => (await trail.log({ path })).some((row) => row.path === path),
  };
}

/** Reads a version argument. A path that itself looks like `PATH@v3` is that path. */
export async function targetOf(
  argument: string,
  context: PathContext,
  trail: Trail,
): Promise<Target> {
  const match = versioned.exec(argument);
  if (match === null || (await isPath(argument, context))) {
    const path = await promptPath(argument, context);
    const name = versioned.test(path) ? ((await newest(trail, path))?.id ?? path) : path;
    return { path, version: null, name };
  }
  const path = await promptPath(match[1] ?? '', context);
  const version = (match[2] ?? '').replace(/\?$/, '').replace(/^sha256:/, '');
  return { path, version, name: `${path}@${version}` };
}

async function newest(trail: Trail, path: string): Promise<VersionRow | undefined> {
  return (await trail.versions(path, 1)).at(-1);
}

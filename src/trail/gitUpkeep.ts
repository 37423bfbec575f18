import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { packLedger } from '../git/housekeeping.js';
import type { TrailContext } from './context.js';

/** How much of the ledger git was given since the last time. */
interface Count {
  readonly bytes: number;
  readonly commits: number;
}

/** Uncompressed bytes in loose objects that are worth packing: 25 versions of 5 MB. */
const defaultBytes = 128 * 1024 * 1024;
/** The user's own git looks at the number of loose objects; a commit makes four. */
const mostCommits = 100;

/**
 * Notes what a commit of the ledger added to git's objects. Never fails: what is not counted is packed later.
 */
export async function countForUpkeep(
  privateDir: string,
  files: Iterable<Uint8Array>,
): Promise<void> {
  let { bytes, commits } = await readCount(privateDir);
  commits++;
  for (const { length } of files) bytes += length;
  await writeCount(privateDir, { bytes, commits });
}

/** Those that run in this process. */
const running = new WeakMap<TrailContext, Promise<void>>();

/**
 * Packs the ledger's loose objects when enough came together (housekeeping.ts). Goes on in the background:
 * nobody waits for it but `upkeepEnded`. A failure is told and changes nothing else.
 */
export function keepGitSmall(context: TrailContext): void {
  if (running.has(context)) return;
  const run = packWhenDue(context).finally(() => running.delete(context));
  running.set(context, run);
}

/** Waits for what keepGitSmall began. */
export async function upkeepEnded(context: TrailContext): Promise<void> {
  await running.get(context);
}

async function packWhenDue(context: TrailContext): Promise<void> {
  const { git, privateDir } = context.site;
  if (git === null) return;
  const limit = context.options.limits?.looseBytes ?? defaultBytes;
  const { bytes, commits } = await readCount(privateDir);
  if (bytes < limit && commits < mostCommits) return;
  // Before the work: where it fails, the next try is not at the next sync already.
  await writeCount(privateDir, { bytes: 0, commits: 0 });
  try {
    await packLedger(git);
  } catch (error) {
    const remedy = error instanceof PromptAuditError ? ` ${error.remedy}` : '';
    context.warn(
      `git's objects of the ledger were not packed: ${(error as Error).message}${remedy}`,
    );
  }
}

const fileOf = (privateDir: string): string => join(privateDir, 'loose.json');

async function readCount(privateDir: string): Promise<Count> {
  try {
    const { bytes, commits } = JSON.parse(await readFile(fileOf(privateDir), 'utf8')) as Count;
    if (Number.isSafeInteger(bytes) && Number.isSafeInteger(commits)) return { bytes, commits };
  } catch {
    // Not there yet, or torn: counting begins anew.
  }
  return { bytes: 0, commits: 0 };
}

async function writeCount(privateDir: string, count: Count): Promise<void> {
  await mkdir(privateDir, { recursive: true })
    .then(() => writeFile(fileOf(privateDir), JSON.stringify(count)))
    .catch(() => undefined);
}

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import type { SyncProblem } from './api.js';
import type { TrailContext } from './context.js';
import { isPassingSyncError } from './sync.js';

/** Ends of a sync that say nothing about the exchange. */
const noProblem: ReadonlySet<string> = new Set(['sync.noRemote', 'cancelled']);

/** Runs a sync and keeps what it says when it fails, for every process of this clone. Throws what `work` throws. */
export async function rememberingProblems<T>(
  context: TrailContext,
  work: () => Promise<T>,
): Promise<T> {
  const file = fileOf(context);
  try {
    const result = await work();
    await rm(file, { force: true }).catch((error: unknown) => warnOf(context, error));
    return result;
  } catch (error) {
    if (error instanceof PromptAuditError && !noProblem.has(error.code)) {
      const { code, message, remedy } = error;
      const passing = isPassingSyncError(error);
      const problem: SyncProblem = { code, message, remedy, at: new Date().toISOString(), passing };
      await mkdir(context.site.privateDir, { recursive: true })
        .then(() => writeFile(file, JSON.stringify(problem)))
        .catch((failed: unknown) => warnOf(context, failed));
    }
    throw error;
  }
}

/** The last problem that was kept; null when there is none or it cannot be read. */
export async function syncProblem(context: TrailContext): Promise<SyncProblem | null> {
  try {
    const value = JSON.parse(await readFile(fileOf(context), 'utf8')) as Partial<SyncProblem>;
    const { code, message, remedy, at, passing } = value;
    const texts = [code, message, remedy, at];
    if (!texts.every((text) => typeof text === 'string') || typeof passing !== 'boolean')
      return null;
    return value as SyncProblem;
  } catch {
    // The file is a convenience of this clone: without it a problem is told again by the next sync.
    return null;
  }
}

/** A remote that was rewritten or belongs to another ledger, as a finding of `verify`. */
export async function syncFindings(context: TrailContext): Promise<readonly Finding[]> {
  const problem = await syncProblem(context);
  if (problem === null || problem.passing) return [];
  const { code, message, remedy, at } = problem;
  return [
    {
      code,
      severity: 'warning',
      seq: null,
      event: null,
      message: `The last sync stopped. ${message}`,
      expected: null,
      found: `since ${at}`,
      remedy,
    },
  ];
}

function fileOf(context: TrailContext): string {
  return join(context.site.privateDir, 'sync-problem.json');
}

function warnOf(context: TrailContext, error: unknown): void {
  context.warn(`The state of sync cannot be kept: ${(error as Error).message}`);
}

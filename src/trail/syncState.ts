import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import type { TrailContext } from './context.js';
import { contradictions, findingOf } from './evidence.js';
import { isPassingSyncError } from './sync.js';
import type { SyncProblem } from './syncApi.js';

/** Ends of a sync that say nothing about the exchange. */
const noProblem: ReadonlySet<string> = new Set(['sync.noRemote', 'cancelled']);

/** Runs a sync and keeps what it says when it fails, for every process of this clone. Throws what `work` throws. */
export async function rememberingProblems<T>(
  context: TrailContext,
  work: () => Promise<T>,
): Promise<T> {
  const result = await rememberingFailure(context, work);
  await noteSynced(context);
  return result;
}

/** As rememberingProblems, for an exchange of one direction: its success ends no problem. */
export async function rememberingFailure<T>(
  context: TrailContext,
  work: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  try {
    return await work();
  } catch (error) {
    if (error instanceof PromptAuditError && !noProblem.has(error.code)) {
      const waited = Math.round(performance.now() - begun);
      await keep(context, fileOf(context), { ...(await problemOf(context, error)), waited });
    }
    throw error;
  }
}

/** Remembers that this clone and the remote were brought to one order just now. */
export async function noteSynced(context: TrailContext): Promise<void> {
  await rm(fileOf(context), { force: true }).catch((error: unknown) => warnOf(context, error));
  await keep(context, timeFileOf(context), { at: new Date().toISOString() });
}

/** When this clone was in sync with the remote the last time, ISO 8601; null where nobody knows. */
export async function syncedAt(context: TrailContext): Promise<string | null> {
  try {
    const { at } = JSON.parse(await readFile(timeFileOf(context), 'utf8')) as { at?: unknown };
    return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : null;
  } catch {
    // It is only shown: a clone of before, or one that never synced, has none.
    return null;
  }
}

const started = new Date().toISOString();

/** What stands in the way of every sync until somebody mends it; nothing says since when. */
export function problemNow({ code, message, remedy, reasons }: PromptAuditError): SyncProblem {
  return { code, message, remedy, at: started, since: started, passing: false, reasons };
}

/** A problem that goes on began when it was first met. */
async function problemOf(context: TrailContext, error: PromptAuditError): Promise<SyncProblem> {
  const { code, message, remedy, reasons } = error;
  const at = new Date().toISOString();
  const before = await syncProblem(context);
  const since = before?.code === code ? before.since : at;
  return { code, message, remedy, at, since, passing: isPassingSyncError(error), reasons };
}

async function keep(context: TrailContext, file: string, value: unknown): Promise<void> {
  await mkdir(context.site.privateDir, { recursive: true })
    .then(() => writeFile(file, JSON.stringify(value)))
    .catch((failed: unknown) => warnOf(context, failed));
}

/** A problem that was kept, and the milliseconds until it showed. */
export interface KeptFailure {
  readonly problem: SyncProblem;
  readonly waited: number;
}

/** The last problem that was kept; null when there is none or it cannot be read. */
export async function syncProblem(context: TrailContext): Promise<SyncProblem | null> {
  return (await lastFailure(context))?.problem ?? null;
}

/** As syncProblem, with what it took. */
export async function lastFailure(context: TrailContext): Promise<KeptFailure | null> {
  try {
    const text = await readFile(fileOf(context), 'utf8');
    const value = JSON.parse(text) as Partial<SyncProblem> & { waited?: unknown };
    const { waited, ...kept } = value;
    const { code, message, remedy, at, passing, since, reasons } = kept;
    const texts = [code, message, remedy, at];
    if (!texts.every((text) => typeof text === 'string') || typeof passing !== 'boolean')
      return null;
    const problem = {
      ...(kept as SyncProblem),
      // A version of before did not write these.
      since: typeof since === 'string' ? since : (kept as SyncProblem).at,
      reasons: Array.isArray(reasons) ? reasons : [],
    };
    return { problem, waited: typeof waited === 'number' ? waited : 0 };
  } catch {
    // The file is a convenience of this clone: without it a problem is told again by the next sync.
    return null;
  }
}

/** What remotes showed that contradicts this clone, for ever, and what else stopped the last sync. */
export async function syncFindings(context: TrailContext): Promise<readonly Finding[]> {
  const kept = await contradictions(context);
  const findings = kept.map(findingOf);
  const problem = await syncProblem(context);
  if (problem === null || problem.passing) return findings;
  if (kept.some(({ code, resolved }) => code === problem.code && resolved === undefined))
    return findings;
  const { code, message, remedy, at } = problem;
  return [
    ...findings,
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

function timeFileOf(context: TrailContext): string {
  return join(context.site.privateDir, 'last-sync.json');
}

function warnOf(context: TrailContext, error: unknown): void {
  context.warn(`The state of sync cannot be kept: ${(error as Error).message}`);
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEventId } from '../core/ids.js';
import type { TrailContext } from './context.js';

/** Of more the oldest are forgotten, and walked again. */
const mostTips = 10_000;

interface Note {
  readonly ledger: string;
  /** Which files counted. */
  readonly prompts: string;
  /** The last event then: as long as the ledger has it, it has what is before. */
  readonly event: string;
  readonly tips: readonly string[];
}

/** Commits behind which this clone has found everything in the ledger already; none where nobody knows. */
export async function walkedTips(
  context: TrailContext,
  prompts: string,
): Promise<ReadonlySet<string>> {
  const none: ReadonlySet<string> = new Set();
  try {
    const note = JSON.parse(await readFile(fileOf(context), 'utf8')) as Partial<Note>;
    const { ledger, event, tips } = note;
    if (ledger !== context.store.ledger || note.prompts !== prompts) return none;
    if (!isEventId(event) || context.state.seqOf(event) === undefined) return none;
    return Array.isArray(tips) ? new Set(tips.filter((tip) => typeof tip === 'string')) : none;
  } catch {
    // Without it only more has to be walked.
    return none;
  }
}

/** Notes that everything up to these commits is in the ledger, or was done by hand. */
export async function noteWalked(
  context: TrailContext,
  prompts: string,
  tips: readonly string[],
): Promise<void> {
  const { ledger, size } = context.store;
  if (ledger === null || size === 0) return;
  const event = context.state.idAt(size);
  // Each work tree has a HEAD of its own.
  const all = new Set([...tips, ...(await walkedTips(context, prompts))]);
  const note: Note = { ledger, prompts, event, tips: [...all].slice(0, mostTips) };
  const file = fileOf(context);
  const fresh = `${file}.${process.pid}.tmp`;
  await mkdir(context.site.privateDir, { recursive: true })
    .then(() => writeFile(fresh, JSON.stringify(note)))
    .then(() => rename(fresh, file))
    .catch((error: unknown) =>
      context.warn(`What was looked through cannot be kept: ${(error as Error).message}`),
    );
}

function fileOf({ site }: TrailContext): string {
  return join(site.privateDir, 'walked.json');
}

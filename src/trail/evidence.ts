import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../core/hash.js';
import { findingKey } from '../core/findingKinds.js';
import type { EventId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { writeFileAtomically } from '../ledger/atomicFile.js';
import { systemPlatform } from '../ledger/platform.js';
import type { TrailContext } from './context.js';
import type { BranchPoint, Contradiction } from './resolveApi.js';

/** As many as there are refs (src/git/evidence.ts): the first half and the newest stay. */
const most = 16;
const namePattern = /^\d{8}T\d{6}Z-[0-9a-f]{12}\.json$/;

/** What ledger branches showed that contradicts what this clone saw, oldest first. */
export async function contradictions(context: TrailContext): Promise<readonly Contradiction[]> {
  return (await read(context)).map(({ found }) => found);
}

/** Keeps one for good; the same one that is unresolved is kept once, and is open again. Gives what is kept. */
export async function keepContradiction(
  context: TrailContext,
  found: Contradiction,
): Promise<Contradiction> {
  const all = await read(context);
  const known = all.find((one) => one.found.resolved === undefined && isSame(one.found, found));
  if (known !== undefined) {
    const { over, explained, instead, claim, decided, ...rest } = known.found;
    const { instead: now, claim: says, decided: counts } = found;
    const open: Contradiction = {
      ...rest,
      ...(says === undefined ? {} : { claim: says }),
      ...(counts === undefined ? {} : { decided: counts }),
      ...(now === undefined ? {} : { instead: now }),
    };
    const isChanged = instead !== now || claim !== says || decided !== counts;
    if (over !== undefined || explained !== undefined || isChanged)
      await write(context, known.name, open);
    return open;
  }
  const stamp = found.at.replaceAll(/[-:]/g, '').replace(/\.\d+/, '');
  const name = `${stamp}-${sha256Hex(JSON.stringify(found)).slice(0, 12)}.json`;
  await write(context, name, found);
  const old = all.slice(most / 2, Math.max(most / 2, all.length - most / 2 + 1));
  for (const one of old) await unlink(join(folderOf(context), one.name));
  return found;
}

/** Whether a commit was found to lack what this clone holds: until it has been sent again. */
export async function isWithholding(context: TrailContext, commit: string): Promise<boolean> {
  const all = await contradictions(context);
  return all.some(({ code, theirs }) => code === 'sync.withheld' && theirs?.commit === commit);
}

/** Notes about every one that `change` gives anew what it gives. */
export async function noteOf(
  context: TrailContext,
  change: (found: Contradiction) => Promise<Contradiction> | Contradiction,
): Promise<void> {
  for (const { name, found } of await read(context)) {
    const after = await change(found);
    if (after !== found) await write(context, name, after);
  }
}

/** Keys of the findings that a review explains which may name other keys: that of the clone that resolved. */
export async function explanations(context: TrailContext): Promise<ReadonlyMap<string, EventId>> {
  const all = await contradictions(context);
  return new Map(
    all.flatMap((one) =>
      one.explained === undefined ? [] : [[findingKey(findingOf(one)), one.explained.event]],
    ),
  );
}

/**
 * As `verify` reports it: the same finding for ever, so that a review of it stays one. A replaced history that a
 * review explains is no warning: this clone has compared the events, and they are all there.
 */
export function findingOf(found: Contradiction): Finding {
  const { code, remote, problem, ours, theirs, explained } = found;
  return {
    code,
    severity: code === 'sync.replaced' && explained?.counts === true ? 'info' : 'warning',
    seq: null,
    event: null,
    message: `The ledger branch of ${remote}: ${problem}`,
    expected: ours === null ? null : pointText(ours),
    found: theirs === null ? 'no branch' : pointText(theirs),
    remedy: remedyOf(found),
  };
}

const note = 'note what it was with: prompt-audit dispose KEY -m RESULT';

function remedyOf(found: Contradiction): string {
  const { code, remote, resolved, explained, over, instead, decided } = found;
  if (resolved !== undefined)
    return `The team kept ${resolved === 'ours' ? 'what was seen here' : 'what the branch showed'}; the trail says who and why.`;
  if (explained !== undefined)
    return `A review in the trail explains it${explained.counts ? '' : ', and nobody confirmed that one'}. If it is right, ${note}`;
  if (code === 'sync.replaced')
    return `The trail names nobody who was allowed to. Ask who may push with force to that branch, then ${note}`;
  if (code === 'sync.withheld')
    return `It is sent again from here. Find out who left it out, then ${note}`;
  if (instead !== undefined)
    return `The ledger of this clone is on ${instead}, so nothing is to be decided about ${remote}. Find out what it was, then ${note}`;
  if (over !== undefined)
    return `The branch goes on from what this clone saw again, since ${over.slice(0, 10)}. Find out who did it, then ${note}`;
  if (decided === true)
    return 'The branch itself names a decision. Ask whoever made it. If it is right, follow it: prompt-audit resolve --keep theirs -m REASON';
  return 'Find out who did it. When the team has decided, run: prompt-audit resolve --keep ours|theirs -m REASON';
}

/** `12 events, root 3f9c…, commit 8a1b…`: all of it, to compare. */
export function pointText({ ledger, size, root, commit }: BranchPoint): string {
  const events = size === null ? 'no events that can be read' : `${size} events`;
  const parts = [
    events,
    ...(root === null ? [] : [`root ${root}`]),
    ...(commit === null ? [] : [`commit ${commit}`]),
    ...(ledger === null ? [] : [`ledger ${ledger}`]),
  ];
  return parts.join(', ');
}

/** The same with as many digits as people compare. */
export const shortPoint = ({ size, root, commit }: BranchPoint): string =>
  pointText({
    ledger: null,
    size,
    root: root === null ? null : root.slice(0, 16),
    commit: commit === null ? null : commit.slice(0, 12),
  });

interface Kept {
  readonly name: string;
  readonly found: Contradiction;
}

async function read(context: TrailContext): Promise<readonly Kept[]> {
  const folder = folderOf(context);
  const names = await readdir(folder).catch(() => [] as string[]);
  const kept: Kept[] = [];
  for (const name of names.filter((one) => namePattern.test(one)).sort()) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const found = parsed(text);
    if (found !== null) kept.push({ name, found });
  }
  return kept;
}

async function write(context: TrailContext, name: string, found: Contradiction): Promise<void> {
  const folder = folderOf(context);
  await mkdir(folder, { recursive: true });
  const text = `${JSON.stringify({ format: 1, ...found }, null, 2)}\n`;
  const platform = context.storeOptions.platform ?? systemPlatform;
  await writeFileAtomically(join(folder, name), text, { platform, mode: 0o600 });
}

/** A damaged record is passed over: the ref beside it still keeps the commit. */
function parsed(text: string): Contradiction | null {
  try {
    const { format, ...found } = JSON.parse(text) as Contradiction & { format: unknown };
    const { code, at, remote, problem, ours, theirs } = found;
    const isText = [code, at, remote, problem].every((one) => typeof one === 'string');
    return format === 1 && isText && isPoint(ours) && isPoint(theirs) ? found : null;
  } catch {
    return null;
  }
}

function isPoint(point: unknown): boolean {
  if (point === null) return true;
  if (typeof point !== 'object') return false;
  const { ledger, size, root, commit } = point as Record<string, unknown>;
  const texts = [ledger, root, commit].every((one) => one === null || typeof one === 'string');
  return texts && (size === null || Number.isSafeInteger(size));
}

const isSame = (a: Contradiction, b: Contradiction): boolean =>
  a.code === b.code &&
  a.remote === b.remote &&
  a.theirs?.commit === b.theirs?.commit &&
  (a.theirs !== null || a.ours?.root === b.ours?.root);

const folderOf = ({ site }: TrailContext): string => join(site.privateDir, 'evidence');

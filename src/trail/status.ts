import { PromptAuditError } from '../core/errors.js';
import { activeDeployments, activeRows } from '../core/activeRows.js';
import { newestApproved } from '../core/approvals.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import type { Actor } from '../core/persons.js';
import type { PersonRef, PromptRow, WorkingState } from '../core/rows.js';
import { everything, type LedgerState, type PromptRecord } from '../core/state.js';
import { reviewRows, versionRow } from '../core/versionRows.js';
import { formatOf } from '../prompts/format.js';
import { promptMatcher } from '../prompts/matcher.js';
import { actorOf, presentIdentity, type Identity } from './actor.js';
import type { TrailStatus } from './api.js';
import { breakGlassReviews } from './breakGlassReviews.js';
import type { TrailContext } from './context.js';
import { pendingChanges, type PendingPrompt } from './pending.js';
import { workingPolicy } from './policySource.js';
import { Presence } from './presence.js';
import { problemNow, syncedAt, syncProblem } from './syncState.js';
import { recorderStatus } from './recorder.js';
import { isRestored } from './restorations.js';
import { listFiles, readTexts, type ReadText } from './site.js';

/** What waits, what changed and what is active; reads the working files. */
export async function status(context: TrailContext): Promise<TrailStatus> {
  const { site, store, view } = context;
  const [identity, found] = await Promise.all([presentIdentity(site), context.remoteOrProblem()]);
  const me = identity && actorOf(context, identity);
  // A remote that was renamed or removed still has what was sent to it.
  const remote = found instanceof PromptAuditError ? store.remote : found;
  const { paused } = recorderStatus(context);
  const waiting = breakGlassReviews(context, { waiting: true });
  return {
    root: site.root,
    git: site.git !== null,
    ledger: context.point(),
    me: identity && personOf(identity, me),
    remote,
    unsent: remote === null ? 0 : store.size - store.syncedSize,
    prompts: await promptRows(context, remote),
    reviews: reviewRows(view, me),
    active: activeRows(view.state, view.syncedSize, { prompt: null, env: null, at: null }),
    ...(waiting.length === 0 ? {} : { breakGlass: waiting }),
    damage: context.damage?.message ?? null,
    syncProblem: found instanceof PromptAuditError ? problemNow(found) : await syncProblem(context),
    syncedAt: remote === null ? null : await syncedAt(context),
    ...(context.signingProblem === null ? {} : { signingProblem: context.signingProblem }),
    ...(paused === null ? {} : { recorderPaused: paused }),
  };
}

/** Under the name that git has now; the id is empty before the person is declared. */
function personOf({ name, email }: Identity, actor: Actor | null): PersonRef {
  return { id: actor?.ids[0] ?? ('' as PersonRef['id']), name, email };
}

async function promptRows(
  context: TrailContext,
  remote: string | null,
): Promise<readonly PromptRow[]> {
  const { state, site } = context;
  const policy = await workingPolicy(site);
  const tracks = promptMatcher(policy);
  const presence = new Presence(site.root);
  const { isThere } = presence;
  // Where case does not count git goes on listing the name that a file had before.
  const [there, pending] = await Promise.all([listFiles(site), pendingChanges(context, remote)]);
  const all = there.filter((path) => !tracks(path) || isThere(path));
  const files = all.filter(tracks);
  const listed = new Set(all);
  const known = [...state.prompts.values()].filter((prompt) => !prompt.retired);
  const promptAt = (path: string): PromptRecord | undefined =>
    state.promptAt(path, isThere) ?? promptBrought(state, pending, path, isThere);
  const here = new Set(files.flatMap((path) => promptAt(path) ?? []));
  // git may ignore a prompt that the ledger knows; it is on the disk all the same.
  const absent = known.filter((prompt) => !here.has(prompt));
  const unlisted = absent.flatMap(({ path }) => (path === null || listed.has(path) ? [] : [path]));
  const unlistedTexts = await readTexts(site, unlisted.filter(isThere));
  const hidden = unlisted.filter((path) => unlistedTexts.get(path) instanceof Uint8Array);
  const texts = new Map([...(await readTexts(site, files)), ...unlistedTexts]);
  const shown = [...files, ...hidden.filter(tracks)];
  const rows = await Promise.all(
    shown.map((path) => fileRow(context, path, promptAt(path), texts.get(path))),
  );
  const present = new Set(rows.map(({ prompt }) => prompt));
  const existing = new Set([...all, ...hidden]);
  const gone = known.filter(({ id, path }) => path !== null && !present.has(id));
  const working = await statesOfGone(context, gone, existing);
  for (const prompt of gone)
    rows.push(
      promptRow(context, prompt, {
        path: prompt.path!,
        working: working.get(prompt) ?? 'missing',
        problem: null,
      }),
    );
  return withPending(rows, pending).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What became of prompts that have no file here; two runs of git for all of them. */
async function statesOfGone(
  { site: { git } }: TrailContext,
  gone: readonly PromptRecord[],
  existing: ReadonlySet<string>,
): Promise<ReadonlyMap<PromptRecord, WorkingState>> {
  const states = new Map<PromptRecord, WorkingState>();
  for (const prompt of gone) {
    if (existing.has(prompt.path!)) states.set(prompt, 'untracked');
    else if (prompt.removed) states.set(prompt, 'removed');
  }
  const open = gone.filter((prompt) => !states.has(prompt));
  if (git === null || open.length === 0) return states;
  const leftOut = await git.leftOut(open.map(({ path }) => path!));
  for (const prompt of open) {
    const bytes = leftOut.get(prompt.path!);
    if (bytes !== undefined) states.set(prompt, leftOutState(prompt, bytes));
  }
  const lost = open.filter((prompt) => !states.has(prompt)).map(({ path }) => path!);
  const atHead = lost.length === 0 ? new Map<string, string>() : await git.headFiles(lost);
  const unheard = lost.filter((path) => !atHead.has(path));
  const elsewhere = await git.committedPaths(unheard);
  for (const prompt of open)
    if (elsewhere.has(prompt.path!) && !atHead.has(prompt.path!)) states.set(prompt, 'elsewhere');
  return states;
}

/** The prompt that a commit moved to a path, before that is recorded. */
function promptBrought(
  state: LedgerState,
  pending: readonly PendingPrompt[],
  path: string,
  isThere: (path: string) => boolean,
): PromptRecord | undefined {
  const id = pending.find(({ paths }) => paths.has(path))?.prompt;
  const prompt = id === undefined ? undefined : state.prompts.get(id);
  const isFree = prompt?.places.every((place) => !isThere(place)) === true;
  return isFree && !prompt.retired ? prompt : undefined;
}

/** Adds what commits did that is not recorded yet. What the ledger does not know at all goes by its path. */
function withPending(rows: readonly PromptRow[], pending: readonly PendingPrompt[]): PromptRow[] {
  if (pending.length === 0) return [...rows];
  return rows.map((row) => {
    const own = pending.find(({ prompt, paths }) =>
      row.prompt === null ? paths.has(row.path) : prompt === row.prompt,
    );
    return own === undefined ? row : { ...row, pending: own.changes };
  });
}

async function fileRow(
  context: TrailContext,
  path: string,
  prompt: PromptRecord | undefined,
  text: ReadText | undefined,
): Promise<PromptRow> {
  const problem = text instanceof Error ? `${text.message} ${text.remedy}` : null;
  const digest = text instanceof Uint8Array ? digestOf(text) : null;
  if (prompt !== undefined) {
    // Whatever its bytes, that it is there again is not recorded.
    const isBack = await isRestored(context, prompt);
    const working = isBack ? 'changed' : workingState(prompt, digest);
    return promptRow(context, prompt, { path, working, problem });
  }
  return {
    prompt: null,
    path,
    format: formatOf(path),
    working: 'unrecorded',
    latest: null,
    lastApproved: null,
    active: [],
    problem,
  };
}

function promptRow(
  context: TrailContext,
  prompt: PromptRecord,
  file: { path: string; working: WorkingState; problem: string | null },
): PromptRow {
  const { view } = context;
  const { state, policy } = view;
  const latest = prompt.versions.at(-1);
  const approved = newestApproved({ state, prompt, policy, scope: everything, below: Infinity });
  return {
    prompt: prompt.id,
    path: file.path,
    format: prompt.format,
    working: file.working,
    latest: latest === undefined ? null : versionRow(view, latest),
    lastApproved: approved === undefined ? null : versionRow(view, approved),
    active: activeDeployments(prompt).map(({ event }) => ({
      env: event.header.refs.env,
      label: versionLabel(state.versions.get(event.header.refs.version)!, view.syncedSize),
    })),
    problem: file.problem,
  };
}

/** Of a file that a sparse checkout leaves out: there is nothing to record, whatever it is. */
function leftOutState(prompt: PromptRecord, bytes: Uint8Array | null): WorkingState {
  const state = workingState(prompt, bytes && digestOf(bytes));
  return state === 'changed' || state === 'draft' ? 'older' : state;
}

function workingState(prompt: PromptRecord, digest: Digest | null): WorkingState {
  if (digest === null) return 'changed';
  const newest = prompt.versions.at(-1);
  if (newest?.event.header.refs.digest === digest) return 'current';
  const revision = prompt.revisions.findLast((r) => r.digest === digest);
  if (revision === undefined) return 'changed';
  return newest === undefined || revision.seq > newest.seq ? 'draft' : 'older';
}

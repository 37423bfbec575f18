import { PromptAuditError } from '../core/errors.js';
import { activeDeployments, activeRows } from '../core/activeRows.js';
import { newestApproved } from '../core/approvals.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import type { Actor } from '../core/persons.js';
import type { PersonRef, PromptRow, WorkingState } from '../core/rows.js';
import { everything, type PromptRecord } from '../core/state.js';
import { reviewRows, versionRow } from '../core/versionRows.js';
import { formatOf } from '../prompts/format.js';
import { promptMatcher } from '../prompts/matcher.js';
import { actorOf, presentIdentity, type Identity } from './actor.js';
import type { TrailStatus } from './api.js';
import type { TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { problemNow, syncedAt, syncProblem } from './syncState.js';
import { listFiles, readTexts, type ReadText } from './site.js';

/** What waits, what changed and what is active; reads the working files. */
export async function status(context: TrailContext): Promise<TrailStatus> {
  const { site, store, view } = context;
  const identity = await presentIdentity(site);
  const me = identity && actorOf(context, identity);
  const found = await context.remoteOrProblem();
  // A remote that was renamed or removed still has what was sent to it.
  const remote = found instanceof PromptAuditError ? store.remote : found;
  return {
    root: site.root,
    git: site.git !== null,
    ledger: context.point(),
    me: identity && personOf(identity, me),
    remote,
    unsent: remote === null ? 0 : store.size - store.syncedSize,
    prompts: await promptRows(context),
    reviews: reviewRows(view, me),
    active: activeRows(view.state, view.syncedSize, { prompt: null, env: null, at: null }),
    damage: context.damage?.message ?? null,
    syncProblem: found instanceof PromptAuditError ? problemNow(found) : await syncProblem(context),
    syncedAt: remote === null ? null : await syncedAt(context),
    ...(context.signingProblem === null ? {} : { signingProblem: context.signingProblem }),
  };
}

/** Under the name that git has now; the id is empty before the person is declared. */
function personOf({ name, email }: Identity, actor: Actor | null): PersonRef {
  return { id: actor?.ids[0] ?? ('' as PersonRef['id']), name, email };
}

async function promptRows(context: TrailContext): Promise<readonly PromptRow[]> {
  const policy = await workingPolicy(context.site);
  const all = await listFiles(context.site);
  const files = all.filter(promptMatcher(policy));
  // git may ignore a prompt that the ledger knows; it is on the disk all the same.
  const listed = new Set(all);
  const known = [...context.state.prompts.values()].filter((prompt) => !prompt.retired);
  const unlisted = known.flatMap(({ path }) => (path === null || listed.has(path) ? [] : [path]));
  const unlistedTexts = await readTexts(context.site, unlisted);
  const hidden = unlisted.filter((path) => unlistedTexts.get(path) instanceof Uint8Array);
  const tracked = hidden.filter(promptMatcher(policy));
  const texts = new Map([...(await readTexts(context.site, files)), ...unlistedTexts]);
  const shown = [...files, ...tracked];
  const rows = shown.map((path) => fileRow(context, path, texts.get(path)));
  const present = new Set(shown);
  const existing = new Set([...all, ...hidden]);
  const gone = known.flatMap(({ path }) => (path === null || existing.has(path) ? [] : [path]));
  const leftOut = await context.site.git?.leftOut(gone);
  for (const prompt of context.state.prompts.values()) {
    const { path, retired } = prompt;
    if (path === null || retired || present.has(path)) continue;
    const bytes = leftOut?.get(path);
    const working = existing.has(path)
      ? 'untracked'
      : bytes === undefined
        ? 'missing'
        : leftOutState(prompt, bytes);
    rows.push(promptRow(context, prompt, { path, working, problem: null }));
  }
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function fileRow(context: TrailContext, path: string, text: ReadText | undefined): PromptRow {
  const prompt = context.state.promptAt(path);
  const problem = text instanceof Error ? `${text.message} ${text.remedy}` : null;
  const digest = text instanceof Uint8Array ? digestOf(text) : null;
  if (prompt !== undefined) {
    return promptRow(context, prompt, { path, working: workingState(prompt, digest), problem });
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

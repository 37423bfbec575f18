import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { PersonId } from '../core/ids.js';
import { commitRefs, type CommitRef } from '../git/historyTips.js';
import type { GitRepository } from '../git/repository.js';
import { tagTimes } from '../git/tagTimes.js';
import { promptMatcher } from '../prompts/matcher.js';
import { presentIdentity } from './actor.js';
import { CommitPeople } from './commitPeople.js';
import { randomId, type TrailContext } from './context.js';
import { actsByHandIn } from './importActs.js';
import type { ImportInput, ImportReport } from './importApi.js';
import { plannedHistory, type FeedPart } from './importFeed.js';
import { knownHistory } from './importKnown.js';
import { appendTips, areImported } from './importMarks.js';
import { FactRecorder, ImportTally } from './importRecord.js';
import { importTags, tagPlan, type TagPlan } from './importTags.js';
import { Outrun, ownTarget, sharedTarget, type ImportTarget } from './importTarget.js';
import { assertWholeHistory } from './importWhole.js';
import { ledgerBranch } from './ledgerBranch.js';
import { workingPolicy } from './policySource.js';

/** Others may record at the same time; when they were faster so often without an end the import gives up. */
const maxIdleRounds = 8;

/**
 * Records what the history of the repository says of its tracked prompts (docs/LEDGER.md, "Import"): what the
 * ledger knows is left out, so it can be run again, and goes on after it was ended. With a remote only what that takes
 * is recorded. What was recorded stays when it is cancelled. Throws `git.missing`, `git.failed`, `history.shallow`,
 * `history.incomplete`, `ref.unknown`, `cancelled`, `policy.missing`, and with a remote as `sync` does.
 */
export async function importHistory(
  context: TrailContext,
  input: ImportInput,
): Promise<ImportReport> {
  const git = repositoryOf(context);
  const tally = new ImportTally();
  const refs = await commitRefs(git.root, ledgerBranch, input.refs);
  const tags = await tagsOf(git, input);
  await assertWholeHistory(context, git.root, [...refs, ...tags]);
  try {
    return await runAll({ context, git, input, refs, tags, tally });
  } catch (error) {
    // Ctrl-C ends git, too.
    const isEnded = error instanceof PromptAuditError && input.watch?.isCancelled?.() === true;
    throw isEnded || isPromptAuditError(error, 'cancelled') ? cancelled(tally) : error;
  }
}

/** Goes through everything, with a remote until nobody else was faster. */
async function runAll(job: Job): Promise<ImportReport> {
  const { context, input, tally } = job;
  if (input.dryRun === true) return runThrough(job, null);
  const remote = await context.remoteOrProblem();
  if (remote instanceof PromptAuditError) throw remote;
  if (remote === null) return runThrough(job, await ownTarget(context));
  for (let idle = 1; ; idle++) {
    const before = keptOf(tally);
    try {
      return await runThrough(job, await sharedTarget(context, () => sayKept(tally)));
    } catch (error) {
      if (!(error instanceof Outrun)) throw error;
      if (keptOf(tally) !== before) idle = 0;
      if (idle === maxIdleRounds) throw outrun(remote, tally);
    }
  }
}

/** Whether more was kept since. */
const keptOf = ({ totals }: ImportTally): string => JSON.stringify(totals);

interface Job {
  readonly context: TrailContext;
  readonly git: GitRepository;
  readonly input: ImportInput;
  readonly refs: readonly CommitRef[];
  readonly tags: readonly CommitRef[];
  readonly tally: ImportTally;
}

/** Goes through everything once. `target` null: only counts. Throws `Outrun`. */
async function runThrough(job: Job, target: ImportTarget | null): Promise<ImportReport> {
  const { context, git, input, refs, tally } = job;
  const { root } = git;
  const { totals } = tally;
  const earlier = tally.changes;
  const plan = tagPlan(context, job.tags, { ...input, times: await tagTimes(root) });
  const found = await goThrough(job, plan, target);
  const { last } = found;
  totals.commits = last?.total ?? 0;
  totals.unread = last?.unread ?? 0;
  const tips = last?.heads ?? [];
  const caveats =
    plan && last ? await importTags({ context, target, tally }, plan, { root, ...last }) : [];
  if (target !== null && !(tally.isEmpty && (await areImported(root, context.state, tips)))) {
    const mark = { mode: 'import', scope: scopeOf(input), tips, totals } as const;
    await target.write((tx, who) => appendTips(tx, who, mark));
  }
  return {
    dryRun: input.dryRun === true,
    refs: refs.map(({ ref }) => ref),
    tips,
    totals: { ...totals },
    people: tally.people,
    // What this import recorded before it had to plan anew is not what it found.
    alreadyKnown: (last?.alreadyKnown ?? 0) + found.byHand - earlier,
    copies: last?.copies ?? 0,
    versions: tally.versions,
    caveats,
  };
}

/** What becomes of the facts. */
interface FactSink {
  take(facts: FeedPart['facts']): Promise<void>;
  flush(): Promise<void>;
}

async function dryFacts(context: TrailContext, tally: ImportTally): Promise<FactSink> {
  const nobody = randomId() as PersonId;
  const people = new CommitPeople(context.state, nobody, () => tally.people++);
  const me = await presentIdentity(context.site);
  if (me !== null) people.idOf(me);
  tally.people = 0;
  return {
    take: (facts) => {
      tally.add(facts);
      for (const { kind, claims } of facts) {
        if (kind === 'revision') people.of(claims);
        else if (kind !== 'registered') people.idOf(claims.author);
      }
      return Promise.resolve();
    },
    flush: () => Promise.resolve(),
  };
}

/** `byHand`: facts that people recorded before they committed them. */
async function goThrough(
  { context, git, input: { watch }, refs, tally }: Job,
  plan: TagPlan | null,
  target: ImportTarget | null,
): Promise<{ readonly last: FeedPart | null; readonly byHand: number }> {
  const tracks = promptMatcher(await workingPolicy(context.site));
  const keep = new Set(plan?.tags.map(({ commit }) => commit));
  const tips = [...new Set([...refs.map(({ commit }) => commit), ...keep])];
  const known = knownHistory(context.state);
  const facts =
    target === null ? await dryFacts(context, tally) : new FactRecorder(context, target, tally);
  const isByHand = await actsByHandIn(git.root, context.state, tips);
  let last: FeedPart | null = null;
  let byHand = 0;
  const feed = { root: git.root, tips, tracks, known, keep, ...(watch ? { watch } : {}) };
  for await (const part of plannedHistory(feed)) {
    const fresh = part.facts.filter((fact) => !isByHand(fact));
    byHand += part.facts.length - fresh.length;
    await facts.take(fresh);
    tally.walked = { done: part.done, total: part.total };
    last = part;
  }
  await facts.flush();
  return { last, byHand };
}

function repositoryOf({ site }: TrailContext): GitRepository {
  if (site.git !== null) return site.git;
  throw new PromptAuditError({
    code: 'git.missing',
    message: `${site.root} is not a git repository, so it has no history to import.`,
    remedy: 'Record the present prompts with: prompt-audit record',
  });
}

/** Tags that were deployed count also where only some branches are gone through. */
async function tagsOf(git: GitRepository, { tags }: ImportInput): Promise<readonly CommitRef[]> {
  return tags === undefined ? [] : commitRefs(git.root, ledgerBranch);
}

function scopeOf({ refs }: ImportInput): string {
  return refs === undefined ? 'HEAD, all branches and tags' : refs.join(', ');
}

function cancelled(tally: ImportTally): PromptAuditError {
  const { walked } = tally;
  const far = walked === null ? '' : ` after ${walked.done} of ${walked.total} commits`;
  return new PromptAuditError({
    code: 'cancelled',
    message: `Cancelled${far}. ${sayKept(tally)}`,
    remedy: 'Import again to go on.',
  });
}

function sayKept(tally: ImportTally): string {
  if (tally.isEmpty) return 'Nothing was imported.';
  const { changes, totals } = tally;
  const more = totals.deployments > 0 ? ` and ${totals.deployments} deployments` : '';
  return `${changes} changes${more} were imported, and stay.`;
}

function outrun(remote: string, tally: ImportTally): PromptAuditError {
  return new PromptAuditError({
    code: 'sync.busy',
    message: `Others recorded in the ledger of ${remote} faster ${maxIdleRounds} times in a row. ${sayKept(tally)}`,
    remedy: 'Import again in a minute.',
  });
}

import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import type { ImportTotals } from '../core/event.js';
import type { PlannedFact } from '../core/historyPlan.js';
import type { PersonId } from '../core/ids.js';
import { assertWhole, commitRefs, type CommitRef } from '../git/historyTips.js';
import type { GitRepository } from '../git/repository.js';
import { promptMatcher } from '../prompts/matcher.js';
import { declareActor, presentIdentity } from './actor.js';
import { CommitPeople } from './commitPeople.js';
import { randomId, type TrailContext } from './context.js';
import type { ImportInput, ImportReport } from './importApi.js';
import { plannedHistory, type FeedPart } from './importFeed.js';
import { knownHistory } from './importKnown.js';
import { areImported, recordTips } from './importMarks.js';
import { importTags, tagPlan, type TagPlan } from './importTags.js';
import { countFacts, FactRecorder, noTotals } from './importRecord.js';
import { workingPolicy } from './policySource.js';
import { ledgerBranch } from './sync.js';

/**
 * Records what the history of the repository says of its tracked prompts (docs/LEDGER.md, "Import"): what the
 * ledger knows is left out, so it can be run again, and goes on after it was ended. What it recorded stays when it is
 * cancelled. Throws `git.missing`, `git.failed`, `history.shallow`, `ref.unknown`, `cancelled`, `policy.missing`.
 */
export async function importHistory(
  context: TrailContext,
  input: ImportInput,
): Promise<ImportReport> {
  const git = repositoryOf(context);
  await assertWhole(git.root);
  const refs = await commitRefs(git.root, ledgerBranch, input.refs);
  const facts = input.dryRun === true ? await dryFacts(context) : await realFacts(context);
  const totals = { ...noTotals };
  const plan = tagPlan(context, await tagsOf(git, input), input);
  const last = await goThrough(context, git, { input, refs, plan, totals, facts });
  totals.commits = last?.total ?? 0;
  totals.unread = last?.unread ?? 0;
  const tips = last?.heads ?? [];
  const { root } = git;
  const tagged =
    plan && last ? await importTags(context, facts.who, plan, { root, ...last }) : null;
  totals.deployments = tagged?.deployments ?? 0;
  await facts.done({ scope: scopeOf(input), tips, totals });
  return {
    dryRun: input.dryRun === true,
    refs: refs.map(({ ref }) => ref),
    tips,
    totals,
    people: facts.people(),
    alreadyKnown: last?.alreadyKnown ?? 0,
    copies: last?.copies ?? 0,
    versions: tagged?.versions ?? 0,
    caveats: tagged?.caveats ?? [],
  };
}

/** What becomes of the facts. */
interface FactSink {
  take(facts: readonly PlannedFact[]): Promise<void>;
  /** Called at the end of all. */
  done(mark: { scope: string; tips: readonly string[]; totals: ImportTotals }): Promise<void>;
  /** Who records; null where nothing is. */
  readonly who: PersonId | null;
  /** Number of people that the ledger did not know. */
  people(): number;
}

async function realFacts(context: TrailContext): Promise<FactSink> {
  const who = await declareActor(context);
  const recorder = new FactRecorder(context, who, 'imported');
  return {
    who,
    take: (facts) => recorder.record(facts),
    done: async (mark) => {
      const { prompts, revisions, moves, removals, deployments } = mark.totals;
      const isNew = prompts + revisions + moves + removals + deployments > 0;
      const { root } = repositoryOf(context);
      if (!isNew && (await areImported(root, context.state, mark.tips))) return;
      await recordTips(context, who, { mode: 'import', ...mark });
    },
    people: () => recorder.declared,
  };
}

async function dryFacts(context: TrailContext): Promise<FactSink> {
  let declared = 0;
  const nobody = randomId() as PersonId;
  const people = new CommitPeople(context.state, nobody, () => declared++);
  const me = await presentIdentity(context.site);
  if (me !== null) people.idOf(me);
  declared = 0;
  return {
    who: null,
    take: (facts) => {
      for (const { kind, claims } of facts) {
        if (kind === 'revision') people.of(claims);
        else if (kind !== 'registered') people.idOf(claims.author);
      }
      return Promise.resolve();
    },
    done: () => Promise.resolve(),
    people: () => declared,
  };
}

async function goThrough(
  context: TrailContext,
  git: GitRepository,
  {
    input: { watch },
    refs,
    plan,
    totals,
    facts,
  }: {
    input: ImportInput;
    refs: readonly CommitRef[];
    plan: TagPlan | null;
    totals: Parameters<typeof countFacts>[0];
    facts: FactSink;
  },
): Promise<FeedPart | null> {
  const tracks = promptMatcher(await workingPolicy(context.site));
  const keep = new Set(plan?.tags.map(({ commit }) => commit));
  const tips = [...new Set([...refs.map(({ commit }) => commit), ...keep])];
  const known = knownHistory(context.state);
  let last: FeedPart | null = null;
  try {
    const feed = { root: git.root, tips, tracks, known, keep, ...(watch ? { watch } : {}) };
    for await (const part of plannedHistory(feed)) {
      await facts.take(part.facts);
      countFacts(totals, part.facts);
      last = part;
    }
  } catch (error) {
    throw isPromptAuditError(error, 'cancelled') ? cancelled(last) : error;
  }
  return last;
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

function cancelled(last: FeedPart | null): PromptAuditError {
  return new PromptAuditError({
    code: 'cancelled',
    message: `Cancelled${last ? ` after ${last.done} of ${last.total} commits` : ''}.`,
    remedy: 'What was recorded stays. Import again to go on.',
  });
}

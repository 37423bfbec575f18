import type { EventDraft } from '../core/event.js';
import { digestOf } from '../core/hash.js';
import type { Digest, EventId, PersonId, PromptId, WriterId } from '../core/ids.js';
import { isRedacted } from '../core/redaction.js';
import { redactionRefs, redactionSentence } from '../core/redactionRefs.js';
import type { LedgerState, PromptRecord } from '../core/state.js';
import type { CommitInfo } from '../git/history.js';
import type { LedgerTransaction as Transaction } from '../ledger/transaction.js';
import { formatOf } from '../prompts/format.js';
import { promptMatcher } from '../prompts/matcher.js';
import { PromptAuditError } from '../core/errors.js';
import { declareActor, presentIdentity } from './actor.js';
import { CommitPeople } from './commitPeople.js';
import { randomId, type TrailContext } from './context.js';
import { FileFacts } from './fileFacts.js';
import { movedDraft } from './fileDrafts.js';
import { movedPrompts, type GonePrompt } from './moveSearch.js';
import { commitsFirst, pendingPaths } from './commitsFirst.js';
import { withoutConflicts } from './conflicts.js';
import { observeOnAct } from './observe.js';
import { observedDraft } from './observedDraft.js';
import { workingPolicy } from './policySource.js';
import { Presence } from './presence.js';
import type { RecordResult } from './recordApi.js';
import { removedHere } from './removals.js';
import type { Exchange } from './sharedAct.js';
import { listFiles, pathInSite, readTexts } from './site.js';

/** One file with bytes that may be new to the ledger. */
interface Candidate {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** The prompt counts as deleted, and these bytes bring it back. */
  readonly back: boolean;
  /** The commit that these bytes come from, when HEAD has them: then its author wrote them. */
  readonly commit: CommitInfo | null;
  /** The prompt at another path whose file was moved here. */
  readonly moved: GonePrompt | null;
}

type File = Pick<Candidate, 'path' | 'bytes' | 'digest'>;

/**
 * Records a revision of each given prompt, or of all tracked ones, whose bytes are new
 * (DESIGN.md §3: saves make `revision.saved`; bytes that git's HEAD has were written
 * by their commit's author and make `revision.observed`). What a commit did to these prompts is recorded before;
 * files that were moved or deleted in the work tree make `prompt.moved` and `prompt.removed`.
 * `exchange`: where there is a remote, a sync records what commits did, and nothing else does; null: somebody acts on
 * these bytes, which are recorded at once. Throws the first file's error when paths were named; without paths
 * unreadable files are warned of.
 */
export async function record(
  context: TrailContext,
  paths: readonly string[] | undefined,
  exchange: Exchange | null,
): Promise<readonly RecordResult[]> {
  const policy = await workingPolicy(context.site);
  const tracks = promptMatcher(policy);
  const named = paths?.map((path) => pathInSite(context.site, path));
  for (const path of named ?? []) if (!tracks(path)) throw notTracked(path);
  const found = exchange === null ? [] : await commitsFirst(context, exchange, named ?? null);
  const brought = found.filter(({ path }) => named?.includes(path) ?? true);
  const told = new Set(brought.map(({ path }) => path));
  const all = named ?? (await listFiles(context.site)).filter(tracks);
  const [targets, texts] = await Promise.all([
    withoutConflicts(context, all, named !== undefined),
    readTexts(context.site, all),
  ]);
  const presence = new Presence(context.site.root);
  const files: File[] = [];
  const lost: string[] = [];
  for (const path of targets) {
    const bytes = texts.get(path);
    if (bytes === undefined) continue;
    if (bytes instanceof Error) {
      const isGone = named !== undefined && !presence.isThere(path);
      if (isGone && (told.has(path) || context.state.promptNowAt(path))) lost.push(path);
      else if (named) throw bytes;
      // What a commit brought is recorded, whatever it is.
      else if (!told.has(path)) context.warn(`${bytes.message} ${bytes.remedy}`);
      continue;
    }
    files.push({ path, bytes, digest: digestOf(bytes) });
  }
  const how = { presence, named: named !== undefined, acts: exchange === null };
  const results = (await recordFiles(context, files, policy.drafts, how)).filter(
    ({ outcome, path }) => outcome !== 'unchanged' || !told.has(path),
  );
  results.push(
    ...brought,
    ...(await removedHere(context, named === undefined ? null : lost, presence)),
  );
  // What the next sync records is told already.
  const left = lost.length === 0 ? noPath : await pendingPaths(context);
  for (const path of lost)
    if (!left(path) && !results.some((result) => result.path === path))
      throw texts.get(path) as Error;
  return results.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As `record` for one saved file; null for no prompt, and for bytes of HEAD: those are observations. */
export async function recordSave(
  context: TrailContext,
  path: string,
): Promise<RecordResult | null> {
  const inside = pathInSite(context.site, path);
  const policy = await workingPolicy(context.site);
  if (!promptMatcher(policy)(inside)) return null;
  const presence = new Presence(context.site.root);
  const [unmerged, texts] = await Promise.all([
    context.site.git?.unmerged([inside]),
    readTexts(context.site, [inside]),
  ]);
  if (unmerged?.has(inside)) return null;
  const bytes = texts.get(inside);
  // It was moved or deleted since it was saved.
  if (bytes === undefined || (bytes instanceof Error && !presence.isThere(inside))) return null;
  if (bytes instanceof Error) throw bytes;
  const file = { path: inside, bytes, digest: digestOf(bytes) };
  const how = { presence, named: true, saved: true };
  const results = await recordFiles(context, [file], policy.drafts, how);
  return results.findLast((result) => result.path === inside) ?? null;
}

export interface How {
  readonly presence: Presence;
  /** Somebody acts on these very files: what HEAD has not restores one that counts as deleted. */
  readonly named: boolean;
  /** What commits did to them is recorded at once; else that is left to the sync, where there is a remote. */
  readonly acts?: boolean;
  /** In the editor: bytes of HEAD are left to observation. */
  readonly saved?: boolean;
}

/** Records what is new of these files; see record. */
export async function recordFiles(
  context: TrailContext,
  files: readonly File[],
  drafts: 'local' | 'share',
  how: How,
): Promise<RecordResult[]> {
  const { isThere } = how.presence;
  const facts = new FileFacts(context, isThere);
  const open = files.filter((file) => !facts.isSettled(file));
  const results = files
    .filter((file) => !open.includes(file))
    .map(({ path, digest }) => unchanged(path, digest));
  if (open.length === 0) return results;
  await Promise.all([
    facts.readHead(open),
    // Most often it is needed in a moment.
    presentIdentity(context.site).catch(() => null),
  ]);
  const isUnknown = ({ path }: File): boolean => !context.state.promptAt(path, isThere);
  const news = open.filter((file) => facts.hasNews(file));
  const ofHead = open.filter((file) => facts.isOfHead(file));
  // A save of a known prompt's own text asks no more.
  const isShared =
    how.acts !== true &&
    news.length + ofHead.length > 0 &&
    (await context.remoteOrProblem()) !== null;
  const isLeftAsked = isShared && (ofHead.length > 0 || news.some(isUnknown));
  const left = isLeftAsked ? await pendingPaths(context) : noPath;
  // Whoever acts on bytes that a commit brought must find them recorded under its author's name, and who changed
  // a file that only a commit knows must find its prompt.
  const brought = news
    .filter((file) => !(how.saved === true && facts.isOfHead(file)))
    .filter((file) => !isShared || (left(file.path) && !facts.isOfHead(file)))
    .filter((file) => !isShared || isUnknown(file))
    .map(({ path }) => path);
  const observed = brought.length > 0 ? await observeOnAct(context, brought) : [];
  const unknown = open.filter(isUnknown);
  const moved = await movedPrompts(context, unknown, how.presence);
  const fresh: Candidate[] = [];
  for (const file of open) {
    const back = await facts.isBack(file, how.named);
    const ways = { back, left: left(file.path), saved: how.saved === true };
    const found = await facts.commitOf(file, ways);
    if (found === 'known') {
      const isTold = observed.some(({ digest }) => digest === file.digest);
      if (!isTold) results.push(unchanged(file.path, file.digest));
    } else if (found !== 'left')
      fresh.push({ ...file, back, commit: found, moved: moved.get(file.path) ?? null });
  }
  if (fresh.length > 0) results.push(...(await recordFresh(context, fresh, drafts, how)));
  return [...observed, ...results];
}

async function recordFresh(
  context: TrailContext,
  candidates: readonly Candidate[],
  drafts: 'local' | 'share',
  { presence: { isThere } }: How,
): Promise<RecordResult[]> {
  const who = await declareActor(context);
  const kept = candidates.filter(({ digest }) => !isRedacted(context.state, digest));
  for (const { bytes } of kept) await context.store.putDraft(bytes);
  for (const { path, digest } of candidates) {
    const [redaction] = redactionRefs(context.state, [digest]);
    // That these bytes are in use again has to stand in the trail; the text itself never does again.
    if (redaction !== undefined)
      context.warn(`${path} has a text that is not kept. ${redactionSentence(redaction)}`);
  }
  return context.transact((tx) => {
    const { state } = context;
    const results: RecordResult[] = [];
    const people = new CommitPeople(state, who, (draft) => tx.append(draft));
    for (const candidate of candidates) {
      const { path, digest, moved } = candidate;
      const here = state.promptAt(path, isThere);
      const known = here ?? moved?.prompt;
      const isBack = candidate.back && known?.removed === true;
      // Others may have brought it back meanwhile.
      const isDone = candidate.back && here?.removed === false && state.knowsDigest(here, digest);
      if (here && !isBack && (isDone || isLatest(state, here, digest, tx.writer))) {
        results.push(unchanged(path, digest));
        continue;
      }
      const prompt = known?.id ?? registerPrompt(tx, path, who);
      if (here === undefined && moved !== null) {
        const body = { from: moved.path, to: path, origin: context.options.source };
        const event = tx.append(movedDraft(prompt, who, body));
        results.push({ path, outcome: 'moved', digest, event: event.id });
        if (moved.prompt.revisions.at(-1)?.digest === digest) continue;
      }
      const event = tx.append(revisionDraft(context, candidate, prompt, who, people));
      if (drafts === 'share' && !isRedacted(state, digest)) tx.putContent(candidate.bytes);
      results.push(recorded(candidate, event.id));
    }
    return results;
  });
}

/** The prompt's newest revision, or what this clone saved last: whose bytes others have moved on from. */
function isLatest(
  state: LedgerState,
  { revisions }: PromptRecord,
  digest: Digest,
  writer: WriterId,
): boolean {
  // What a commit brought late is older than what was saved before that was recorded.
  const own = revisions.findLast(
    (r) => r.writer === writer && state.typeAt(r.seq) === 'revision.saved',
  );
  return [revisions.at(-1), own].some((r) => r?.digest === digest);
}

const noPath = (): boolean => false;

function registerPrompt(tx: Transaction, path: string, who: PersonId): PromptId {
  const prompt = randomId() as PromptId;
  const body = { path, format: formatOf(path) };
  tx.append({ type: 'prompt.registered', who, prompt, refs: {}, body, identity: 'git' });
  return prompt;
}

function revisionDraft(
  context: TrailContext,
  candidate: Candidate,
  prompt: PromptId,
  who: PersonId,
  people: CommitPeople,
): EventDraft {
  const { path, digest, commit } = candidate;
  const size = candidate.bytes.length;
  if (commit === null) {
    const body = { path, size, source: context.options.source };
    return { type: 'revision.saved', who, prompt, refs: { digest }, body, identity: 'git' };
  }
  return observedDraft({ ...{ prompt, path, digest, size }, ...commit }, people, who);
}

function recorded(candidate: Candidate, event: EventId): RecordResult {
  return { path: candidate.path, outcome: 'recorded', digest: candidate.digest, event };
}

function unchanged(path: string, digest: Digest): RecordResult {
  return { path, outcome: 'unchanged', digest, event: null };
}

function notTracked(path: string): PromptAuditError {
  return new PromptAuditError({
    code: 'path.notTracked',
    message: `${path} is not tracked: no "include" glob of the policy matches it.`,
    remedy: 'Add a glob for it to "prompts" in .prompt-audit/policy.jsonc.',
  });
}

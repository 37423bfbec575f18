import type { EventDraft } from '../core/event.js';
import { digestOf } from '../core/hash.js';
import type { Digest, EventId, PersonId, PromptId, WriterId } from '../core/ids.js';
import { isRedacted } from '../core/redaction.js';
import { redactionRefs, redactionSentence } from '../core/redactionRefs.js';
import type { PromptRecord } from '../core/state.js';
import type { CommitInfo } from '../git/history.js';
import type { LedgerTransaction as Transaction } from '../ledger/transaction.js';
import { formatOf } from '../prompts/format.js';
import { promptMatcher } from '../prompts/matcher.js';
import { PromptAuditError } from '../core/errors.js';
import { declareActor, personDrafts } from './actor.js';
import type { RecordResult } from './api.js';
import { randomId, type TrailContext } from './context.js';
import { workingPolicy } from './policySource.js';
import { listFiles, pathInSite, readTexts } from './site.js';

/** One file with bytes that may be new to the ledger. */
interface Candidate {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** The commit that these bytes come from, when HEAD has them: then its author wrote them. */
  readonly commit: CommitInfo | null;
}

/**
 * Records a revision of each given prompt, or of all tracked ones, whose bytes are new
 * (DESIGN.md §3: saves make `revision.saved`; bytes that git's HEAD has were written
 * by their commit's author and make `revision.observed`).
 * Throws the first file's error when paths were named; without paths unreadable files are warned of.
 */
export async function record(
  context: TrailContext,
  paths: readonly string[] | undefined,
): Promise<readonly RecordResult[]> {
  const policy = await workingPolicy(context.site);
  const tracks = promptMatcher(policy);
  const named = paths?.map((path) => pathInSite(context.site, path));
  for (const path of named ?? []) if (!tracks(path)) throw notTracked(path);
  const targets = named ?? (await listFiles(context.site)).filter(tracks);
  const texts = await readTexts(context.site, targets);
  const results: RecordResult[] = [];
  const fresh: Candidate[] = [];
  for (const path of targets) {
    const bytes = texts.get(path);
    if (bytes === undefined) continue;
    if (bytes instanceof Error) {
      if (named) throw bytes;
      context.warn(`${bytes.message} ${bytes.remedy}`);
      continue;
    }
    const candidate = await candidateOf(context, path, bytes);
    if (candidate === null) results.push(unchanged(path, digestOf(bytes)));
    else fresh.push(candidate);
  }
  if (fresh.length > 0) results.push(...(await recordFresh(context, fresh, policy.drafts)));
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
  const bytes = (await readTexts(context.site, [inside])).get(inside);
  if (bytes instanceof Error) throw bytes;
  if (bytes === undefined) return null;
  const candidate = await candidateOf(context, inside, bytes);
  if (candidate === null) return unchanged(inside, digestOf(bytes));
  if (candidate.commit !== null) return null;
  const [result] = await recordFresh(context, [candidate], policy.drafts);
  return result ?? null;
}

/** What to record of a file, or null when the ledger has it already. */
async function candidateOf(
  context: TrailContext,
  path: string,
  bytes: Uint8Array,
): Promise<Candidate | null> {
  const digest = digestOf(bytes);
  const prompt = context.state.promptAt(path);
  if (prompt && isLatest(prompt, digest, null)) return null;
  const head = await context.site.git?.headBlob(path);
  const atHead = head != null && digestOf(head) === digest;
  if (atHead && prompt && context.state.knowsDigest(prompt, digest)) return null;
  const commit = atHead ? ((await context.site.git?.commitOf(path)) ?? null) : null;
  return { path, bytes, digest, commit };
}

/** The prompt's newest revision, or this clone's newest: whose bytes others have moved on from. */
function isLatest(prompt: PromptRecord, digest: Digest, writer: WriterId | null): boolean {
  const own = prompt.revisions.findLast((r) => r.writer === writer);
  return [prompt.revisions.at(-1), own].some((r) => r?.digest === digest);
}

async function recordFresh(
  context: TrailContext,
  candidates: readonly Candidate[],
  drafts: 'local' | 'share',
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
    const results: RecordResult[] = [];
    const authors = new Map<string, PersonId>();
    for (const candidate of candidates) {
      const known = context.state.promptAt(candidate.path);
      if (known && isLatest(known, candidate.digest, tx.writer)) {
        results.push(unchanged(candidate.path, candidate.digest));
        continue;
      }
      const prompt = known?.id ?? registerPrompt(tx, candidate.path, who);
      const event = tx.append(revisionDraft(context, tx, candidate, prompt, who, authors));
      if (drafts === 'share' && !isRedacted(context.state, candidate.digest))
        tx.putContent(candidate.bytes);
      results.push(recorded(candidate, event.id));
    }
    return results;
  });
}

function registerPrompt(tx: Transaction, path: string, who: PersonId): PromptId {
  const prompt = randomId() as PromptId;
  const body = { path, format: formatOf(path) };
  tx.append({ type: 'prompt.registered', who, prompt, refs: {}, body, identity: 'git' });
  return prompt;
}

function revisionDraft(
  context: TrailContext,
  tx: Transaction,
  candidate: Candidate,
  prompt: PromptId,
  who: PersonId,
  authors: Map<string, PersonId>,
): EventDraft {
  const { path, digest, commit } = candidate;
  const size = candidate.bytes.length;
  if (commit === null) {
    const body = { path, size, source: context.options.source };
    return { type: 'revision.saved', who, prompt, refs: { digest }, body, identity: 'git' };
  }
  const key = commit.authorEmail.toLowerCase();
  let author = authors.get(key);
  if (author === undefined) {
    const identity = { name: commit.authorName, email: commit.authorEmail };
    const needed = personDrafts(context.state, identity, who);
    for (const draft of needed.drafts) if (draft.type === 'person.declared') tx.append(draft);
    author = needed.person;
    authors.set(key, author);
  }
  const body = { path, size, commit: commit.commit, authoredAt: commit.authoredAt };
  return {
    type: 'revision.observed',
    who,
    prompt,
    refs: { digest, author },
    body,
    identity: 'git',
  };
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

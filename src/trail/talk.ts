import { PromptAuditError } from '../core/errors.js';
import type { EventDraft } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import { shortHash } from '../core/labels.js';
import { linesOf, type LineRange } from '../core/lineMap.js';
import type { Settlement } from '../core/settledTalk.js';
import type { VersionRecord } from '../core/state.js';
import { newestActs, threadsOf, type TalkThread } from '../core/talk.js';
import { threadRow, type ThreadRow } from '../core/talkRows.js';
import { settlementFor } from '../core/versionRows.js';
import { declareActor } from './actor.js';
import { content } from './content.js';
import type { TrailContext } from './context.js';
import { resolveVersion } from './resolveVersion.js';
import {
  maxCommentBytes,
  type CommentInput,
  type NewComment,
  type ResolveThreadInput,
} from './talkApi.js';

/**
 * Records a comment on a version, or an answer to one; whoever has an identity may, agents too: it is no decision.
 * Throws `comment.invalid`, `comment.unknown`, and what resolving the version and reading its text throw.
 */
export async function comment(context: TrailContext, input: CommentInput): Promise<ThreadRow> {
  const text = checkedText(input.text);
  const { identity } = input;
  const lines = 'thread' in input ? null : await linesMeant(context, input);
  const who = await declareActor(context);
  const first = await context.transact((tx) => {
    const thread = 'thread' in input ? threadOf(context, input.thread) : null;
    const version = thread?.version ?? resolveVersion(context, targetOf(input), forWriting);
    const { id } = tx.append({
      type: 'review.commented',
      who,
      prompt: version.prompt.id,
      refs: { version: version.event.id, thread: thread?.first.event.id ?? null },
      body: { text, line: lines?.line ?? null, endLine: lines?.endLine ?? null },
      identity,
    } satisfies EventDraft);
    return thread?.first.event.id ?? id;
  });
  return rowOf(context, first);
}

/**
 * Records that a thread is resolved, or is open again; what it is already records nothing, unless the word of somebody
 * else may settle what is only resolved. Throws `comment.unknown`.
 */
export async function resolveThread(
  context: TrailContext,
  input: ResolveThreadInput,
): Promise<ThreadRow> {
  const { resolved, identity } = input;
  const note = input.note === undefined ? null : cleaned(input.note) || null;
  if (note !== null) checkedText(note);
  const { first } = threadOf(context, input.thread);
  const who = await declareActor(context);
  await context.transact((tx) => {
    const thread = threadOf(context, first.event.id);
    const isSettled = resolved ? settlementOf(context, thread).isSettled(thread) : false;
    const isSaid = newestActs(context.state, thread.acts).some(
      ({ event }) => event.header.who === who && event.body?.identity === identity,
    );
    if (thread.resolved === resolved && (!resolved || isSettled || isSaid)) return;
    tx.append({
      type: 'review.resolved',
      who,
      prompt: thread.version.prompt.id,
      refs: { thread: first.event.id, resolved },
      body: { note },
      identity,
    });
  });
  return rowOf(context, first.event.id);
}

/** The thread that a comment belongs to. Throws `comment.unknown`. */
export function threadOf({ state }: TrailContext, comment: EventId): TalkThread {
  const seq = state.seqOf(comment);
  const event = seq === undefined ? undefined : state.event(seq);
  const version =
    event?.known === true && event.type === 'review.commented'
      ? state.versions.get(event.header.refs.version)
      : undefined;
  const threads = version === undefined ? [] : threadsOf(state, version);
  const found = threads.find((thread) =>
    [thread.first, ...thread.replies].some((one) => one.event.id === comment),
  );
  if (found !== undefined) return found;
  throw new PromptAuditError({
    code: 'comment.unknown',
    message: `There is no comment ${shortHash(comment)}.`,
    remedy: 'See the comments of a prompt with: prompt-audit comments PATH',
  });
}

/** The lines that a first comment is about; they must be there. */
async function linesMeant(context: TrailContext, input: NewComment): Promise<LineRange | null> {
  const version = resolveVersion(context, targetOf(input), forWriting);
  const { line, endLine = line } = input;
  if (line === undefined || endLine === undefined) return null;
  const count = linesOf(await textOf(context, version)).length;
  if (
    [line, endLine].every(Number.isSafeInteger) &&
    1 <= line &&
    line <= endLine &&
    endLine <= count
  )
    return { line, endLine };
  throw new PromptAuditError({
    code: 'comment.invalid',
    message: `${version.prompt.path} v${version.number} has no lines ${line} to ${endLine}.`,
    remedy: `It has ${count} ${count === 1 ? 'line' : 'lines'}, counted from 1.`,
  });
}

/** The text of a version. Throws `content.missing`, `content.redacted`. */
export async function textOf(context: TrailContext, version: VersionRecord): Promise<string> {
  return new TextDecoder().decode(await content(context, version.event.header.refs.digest));
}

const forWriting = { forWriting: true } as const;

function targetOf(input: CommentInput): string {
  return 'target' in input ? input.target : '';
}

function rowOf(context: TrailContext, id: EventId): ThreadRow {
  const thread = threadOf(context, id);
  return threadRow({ ...context.view, settlement: settlementOf(context, thread) }, thread);
}

/** For the newest version whose proposer had seen that of the thread: it is the one that waits. */
function settlementOf({ view, state }: TrailContext, { version }: TalkThread): Settlement {
  const newest = version.prompt.versions.findLast(({ seq }) =>
    state.causality.isAncestor(version.seq, seq),
  );
  return settlementFor(view, newest ?? version);
}

function checkedText(given: string): string {
  const text = cleaned(given);
  const size = Buffer.byteLength(text, 'utf8');
  if (text !== '' && size <= maxCommentBytes) return text;
  throw new PromptAuditError({
    code: 'comment.invalid',
    message:
      text === ''
        ? 'A comment needs a text.'
        : `The comment has ${Math.ceil(size / 1024)} KB; it may have ${maxCommentBytes / 1024}.`,
    remedy: text === '' ? 'Say what you want to say.' : 'Put long texts into a file, and name it.',
  });
}

/** Without space around it, and without what no event can hold. */
function cleaned(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').trim();
}

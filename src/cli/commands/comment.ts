import { PromptAuditError } from '../../core/errors.js';
import type { IdentityAssertion } from '../../core/event.js';
import type { EventId } from '../../core/ids.js';
import type { LineRange } from '../../core/lineMap.js';
import type { ThreadRow } from '../../core/talkRows.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { linesText, notSettledText } from '../commentText.js';
import { eventNamed, fewestDigits, isIdStart } from '../eventNamed.js';
import { printable } from '../printable.js';
import { pathContext, targetOf } from '../target.js';
import { usageError } from '../usageError.js';
import { shortDigest } from '../words.js';

const acts = ['reply', 'resolve', 'reopen'] as const;
type Act = (typeof acts)[number];

export const comment: Command = {
  name: 'comment',
  summary: 'Comment on a version or on lines of it, answer, or resolve a comment.',
  usage: 'PATH[@vN] -m TEXT [--line N[-M]] | --reply|--resolve|--reopen ID [-m TEXT]',
  details: [
    'Comments stay in the trail: nobody can change or delete them, only redact them. Anybody may comment,',
    `agents and scripts too. ID is the beginning of the id of a comment, at least ${fewestDigits} digits, as "comments"`,
    'prints it. Where the policy wants comments settled, neither a contributor to the version nor an agent settles',
    'what somebody else said: the answer tells when a resolution does not count.',
  ],
  options: {
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'What you say; at most 64 KB.' },
    line: { type: 'string', value: 'N[-M]', help: "Lines of the version's text, from 1." },
    reply: { type: 'string', value: 'ID', help: 'Answer this comment.' },
    resolve: { type: 'string', value: 'ID', help: 'The talk that begins with it is settled.' },
    reopen: { type: 'string', value: 'ID', help: 'It is not.' },
  },
  examples: [
    {
      line: 'comment prompts/triage.prompt.md@v3 --line 12-14 -m "Which allergies?"',
      does: 'asks about three lines',
    },
    { line: 'comment --resolve 3f9c21d -m "Named in v4"', does: 'settles it' },
  ],
  positionals: [0, 1],
  writes: true,
  async run(invocation) {
    const given = acts.filter((act) => invocation.text(act) !== undefined);
    const [act] = given;
    if (given.length > 1) throw usageError(`comment takes --${given.join(' or --')}.`, usage);
    const trail = await invocation.trail();
    const thread =
      act === undefined ? await newThread(invocation, trail) : await actOn(invocation, trail, act);
    await print(invocation, {
      query: {
        command: 'comment',
        act: act ?? 'comment',
        path: thread.path,
        version: thread.label,
      },
      ledger: await trail.point(),
      rows: [thread],
      human: () => `${printable(doneText(thread, act))}\n`,
    });
    return 0;
  },
};

async function newThread(invocation: Invocation, trail: Trail): Promise<ThreadRow> {
  const [argument] = invocation.positionals;
  if (argument === undefined) throw usageError('comment needs PATH.', usage);
  const text = said(invocation);
  const lines = linesOption(invocation.text('line'));
  const { name } = await targetOf(argument, pathContext(invocation, trail), trail);
  return await trail.comment({ target: name, text, ...lines, identity: identityOf(invocation) });
}

async function actOn(invocation: Invocation, trail: Trail, act: Act): Promise<ThreadRow> {
  if (invocation.text('line') !== undefined)
    throw usageError(`comment --${act} takes no --line.`, usage);
  const text = act === 'reply' ? said(invocation) : invocation.text('message');
  const id = invocation.text(act) ?? '';
  if (id === '') throw usageError(`comment --${act} needs the ID of a comment.`, usage);
  const thread = await commentNamed(invocation, trail, id);
  const identity = identityOf(invocation);
  if (act === 'reply') return await trail.comment({ thread, text: text ?? '', identity });
  const note = text === undefined ? {} : { note: text };
  return await trail.resolveThread({ thread, resolved: act === 'resolve', ...note, identity });
}

/** Where a path is named as well, the comment must be one on that prompt. */
async function commentNamed(invocation: Invocation, trail: Trail, id: string): Promise<EventId> {
  if (!isIdStart(id))
    throw unknown(`"${id}" is no id of a comment: it takes at least ${fewestDigits} hex digits.`);
  const found = await eventNamed(id, trail);
  if (found?.row.type !== 'review.commented') throw unknown(`There is no comment ${id}.`);
  const [argument] = invocation.positionals;
  if (argument !== undefined) {
    const { name, path } = await targetOf(argument, pathContext(invocation, trail), trail);
    const { prompt } = await trail.version(name);
    if (found.row.prompt !== prompt) throw unknown(`${id} is no comment on ${path}.`);
  }
  return found.row.id;
}

function said(invocation: Invocation): string {
  const text = invocation.text('message');
  if (text === undefined) throw usageError('comment needs a text.', 'Give it with -m TEXT.');
  return text;
}

function linesOption(given: string | undefined): Partial<LineRange> {
  if (given === undefined) return {};
  const match = /^([1-9]\d{0,7})(?:-([1-9]\d{0,7}))?$/.exec(given);
  const line = Number(match?.[1]);
  const endLine = Number(match?.[2] ?? match?.[1]);
  if (match !== null && line <= endLine) return { line, endLine };
  throw usageError(`--line "${given}" names no lines.`, 'Give a number such as 12, or 12-14.');
}

/** Nobody is asked, so a script's words are not taken for those of somebody at a terminal. */
function identityOf({ terminal }: Invocation): IdentityAssertion {
  return terminal.canAsk ? 'git' : 'unattended';
}

function doneText(thread: ThreadRow, act: Act | undefined): string {
  const what = `${linesText(thread)} of ${thread.path}`;
  const id = shortDigest(thread.id);
  if (act === undefined) return `Commented on ${what} (${id}).`;
  if (act === 'reply') return `Answered the comment ${id} on ${what}.`;
  const done = `The comment ${id} on ${what} is ${thread.resolved ? 'resolved' : 'open'}`;
  const not = notSettledText(thread);
  return not === null ? `${done}.` : `${done}, but that does not count: it was ${not}.`;
}

function unknown(message: string): PromptAuditError {
  return new PromptAuditError({
    code: 'comment.unknown',
    message,
    remedy: 'See the comments of a prompt with: prompt-audit comments PATH',
  });
}

const usage =
  'Usage: prompt-audit comment PATH[@vN] -m TEXT [--line N[-M]] | --reply|--resolve|--reopen ID [-m TEXT]';

import { commands, env, l10n, window, type CommentReply, type CommentThread } from 'vscode';
import type { EventId } from '../../core/ids.js';
import type { LineRange } from '../../core/lineMap.js';
import { versionUri } from '../review/diff.js';
import { ShownComment } from '../talk/shownComment.js';
import { linesWords } from '../talk/threadWords.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText } from '../ui/quickInput.js';
import { promptName } from '../ui/words.js';
import { showError } from '../notices/showError.js';
import type { CommandContext, CommandHandler } from './context.js';
import { EventArgument } from './eventArgument.js';
import { versionTarget, type VersionTarget } from './targets.js';

/** The button of a thread that somebody began on lines of a version. */
export const addComment: CommandHandler = async (context, argument) => {
  if (!isReply(argument)) {
    return;
  }
  const { thread, text } = argument;
  const begun = context.talk.begunOn(thread);
  if (begun === null || text.trim() === '') {
    return;
  }
  const { session, version, range } = begun;
  const lines = range && linesOf(range.start.line, range.end.line);
  await kept(context, text, async () => {
    const record = () => comment(session, version, text, lines);
    await context.talk.say(session, record, thread);
  });
};

export const replyToComment: CommandHandler = async (context, argument) => {
  if (!isReply(argument) || argument.text.trim() === '') {
    return;
  }
  const { thread, text } = argument;
  const found = context.talk.inTrail(thread);
  if (found === null) {
    return;
  }
  await kept(context, text, async () => {
    await context.talk.say(found.session, () =>
      recordIn(found.session, (trail) =>
        trail.comment({ thread: found.thread, text, identity: 'git' }),
      ),
    );
  });
};

export const resolveComment: CommandHandler = async (context, argument) => {
  await settle(context, argument, true);
};

export const reopenComment: CommandHandler = async (context, argument) => {
  await settle(context, argument, false);
};

/** What was typed beside the button says why. */
async function settle(
  context: CommandContext,
  argument: unknown,
  resolved: boolean,
): Promise<void> {
  const reply = isReply(argument) ? argument : { thread: argument as CommentThread, text: '' };
  const found = context.talk.inTrail(reply.thread);
  if (found === null) {
    return;
  }
  const { session, thread } = found;
  const note = reply.text.trim() === '' ? {} : { note: reply.text };
  await kept(context, reply.text, async () => {
    await context.talk.say(session, () =>
      recordIn(session, (trail) =>
        trail.resolveThread({ thread, resolved, ...note, identity: 'git' }),
      ),
    );
  });
}

export const redactComment: CommandHandler = async (_, argument) => {
  if (argument instanceof ShownComment) {
    const event = new EventArgument(argument.session, argument.event);
    await commands.executeCommand('promptAudit.redact', event);
  }
};

/** By the palette: on the lines that are selected in a version's editor, else on the whole version. */
export const commentOnVersion: CommandHandler = async (context, argument) => {
  const title = l10n.t('Comment on Version');
  const target = await versionTarget(context.sessions, argument, title);
  if (!target) {
    return;
  }
  const { session, version } = target;
  const lines = argument === undefined ? selectedLines(target) : undefined;
  const name = `${promptName(version.path)} ${version.label}`;
  const text = await askText({
    title: lines === undefined ? name : `${name}, ${linesWords(lines)}`,
    prompt: l10n.t('Kept in the trail: it cannot be edited or deleted'),
    placeholder: l10n.t('Comment'),
    missing: l10n.t('A comment needs a text.'),
  });
  if (typeof text !== 'string') {
    return;
  }
  await kept(context, text, async () => {
    await context.talk.say(session, () => comment(session, version.id, text, lines));
    sayDone(l10n.t('Commented on {0}', name));
  });
};

async function comment(
  session: VersionTarget['session'],
  target: EventId,
  text: string,
  lines: LineRange | undefined,
) {
  return await recordIn(session, (trail) =>
    trail.comment({ target, text, ...lines, identity: 'git' }),
  );
}

function selectedLines({ session, version }: VersionTarget): LineRange | undefined {
  const editor = window.activeTextEditor;
  const isThis = editor?.document.uri.toString() === versionUri(session, version).toString();
  if (!editor || !isThis || editor.selection.isEmpty) {
    return undefined;
  }
  const { start, end } = editor.selection;
  // A line that is selected whole ends before the first letter of the next one.
  return linesOf(start.line, end.character === 0 ? end.line - 1 : end.line);
}

const linesOf = (first: number, last: number): LineRange => ({
  line: first + 1,
  endLine: Math.max(first, last) + 1,
});

/** Runs an act whose text the editor throws away in any case; where it fails, the text can be had back. */
async function kept(
  { log }: CommandContext,
  text: string,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    showError(log, 'comment', error);
    if (text.trim() === '') {
      return;
    }
    const copy = l10n.t('Copy Text');
    const answer = await window.showWarningMessage(l10n.t('The comment was not recorded.'), copy);
    if (answer === copy) {
      await env.clipboard.writeText(text);
    }
  }
}

function isReply(value: unknown): value is CommentReply {
  return typeof value === 'object' && value !== null && 'thread' in value && 'text' in value;
}

import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { RedactReport } from '../../trail/redactApi.js';
import { chooseTarget } from '../redact/choose.js';
import { redactionWords } from '../redact/redactionWords.js';
import { confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText } from '../ui/quickInput.js';
import type { CommandHandler } from './context.js';

/** Lines that a modal dialogue can show. */
const mostLines = 12;

export const redact: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Redact');
  const chosen = await chooseTarget(sessions, argument, title);
  if (chosen === undefined) {
    return;
  }
  const { session, what } = chosen;
  const reason = await askText({
    title,
    prompt: l10n.t(
      'Why is it removed? The reason stays in the trail, so it must not repeat what goes.',
    ),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('A redaction needs a reason.'),
  });
  if (typeof reason !== 'string') {
    return;
  }
  const input = { ...what, reason, identity: 'git' } as const;
  const preview = await session.requireTrail().redact({ ...input, dryRun: true });
  assertNew(preview);
  const button = l10n.t('Remove for Good');
  const message = l10n.t('Remove {0} for good?', listOf(preview));
  if (!(await confirmWarning({ message, detail: detailOf(preview), button }))) {
    return;
  }
  const report = await recordIn(session, (trail) => trail.redact(input));
  sayDone(l10n.t('Removed {0}', listOf(report)));
};

/** What was redacted before needs no second redaction. */
function assertNew({ items }: RedactReport): void {
  const [first] = items;
  if (first === undefined || items.some((item) => item.before === null)) {
    return;
  }
  throw new PromptAuditError({
    code: 'redaction.target',
    message: first.before === null ? '' : `${redactionWords(first.before)}.`,
    remedy: l10n.t('There is nothing left to remove.'),
  });
}

function listOf({ items }: RedactReport): string {
  return items
    .map(({ what, path }) => (path === null ? what : l10n.t('{0} of {1}', what, path)))
    .join(', ');
}

function detailOf({ stays, mentions }: RedactReport): string {
  const named = mentions.map(({ seq, what }) => `#${seq} ${what}`);
  const lines = [...named, ...stays].slice(0, mostLines).map((text) => `• ${text}`);
  const gone = l10n.t(
    'It is erased here now, and in every other clone when that syncs. It cannot be brought back. The trail says that you removed it, and why.',
  );
  return [gone, '', l10n.t('What stays:'), ...lines].join('\n');
}

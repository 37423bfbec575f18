import { redactionText } from '../core/redactionRefs.js';
import { reasonText } from '../core/reasons.js';
import type { RedactionRef } from '../core/rows.js';
import type { PurgeReport, RedactReport, RedactedItem } from '../trail/redactApi.js';
import { printable } from './printable.js';
import { shortDigest } from './words.js';

/** What was or would be removed, and what stays, for people. */
export function redactReportText(report: RedactReport): string {
  const { items, dryRun, stays, mentions, reasons } = report;
  const fresh = items.filter((item) => item.before === null);
  const known = items.filter((item) => item.before !== null);
  const verb = dryRun ? 'Would remove' : 'Removed';
  return [
    ...fresh.map((item) => `${verb} ${itemText(item)}.`),
    ...known.map((item) => `Already ${redactionText(item.before!)}: ${itemText(item)}.`),
    ...(reasons.length === 0
      ? []
      : [`The policy refuses it: ${reasons.map(reasonText).join('; ')}.`]),
    ...(mentions.length === 0 ? [] : ['Still named in:']),
    ...mentions.map(
      ({ event, seq, part, what, path }) =>
        `  ${shortDigest(event)} #${seq} ${what}${path === null ? '' : ` (${path})`}${part === 'content' ? ', in its text' : ''}`,
    ),
    'What stays:',
    ...stays.map((line) => `  - ${line}`),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** What was redacted of a row, by whom, when and why; empty where nothing was. */
export function redactedTexts(row: { readonly redactions?: readonly RedactionRef[] }): string[] {
  return (row.redactions ?? []).map(
    (one) => `${one.part === 'content' ? 'text' : 'details'} ${redactionText(one)}`,
  );
}

/** `the text of v3 of prompts/triage.prompt.md (3f9c21d)`. */
export function itemText({ what, path, target }: RedactedItem): string {
  return `${what}${path === null ? '' : ` of ${path}`} (${shortDigest(target)})`;
}

/** What was purged and what to do elsewhere, for people. */
export function purgeReportText(report: PurgeReport): string {
  const { commits, commit, remote, pruned, commands, stays } = report;
  const where = remote === null ? '' : ` on ${remote} and here`;
  const place = pruned ? 'In every other clone' : 'Here and in every other clone';
  return [
    `Replaced ${commits} commits of the ledger branch${where} by one (${shortDigest(commit)}). Every event is still there.`,
    `${place}, after a sync, run:`,
    ...commands.map((command) => `  ${command}`),
    'What stays:',
    ...stays.map((line) => `  - ${line}`),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { QuestionEntry } from '../../core/questions/question.js';
import { pickOne, type Answer, type PickEntry } from '../ui/quickInput.js';

/** What people ask most, in this order. */
const common: readonly string[] = [
  'baseline',
  'active',
  'pending',
  'exceptions.deployments',
  'trail',
  'actions',
  'exceptions.break-glass',
  'exceptions.self-approval',
  'rollbacks',
];

/** Lets the person choose a question; the common ones stand first. */
export async function pickQuestion(
  entries: readonly QuestionEntry[],
  title: string,
): Promise<Answer<QuestionEntry>> {
  const first = common.flatMap((kind) => entries.filter((entry) => entry.kind === kind));
  const rest = entries.filter(({ kind }) => !common.includes(kind));
  return await pickOne<QuestionEntry>({
    title,
    placeholder: l10n.t('What do you want to know?'),
    items: [
      ...(first.length === 0 ? [] : [separator(l10n.t('Often asked'))]),
      ...first.map(item),
      ...(rest.length === 0 ? [] : [separator(l10n.t('More questions'))]),
      ...rest.map(item),
    ],
  });
}

function item(entry: QuestionEntry): PickEntry<QuestionEntry> {
  return {
    label: questionTitle(entry),
    ...(entry.number === null ? {} : { description: entry.number }),
    value: entry,
  };
}

/** A question in the user's language, where the bundle has it, else in English. */
export function questionTitle({ title }: QuestionEntry): string {
  return l10n.t(title);
}

function separator(label: string): QuickPickItem {
  return { label, kind: QuickPickItemKind.Separator };
}

import { env, l10n, window } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import { askText, pickOne, type PickEntry } from '../ui/quickInput.js';

/** What is to be identified. */
export type Asked = { readonly text: string } | { readonly digest: string };

/** The selection in the editor, else what the person chooses; undefined where they left. */
export async function chooseText(title: string): Promise<Asked | undefined> {
  const editor = window.activeTextEditor;
  if (editor !== undefined && !editor.selection.isEmpty) {
    return { text: editor.document.getText(editor.selection) };
  }
  const copied = await env.clipboard.readText();
  const items: PickEntry<'clipboard' | 'file' | 'digest'>[] = [
    ...(copied.trim() === ''
      ? []
      : [
          {
            label: l10n.t('The clipboard'),
            detail: firstLine(copied),
            value: 'clipboard' as const,
          },
        ]),
    ...(editor === undefined
      ? []
      : [{ label: l10n.t('The whole file in the editor'), value: 'file' as const }]),
    { label: l10n.t('A digest…'), value: 'digest' },
  ];
  const placeholder = l10n.t('Nothing is selected. What is to be identified?');
  const source = await pickOne<'clipboard' | 'file' | 'digest'>({ title, placeholder, items });
  switch (source) {
    case 'clipboard':
      return { text: copied };
    case 'file':
      return { text: editor?.document.getText() ?? '' };
    case 'digest':
      return await askDigest(title);
    default:
      return undefined;
  }
}

async function askDigest(title: string): Promise<Asked | undefined> {
  const prompt = l10n.t('sha256: and its hex digits, or the first 7 of them');
  const digest = await askText({ title, prompt, missing: l10n.t('This needs a digest.') });
  if (typeof digest !== 'string') {
    return undefined;
  }
  if (!/^(?:sha256:)?[0-9a-fA-F]{7,64}$/.test(digest)) {
    throw new PromptAuditError({
      code: 'usage',
      message: l10n.t('{0} is no digest.', digest),
      remedy: l10n.t('Give at least 7 hex digits.'),
    });
  }
  return { digest: digest.toLowerCase() };
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

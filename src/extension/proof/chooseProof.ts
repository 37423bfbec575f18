import { env, l10n, Uri, window, workspace } from 'vscode';
import { looksLikeConsistencyProof } from '../../core/consistencyProof.js';
import { PromptAuditError } from '../../core/errors.js';
import { looksLikeTlogProof, maxProofBytes } from '../../core/tlogProof.js';
import { pickOne, type PickEntry } from '../ui/quickInput.js';

type Source = () => Promise<string | undefined>;

/** The text of a proof: of the file that was clicked, an open editor, the clipboard or a file; undefined when the person left. */
export async function chooseProof(argument: unknown, title: string): Promise<string | undefined> {
  if (argument instanceof Uri) {
    return await readProof(argument);
  }
  const items: PickEntry<Source>[] = [];
  for (const { document } of window.visibleTextEditors) {
    const text = document.getText();
    if (looksLikeProof(text)) {
      const name = workspace.asRelativePath(document.uri);
      items.push({
        label: l10n.t('The open editor'),
        description: name,
        value: () => Promise.resolve(text),
      });
    }
  }
  const copied = await env.clipboard.readText();
  if (looksLikeProof(copied)) {
    items.push({ label: l10n.t('The clipboard'), value: () => Promise.resolve(copied) });
  }
  if (items.length === 0) {
    return await openFile(title);
  }
  items.push({ label: l10n.t('A file…'), value: () => openFile(title) });
  const chosen = await pickOne<Source>({
    title,
    placeholder: l10n.t('Which proof is to be checked?'),
    items,
  });
  return typeof chosen === 'function' ? await chosen() : undefined;
}

async function openFile(title: string): Promise<string | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title,
      openLabel: l10n.t('Check'),
      filters: {
        [l10n.t('Proofs')]: ['tlog-proof', 'tlog-consistency'],
        [l10n.t('All files')]: ['*'],
      },
    })) ?? [];
  return file && (await readProof(file));
}

async function readProof(file: Uri): Promise<string> {
  const { size } = await workspace.fs.stat(file);
  if (size > maxProofBytes) {
    throw new PromptAuditError({
      code: 'proof.invalid',
      message: l10n.t('{0} is too large for a proof.', workspace.asRelativePath(file)),
      remedy: l10n.t('Choose the file that was written as a proof.'),
    });
  }
  return Buffer.from(await workspace.fs.readFile(file)).toString('utf8');
}

const looksLikeProof = (text: string): boolean =>
  looksLikeTlogProof(text) || looksLikeConsistencyProof(text);

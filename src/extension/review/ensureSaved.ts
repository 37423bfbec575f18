import { l10n, workspace } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { PromptTarget } from '../commands/targets.js';
import { confirm } from '../ui/confirm.js';

/** Asks to save a prompt with unsaved changes; false when the person would rather not. */
export async function ensureSaved(
  { session, path }: PromptTarget,
  button: string,
): Promise<boolean> {
  const uri = session.location.uriOf(path).toString();
  const document = workspace.textDocuments.find((open) => open.uri.toString() === uri);
  if (!document?.isDirty) {
    return true;
  }
  const agreed = await confirm({
    message: l10n.t('{0} has unsaved changes.', path),
    detail: l10n.t('Only what is saved can be recorded.'),
    button,
  });
  if (agreed && !(await document.save())) {
    throw new PromptAuditError({
      code: 'disk.failed',
      message: l10n.t('{0} could not be saved.', path),
      remedy: l10n.t('Save it, or resolve what the editor says about it, and try again.'),
    });
  }
  return agreed;
}

import { l10n, window } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import type { VersionRow } from '../../core/rows.js';
import type { DeployInput } from '../../trail/deployApi.js';
import type { TrailSession } from '../session/trailSession.js';
import { askText } from '../ui/quickInput.js';
import { deploymentReasonWords } from '../ui/reasonWords.js';
import { promptName } from '../ui/words.js';

/** What somebody does whose deployment was refused. */
export type WayOut =
  | { readonly kind: 'breakGlass'; readonly reason: string }
  /** To deploy the same version where it has to have been before. */
  | { readonly kind: 'before'; readonly env: string };

/**
 * Offers the ways out that the policy has for a deployment that it refused; undefined where the person takes none.
 * Throws `error` where there is none.
 */
export async function offerWayOut(
  session: TrailSession,
  version: VersionRow,
  { env }: Pick<DeployInput, 'env'>,
  error: unknown,
): Promise<WayOut | undefined> {
  if (!isPromptAuditError(error, 'deployment.refused')) {
    throw error;
  }
  const { state } = session;
  const environments = (state.kind === 'ready' && state.policy?.environments) || [];
  const rule = environments.find(({ name }) => name === env);
  const before = error.reasons.includes('deployment.notPromoted') ? (rule?.after ?? null) : null;
  const mayBreak = rule !== undefined && rule.breakGlass !== null;
  if (before === null && !mayBreak) {
    throw error;
  }
  const breakGlass = l10n.t('Break Glass…');
  const promote = before === null ? null : l10n.t('Deploy to {0}…', before);
  const answer = await window.showWarningMessage(
    l10n.t('{0} is refused in {1}', `${promptName(version.path)} ${version.label}`, env),
    { modal: true, detail: explanation(error.reasons, before, mayBreak) },
    ...[promote, mayBreak ? breakGlass : null].filter((button) => button !== null),
  );
  if (before !== null && answer === promote) {
    return { kind: 'before', env: before };
  }
  return answer === breakGlass ? await askReason() : undefined;
}

function explanation(reasons: readonly string[], before: string | null, mayBreak: boolean): string {
  return [
    reasons.map((code) => `• ${deploymentReasonWords(code)}`).join('\n'),
    ...(before === null ? [] : [l10n.t('The policy asks for a deployment to {0} first.', before)]),
    ...(mayBreak
      ? [
          l10n.t(
            'The policy allows an emergency deployment here. It stands out in the trail for ever.',
          ),
        ]
      : []),
  ].join('\n\n');
}

async function askReason(): Promise<WayOut | undefined> {
  const reason = await askText({
    title: l10n.t('Break Glass'),
    prompt: l10n.t('Why can this not wait for what the policy asks?'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('An emergency deployment needs a reason.'),
  });
  return typeof reason === 'string' ? { kind: 'breakGlass', reason } : undefined;
}

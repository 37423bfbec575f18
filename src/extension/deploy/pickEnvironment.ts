import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import type { goBack } from '../ui/quickInput.js';
import { pickOne, type StepFrame } from '../ui/quickInput.js';
import { deploymentReasonWords } from '../ui/reasonWords.js';
import { promptName } from '../ui/words.js';

export interface ChosenEnvironment {
  readonly name: string;
  /** Why the policy refuses the version there now; empty when it may go. */
  readonly reasons: readonly string[];
}

/** Asks for an environment of the policy; shows what is active there and what stands against it. */
export async function pickEnvironment(
  session: TrailSession,
  version: VersionRow,
  frame: StepFrame,
): Promise<ChosenEnvironment | typeof goBack | undefined> {
  const { state } = session;
  if (state.kind !== 'ready' || state.policy === null) {
    throw state.kind === 'ready' && state.policyError !== null ? state.policyError : noPolicy();
  }
  const { active } = state.status;
  const trail = session.requireTrail();
  const environments = await Promise.all(
    state.policy.environments.map(async ({ name }) => ({
      name,
      reasons: await trail.deploymentReasons(version.id, name),
    })),
  );
  return await pickOne<ChosenEnvironment>({
    ...frame,
    placeholder: l10n.t(
      'In which environment did {0} go live?',
      `${promptName(version.path)} ${version.label}`,
    ),
    items: environments.map((environment) => {
      const now = active.find((row) => row.env === environment.name && row.path === version.path);
      return {
        label:
          environment.reasons.length === 0
            ? environment.name
            : `$(circle-slash) ${environment.name}`,
        description: now ? l10n.t('active: {0}', now.version) : l10n.t('nothing deployed'),
        ...(environment.reasons.length === 0
          ? {}
          : {
              detail: l10n.t(
                'Refused: {0}',
                environment.reasons.map(deploymentReasonWords).join('; '),
              ),
            }),
        value: environment,
      };
    }),
  });
}

function noPolicy(): PromptAuditError {
  return new PromptAuditError({
    code: 'policy.missing',
    message: l10n.t('There is no policy that names environments.'),
    remedy: l10n.t('Run "Prompt Audit: Open Policy" and add them.'),
  });
}

import { l10n } from 'vscode';
import type { DeployInput } from '../../trail/api.js';
import { isPromptAuditError } from '../../core/errors.js';
import type { VersionRow } from '../../core/rows.js';
import { pickEnvironment } from '../deploy/pickEnvironment.js';
import { splitNote } from '../deploy/splitNote.js';
import { actingPerson } from '../review/actingPerson.js';
import type { TrailSession } from '../session/trailSession.js';
import { confirm, confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, goBack, pickOne, runSteps } from '../ui/quickInput.js';
import { deploymentReasonWords } from '../ui/reasonWords.js';
import { promptName, personText, shortDigest } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { givenVersion, mostVersions, promptTarget, versionEntry } from './targets.js';

export const recordDeployment: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Record Deployment');
  const given = await givenVersion(sessions, argument);
  const prompt = given
    ? { session: given.session, path: given.version.path }
    : await promptTarget(sessions, argument, title);
  if (!prompt) {
    return;
  }
  const { session, path } = prompt;
  let version = given?.version ?? null;
  let env: string | null = null;
  let refused: readonly string[] = [];
  let note = '';
  const first = version === null ? 1 : 0;
  const steps = [
    async () => {
      const answer = await pickDeployable(session, path, title);
      version = typeof answer === 'object' ? answer : null;
      return answer;
    },
    async () => {
      if (version === null) {
        return goBack;
      }
      const frame = { title, step: first + 1, totalSteps: first + 2, canGoBack: first > 0 };
      const answer = await pickEnvironment(session, version, frame);
      if (typeof answer === 'object') {
        env = answer.name;
        refused = answer.reasons;
      }
      return answer;
    },
    async () => {
      // What will be refused needs no note: nothing is deployed.
      if (refused.length > 0) {
        return true;
      }
      const frame = { title, step: first + 2, totalSteps: first + 2, canGoBack: true };
      const answer = await askNote(frame, note);
      note = typeof answer === 'string' ? answer : note;
      return answer;
    },
  ];
  if (!(await runSteps(steps.slice(1 - first))) || version === null || env === null) {
    return;
  }
  const input = { target: version.id, env, identity: 'git', ...splitNote(note) } as const;
  if (refused.length > 0) {
    await deployRefused(session, version, input);
  } else if (await confirmDeployment(session, version, env)) {
    await record(session, input);
  }
};

async function pickDeployable(
  session: TrailSession,
  path: string,
  title: string,
): Promise<VersionRow | typeof goBack | undefined> {
  const newest = await session.requireTrail().versions(path, mostVersions);
  const versions = [...newest].sort(
    (a, b) =>
      Number(b.state === 'approved') - Number(a.state === 'approved') || b.number - a.number,
  );
  return await pickOne<VersionRow>({
    title,
    step: 1,
    totalSteps: 3,
    placeholder:
      versions.length === 0
        ? l10n.t('{0} has no version yet: propose one first', promptName(path))
        : l10n.t('Which version of {0}?', promptName(path)),
    items: versions.map(versionEntry),
  });
}

async function askNote(
  frame: { title: string; step: number; totalSteps: number; canGoBack: boolean },
  value: string,
): Promise<string | typeof goBack | undefined> {
  return await askText({
    ...frame,
    value,
    prompt: l10n.t('Note, with the address of the ticket or pipeline run if there is one.'),
    placeholder: l10n.t('Note or address (optional)'),
  });
}

async function confirmDeployment(
  session: TrailSession,
  version: VersionRow,
  env: string,
): Promise<boolean> {
  const person = personText(await actingPerson(session));
  const name = `${promptName(version.path)} ${version.label}`;
  return await confirm({
    message: l10n.t('Record that {0} is now active in {1}?', name, env),
    detail: [
      `${version.path} ${version.label} (${shortDigest(version.digest)}…)`,
      l10n.t('Deployed by {0}', person),
      l10n.t('This is recorded permanently.'),
    ].join('\n\n'),
    button: l10n.t('Record Deployment'),
  });
}

/** Lets the policy refuse, so that the attempt is recorded, and offers the way out that it has. */
async function deployRefused(
  session: TrailSession,
  version: VersionRow,
  input: DeployInput,
): Promise<void> {
  try {
    await record(session, input);
  } catch (error) {
    if (!isPromptAuditError(error, 'deployment.refused')) {
      throw error;
    }
    const { state } = session;
    const rule =
      state.kind === 'ready' && state.policy?.environments.find(({ name }) => name === input.env);
    if (!rule || !rule.breakGlass) {
      throw error;
    }
    const agreed = await confirmWarning({
      message: l10n.t(
        '{0} is refused in {1}',
        `${promptName(version.path)} ${version.label}`,
        input.env,
      ),
      detail: [
        error.reasons.map(deploymentReasonWords).join('\n'),
        l10n.t(
          'The policy allows an emergency deployment here. It stands out in the trail for ever.',
        ),
      ].join('\n\n'),
      button: l10n.t('Break Glass…'),
    });
    if (agreed) {
      await deployByBreakGlass(session, input);
    }
  }
}

async function deployByBreakGlass(session: TrailSession, input: DeployInput): Promise<void> {
  const reason = await askText({
    title: l10n.t('Break Glass'),
    prompt: l10n.t('Why can this not wait for what the policy asks?'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('An emergency deployment needs a reason.'),
  });
  if (typeof reason === 'string') {
    await record(session, { ...input, breakGlass: reason });
  }
}

async function record(session: TrailSession, input: DeployInput): Promise<void> {
  const row = await recordIn(session, (trail) => trail.deploy(input));
  sayDone(l10n.t('{0} {1} is active in {2}', promptName(row.path), row.version, row.env));
}

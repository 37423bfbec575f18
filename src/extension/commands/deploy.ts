import { l10n } from 'vscode';
import type { DeployInput } from '../../trail/deployApi.js';
import type { VersionRow } from '../../core/rows.js';
import { askNote, nothingSaid, saidInput, saidLines, type Said } from '../deploy/askNote.js';
import { pickEnvironment } from '../deploy/pickEnvironment.js';
import { offerWayOut } from '../deploy/refused.js';
import { actingPerson } from '../review/actingPerson.js';
import type { TrailSession } from '../session/trailSession.js';
import { confirm } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { goBack, pickOne, runSteps } from '../ui/quickInput.js';
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
  let said = nothingSaid;
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
      const answer = await askNote(frame, said);
      said = typeof answer === 'object' ? answer : said;
      return answer;
    },
  ];
  if (!(await runSteps(steps.slice(1 - first))) || version === null || env === null) {
    return;
  }
  await deployVersion(session, version, { env, said, isRefused: refused.length > 0 });
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

interface Wanted {
  readonly env: string;
  readonly said: Said;
  /** What the policy refuses is tried all the same, so that the attempt is recorded. */
  readonly isRefused: boolean;
}

async function deployVersion(
  session: TrailSession,
  version: VersionRow,
  wanted: Wanted,
): Promise<void> {
  const { env, said } = wanted;
  const input = { target: version.id, env, identity: 'git', ...saidInput(said) } as const;
  if (!wanted.isRefused) {
    if (await confirmDeployment(session, version, wanted)) {
      await record(session, input);
    }
    return;
  }
  try {
    await record(session, input);
  } catch (error) {
    const out = await offerWayOut(session, version, input, error);
    if (out?.kind === 'breakGlass') {
      await record(session, { ...input, breakGlass: out.reason });
    } else if (out?.kind === 'before') {
      await deployBefore(session, version, out.env);
    }
  }
}

/** The same version, to the environment where it has to have been before. */
async function deployBefore(
  session: TrailSession,
  version: VersionRow,
  env: string,
): Promise<void> {
  const reasons = await session.requireTrail().deploymentReasons(version.id, env);
  const isRefused = reasons.length > 0;
  const title = l10n.t('Record Deployment');
  const said = isRefused ? nothingSaid : await askNote({ title }, nothingSaid);
  if (typeof said === 'object') {
    await deployVersion(session, version, { env, said, isRefused });
  }
}

async function confirmDeployment(
  session: TrailSession,
  version: VersionRow,
  { env, said }: Wanted,
): Promise<boolean> {
  const person = personText(await actingPerson(session));
  const name = `${promptName(version.path)} ${version.label}`;
  const { state } = session;
  const environments = (state.kind === 'ready' && state.policy?.environments) || [];
  const after = environments.find((rule) => rule.name === env)?.after ?? null;
  return await confirm({
    message:
      said.details.outcome === 'failed'
        ? l10n.t('Record that the deployment of {0} to {1} failed?', name, env)
        : l10n.t('Record that {0} is now active in {1}?', name, env),
    detail: [
      `${version.path} ${version.label} (${shortDigest(version.digest)}…)`,
      ...(after === null ? [] : [l10n.t('Promoted from {0}', after)]),
      ...saidLines(said),
      l10n.t('Deployed by {0}', person),
      l10n.t('This is recorded permanently.'),
    ].join('\n\n'),
    button: l10n.t('Record Deployment'),
  });
}

async function record(session: TrailSession, input: DeployInput): Promise<void> {
  const row = await recordIn(session, (trail) => trail.deploy(input));
  const name = promptName(row.path);
  sayDone(
    input.outcome === 'failed'
      ? l10n.t('Recorded that {0} {1} failed in {2}', name, row.version, row.env)
      : l10n.t('{0} {1} is active in {2}', name, row.version, row.env),
  );
}

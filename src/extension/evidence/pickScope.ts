import { l10n } from 'vscode';
import type { EvidenceScope, ReportInput } from '../../trail/exportApi.js';
import { pickEnv } from '../ask/askParam.js';
import { pickEvent } from '../ask/subjects.js';
import { pickPeriod } from '../ask/times.js';
import { promptTarget } from '../commands/targets.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { goBack, pickOne, type Answer, type PickEntry } from '../ui/quickInput.js';
import { isTrailNode } from '../views/nodes.js';

type Kind = 'everything' | 'env' | 'path' | 'deployment';

export type Scope = EvidenceScope & Pick<ReportInput, 'deployment'>;

/** What the row of a tree is about; null where it leaves that open. */
export function scopeOfNode(argument: unknown): Scope | null {
  if (!isTrailNode(argument)) {
    return null;
  }
  switch (argument.kind) {
    case 'active':
    case 'breakGlass':
      return { deployment: argument.row.deployment };
    case 'environment':
      return { env: argument.env };
    case 'prompt':
      return { path: argument.row.path };
    case 'version':
      return { path: argument.version.path };
    default:
      return null;
  }
}

/** Asks what evidence is to be about, and of which time; undefined where the person left. */
export async function pickScope(
  sessions: Sessions,
  session: TrailSession,
  { title, given, deployments }: { title: string; given: Scope | null; deployments: boolean },
): Promise<Scope | undefined> {
  let scope = given;
  while (scope === null) {
    const kind = await pickKind(title, deployments);
    if (kind === undefined || kind === goBack) {
      return undefined;
    }
    const answer = await scopeOf(sessions, session, kind, title);
    if (answer === undefined) {
      return undefined;
    }
    scope = answer === goBack ? null : answer;
  }
  if (scope.deployment !== undefined) {
    return scope;
  }
  const period = await pickPeriod({ title });
  return typeof period === 'object' ? { ...scope, ...period } : undefined;
}

async function pickKind(title: string, deployments: boolean): Promise<Answer<Kind>> {
  const items: PickEntry<Kind>[] = [
    ...(deployments
      ? [{ label: `$(rocket) ${l10n.t('One deployment…')}`, value: 'deployment' as const }]
      : []),
    { label: `$(file) ${l10n.t('One prompt…')}`, value: 'path' },
    { label: `$(server) ${l10n.t('One environment…')}`, value: 'env' },
    { label: `$(law) ${l10n.t('Everything')}`, value: 'everything' },
  ];
  return await pickOne<Kind>({ title, placeholder: l10n.t('What is it about?'), items });
}

async function scopeOf(
  sessions: Sessions,
  session: TrailSession,
  kind: Kind,
  title: string,
): Promise<Answer<Scope>> {
  const frame = { title, canGoBack: true };
  switch (kind) {
    case 'everything':
      return {};
    case 'path': {
      const target = await promptTarget(sessions, undefined, title);
      return target && { path: target.path };
    }
    case 'env': {
      const env = await pickEnv(session, frame);
      return typeof env === 'string' ? { env } : env;
    }
    case 'deployment': {
      const placeholder = l10n.t('Which deployment?');
      const deployment = await pickEvent(session, { ...frame, placeholder }, [
        'deployment.recorded',
      ]);
      return typeof deployment === 'string' ? { deployment } : deployment;
    }
  }
}

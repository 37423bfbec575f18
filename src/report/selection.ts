import type { DeploymentRecord, LedgerState, PromptRecord, VersionRecord } from '../core/state.js';

/** What was asked for; null: no condition. */
export interface Asked {
  readonly prompt: PromptRecord | null;
  readonly env: string | null;
  /** ISO 8601 UTC; from is in it, to is not. */
  readonly from: string | null;
  readonly to: string | null;
  readonly deployment: DeploymentRecord | null;
}

export interface SelectedDeployment {
  readonly prompt: PromptRecord;
  readonly record: DeploymentRecord;
}

/** The population of some evidence. */
export interface Selection {
  readonly asked: Asked;
  readonly prompts: readonly PromptRecord[];
  /** In the agreed order. */
  readonly deployments: readonly SelectedDeployment[];
  /** In the agreed order. */
  readonly versions: readonly VersionRecord[];
}

/**
 * The deployments that meet all conditions; and the versions that were proposed, decided on or deployed in the period,
 * with an environment or a deployment only those that were deployed there.
 */
export function select(state: LedgerState, asked: Asked): Selection {
  const { prompt, env, deployment } = asked;
  const isIn = within(asked);
  const all = prompt === null ? [...state.prompts.values()] : [prompt];
  const deployments = all
    .flatMap((one) => one.deployments.map((record) => ({ prompt: one, record })))
    .filter(({ record }) =>
      deployment === null
        ? (env === null || record.env === env) && isIn(record.at)
        : record.id === deployment.id,
    )
    .sort((a, b) => a.record.seq - b.record.seq);
  const deployed = new Set(deployments.map(({ record }) => record.event.header.refs.version));
  const isWanted = (version: VersionRecord): boolean => {
    if (deployed.has(version.event.id)) return true;
    if (env !== null || deployment !== null) return false;
    const { event, decisions, withdrawals } = version;
    return [event, ...[...decisions, ...withdrawals].map((one) => one.event)].some(({ header }) =>
      isIn(header.at),
    );
  };
  const versions = all
    .flatMap((one) => one.versions.filter(isWanted))
    .sort((a, b) => a.seq - b.seq);
  const named = new Set([...deployments, ...versions].map((one) => one.prompt));
  const isNarrow = env !== null || deployment !== null || asked.from !== null || asked.to !== null;
  return {
    asked,
    prompts: isNarrow ? all.filter((one) => named.has(one)) : all,
    deployments,
    versions,
  };
}

/** Whether a claimed time is in the period. */
export function within({ from, to }: Pick<Asked, 'from' | 'to'>): (at: string) => boolean {
  return (at) => (from === null || at >= from) && (to === null || at < to);
}

/** Whether all of the ledger is meant. */
export function isWhole({ prompt, env, from, to, deployment }: Asked): boolean {
  return prompt === null && env === null && from === null && to === null && deployment === null;
}

/** The scope in English words, for people: `Prompt prompts/a.md in production, from … to …`. */
export function scopeText({ prompt, env, from, to, deployment }: Asked): string {
  if (deployment !== null)
    return `Deployment ${deployment.id.slice(0, 12)} to ${deployment.env}${prompt === null ? '' : ` of ${prompt.path ?? prompt.id}`}`;
  const what = prompt === null ? 'All prompts' : `Prompt ${prompt.path ?? prompt.id}`;
  const where = env === null ? ', all environments' : ` in ${env}`;
  if (from === null && to === null) return `${what}${where}, the whole time`;
  return `${what}${where}, ${from === null ? 'from the start' : `from ${from}`} ${to === null ? 'to the end' : `to before ${to}`}`;
}

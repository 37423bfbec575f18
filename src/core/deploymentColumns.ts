import type { EventArchive } from './archive.js';
import type { EventOf } from './event.js';
import type { DeploymentRecord, Placed } from './state.js';

/** What every question about a prompt's deployments asks of all of them, so that no event need be read for it. */
export interface DeploymentColumns {
  readonly seqs: Uint32Array;
  readonly envs: readonly string[];
  readonly times: readonly string[];
  /** 1 where the deployment succeeded. */
  readonly succeeded: Uint8Array;
  /** 1 where it was by break-glass. */
  readonly breakGlass: Uint8Array;
}

/** A deployment as the events that follow need it. */
export function deploymentRecord({
  seq,
  event,
}: Placed<EventOf<'deployment.recorded'>>): DeploymentRecord {
  const { refs } = event.header;
  const { env, breakGlass } = refs;
  const at = refs.claimedAt ?? event.header.at;
  return { seq, event, id: event.id, env, at, succeeded: refs.outcome === 'succeeded', breakGlass };
}

export function deploymentColumns(records: readonly DeploymentRecord[]): DeploymentColumns {
  return {
    seqs: Uint32Array.from(records, ({ seq }) => seq),
    envs: records.map(({ env }) => env),
    times: records.map(({ at }) => at),
    succeeded: Uint8Array.from(records, ({ succeeded }) => (succeeded ? 1 : 0)),
    breakGlass: Uint8Array.from(records, ({ breakGlass }) => (breakGlass ? 1 : 0)),
  };
}

/** The deployments behind columns, whose events are read when somebody asks for one. */
export function archivedDeployments(
  { seqs, envs, times, succeeded, breakGlass }: DeploymentColumns,
  archive: EventArchive,
): DeploymentRecord[] {
  return Array.from(seqs, (seq, i) => ({
    seq,
    id: archive.idAt(seq),
    env: envs[i]!,
    at: times[i]!,
    succeeded: succeeded[i] === 1,
    breakGlass: breakGlass[i] === 1,
    get event() {
      return archive.event(seq) as EventOf<'deployment.recorded'>;
    },
  }));
}

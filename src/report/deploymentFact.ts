import { activeRow, deploymentSpans } from '../core/activeRows.js';
import { judgedDeployment } from '../core/questions/judged.js';
import type { ActiveRow } from '../core/rows.js';
import type { VersionRecord } from '../core/state.js';
import { replayedDeployment, type Verdict } from '../core/verdicts.js';
import type { SelectedDeployment } from './selection.js';
import type { EvidenceView } from './view.js';

/** How a deployment stands to the policy of its time. */
export type DeploymentOutcome =
  'allowed' | 'against the policy' | 'break-glass' | 'imported' | 'cannot be told';

/** A deployment with all that evidence says of it. */
export interface DeploymentFact extends SelectedDeployment {
  /** Absent for a deployment of a version that the ledger does not have. */
  readonly version: VersionRecord | undefined;
  /** Null for one that failed. */
  readonly row: ActiveRow | null;
  readonly verdict: Verdict | null;
  readonly outcome: DeploymentOutcome;
  /** Approvals that the policy of that time asked for. */
  readonly required: number;
}

export function deploymentFact(view: EvidenceView, selected: SelectedDeployment): DeploymentFact {
  const { record, prompt } = selected;
  const { state, syncedSize } = view;
  const version = state.versions.get(record.event.header.refs.version);
  const verdict =
    judgedDeployment(state, record)?.verdict ?? replayedDeployment(state, record.event, record.seq);
  const span = spansOf(view, prompt).get(record.id);
  const row =
    span === undefined || version === undefined ? null : activeRow(state, syncedSize, span);
  const wanted = verdict?.trace.steps.map(({ check, wanted: n }) =>
    check === 'approvals' ? Number(n) : 0,
  );
  const { refs } = record.event.header;
  return {
    ...selected,
    version,
    row,
    verdict,
    outcome: outcomeOf(verdict, row, refs.breakGlass),
    required: Math.max(0, ...(wanted ?? [])),
  };
}

type Spans = ReadonlyMap<string, ReturnType<typeof deploymentSpans>[number]>;
const found = new WeakMap<object, { readonly size: number; readonly spans: Spans }>();

/** By the id of the deployment; a prompt with many deployments is asked once for all. */
function spansOf({ state }: EvidenceView, prompt: SelectedDeployment['prompt']): Spans {
  const known = found.get(prompt);
  if (known?.size === state.size) return known.spans;
  const spans = new Map(deploymentSpans(prompt).map((one) => [one.deployment.id as string, one]));
  found.set(prompt, { size: state.size, spans });
  return spans;
}

function outcomeOf(
  verdict: Verdict | null,
  row: ActiveRow | null,
  breakGlass: boolean,
): DeploymentOutcome {
  if (verdict === null) return 'cannot be told';
  const codes = new Set<string>(verdict.reasons.map(({ code }) => code));
  if (codes.has('deployment.imported')) return 'imported';
  if (verdict.allowed) return 'allowed';
  if (breakGlass) return 'break-glass';
  const isTaken =
    row?.redactedBy !== undefined || [...codes].some((code) => code.endsWith('.redacted'));
  return isTaken ? 'cannot be told' : 'against the policy';
}

/**
 * How far a deployment and its approvals can be trusted (DESIGN.md §10): L1 signed with the own keys of who acted, L2
 * seen by another custodian, L0 neither.
 */
export function trustOf(view: EvidenceView, { record, row }: DeploymentFact): string {
  const seen = view.hasRemote && record.seq <= view.syncedSize;
  const levels = [...(row?.signed === true ? ['L1'] : []), ...(seen ? ['L2'] : [])];
  return levels.length === 0 ? 'L0' : levels.join(' ');
}

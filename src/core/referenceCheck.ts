import type { KnownEvent } from './event.js';
import type { EventId } from './ids.js';
import type { Finding } from './rows.js';
import type { LedgerState } from './state.js';
import { replayedDeployment } from './verdicts.js';

/**
 * What the chain cannot show: events that refer to nothing, to something that their writer had not seen or
 * that belongs to another prompt, and deployments that their own ancestors do not allow. All are warnings:
 * the bytes are intact, and such events change no state.
 */
export function referenceFindings(state: LedgerState): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [i, event] of state.events.entries()) {
    if (!event.known) continue;
    const problem = referenceProblem(state, event, i + 1) ?? verdictProblem(state, event, i + 1);
    if (problem) findings.push({ ...problem, severity: 'warning', seq: i + 1, event: event.id });
  }
  return findings;
}

type Problem = Pick<Finding, 'code' | 'message' | 'expected' | 'found' | 'remedy'>;

function referenceProblem(state: LedgerState, event: KnownEvent, seq: number): Problem | null {
  for (const [name, target, types] of referencesOf(event)) {
    const at = state.seqOf.get(target);
    const referred = at === undefined ? undefined : state.events[at - 1];
    const fits =
      at !== undefined &&
      referred !== undefined &&
      types.includes(referred.type) &&
      state.causality.isAncestor(at, seq) &&
      isOfPrompt(state, referred.header.prompt, event.header.prompt) &&
      hasDigest(event, referred as KnownEvent);
    if (fits) continue;
    return {
      code: 'reference.wrong',
      message: `Event ${seq} (${event.type}) refers to a ${name} that its writer cannot have seen.`,
      expected: `${types.join(' or ')} of the same prompt before it`,
      found: referred === undefined ? target : `${referred.type} at event ${at}`,
      remedy:
        'It changes no state. Ask its author; no version of this program writes such an event.',
    };
  }
  return null;
}

function verdictProblem(state: LedgerState, event: KnownEvent, seq: number): Problem | null {
  if (event.type !== 'deployment.recorded' || event.header.refs.breakGlass) return null;
  const version = state.versions.get(event.header.refs.version);
  if (version === undefined) return null;
  const { env } = event.header.refs;
  const reasons = replayedDeployment(state, event, seq)?.reasons ?? [];
  if (reasons.length === 0) return null;
  return {
    code: 'deployment.unproven',
    message: `Event ${seq} deployed v${version.number} of ${version.prompt.path ?? 'a prompt'} to ${env} against the policy of that time.`,
    expected: 'what the policy asks for, before the deployment',
    found: reasons.map((reason) => reason.code).join(', '),
    remedy: 'Find out who recorded it with which program, and review the version.',
  };
}

type Reference = readonly [name: string, target: EventId, types: readonly string[]];

function referencesOf(event: KnownEvent): readonly Reference[] {
  switch (event.type) {
    case 'version.proposed':
      return [['revision', event.header.refs.revision, ['revision.saved', 'revision.observed']]];
    case 'review.decided':
    case 'review.commented':
    case 'version.withdrawn':
    case 'attempt.denied':
      return [['version', event.header.refs.version, ['version.proposed']]];
    case 'deployment.recorded': {
      const { version, previous, rollbackOf } = event.header.refs;
      const deployments = [previous, rollbackOf].filter((id) => id !== null);
      return [
        ['version', version, ['version.proposed']],
        ...deployments.map((id): Reference => ['deployment', id, ['deployment.recorded']]),
      ];
    }
    case 'review.revoked':
      return [['decision', event.header.refs.decision, ['review.decided']]];
    case 'deployment.ended':
      return [['deployment', event.header.refs.deployment, ['deployment.recorded']]];
    default:
      return [];
  }
}

function isOfPrompt(
  state: LedgerState,
  referred: KnownEvent['header']['prompt'],
  own: KnownEvent['header']['prompt'],
): boolean {
  if (referred === undefined || own === undefined) return referred === own;
  return state.prompt(referred) !== undefined && state.prompt(referred) === state.prompt(own);
}

/** Decisions and deployments repeat the digest of their version, versions that of their revision. */
function hasDigest(event: KnownEvent, referred: KnownEvent): boolean {
  if (referred.type === 'deployment.recorded') return true;
  const own = (event.header.refs as { digest?: string }).digest;
  const other = (referred.header.refs as { digest?: string }).digest;
  return own === undefined || other === undefined || own === other;
}

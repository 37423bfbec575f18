import type { EventOf, KnownEvent, LedgerEvent } from './event.js';
import type { EventId } from './ids.js';
import { factText } from './reasons.js';
import type { Finding } from './rows.js';
import { ancestorsOf, type LedgerState, type VersionRecord } from './state.js';
import { takenByRedaction } from './takenByRedaction.js';
import { replayedDeployment } from './verdicts.js';

/**
 * What the chain cannot show of an event: that it refers to nothing, to something that its writer had not
 * seen or that belongs to another prompt, or that it is a deployment that its own ancestors do not allow.
 * A warning: the bytes are intact, and such events change no state. Null where it is in order; the state
 * may go on behind it.
 */
export function referenceFinding(
  state: LedgerState,
  event: LedgerEvent,
  seq: number,
): Finding | null {
  if (!event.known) return null;
  const problem = referenceProblem(state, event, seq) ?? verdictProblem(state, event, seq);
  return problem && { severity: 'warning', ...problem, seq, event: event.id };
}

type Problem = Pick<Finding, 'code' | 'message' | 'expected' | 'found' | 'remedy'> & {
  readonly severity?: Finding['severity'];
};

function referenceProblem(state: LedgerState, event: KnownEvent, seq: number): Problem | null {
  for (const [name, target, types] of referencesOf(event)) {
    const at = state.seqOf(target);
    const referred = at === undefined ? undefined : state.event(at);
    const fits =
      at !== undefined &&
      referred !== undefined &&
      types.includes(referred.type) &&
      state.causality.isAncestor(at, seq) &&
      isOfPrompt(state, referred.header.prompt, event.header.prompt) &&
      hasDigest(event, referred as KnownEvent) &&
      beginsThread(event, referred as KnownEvent) &&
      isPromoted(event, referred as KnownEvent);
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
  if (event.type !== 'deployment.recorded') return null;
  const version = state.versions.get(event.header.refs.version);
  if (version === undefined) return null;
  const { env } = event.header.refs;
  const verdict = replayedDeployment(state, event, seq);
  const { breakGlass } = event.header.refs;
  // Break-glass says itself that it was against the rules, but not that anybody might use it.
  const reasons = (verdict?.reasons ?? []).filter(
    ({ code }) => !breakGlass || unbreakable.has(code),
  );
  if (verdict === null || reasons.length === 0) return null;
  if (breakGlass && verdict.reasons.some(({ code }) => code === 'person.redacted')) return null;
  if (event.header.refs.commit !== undefined) return importedDeployment(event, seq, version);
  const codes = reasons.map((reason) => reason.code);
  if (codes.every((c) => unreplayable.has(c)) && codes.some((c) => c.endsWith('.redacted')))
    return unreplayableVerdict(seq, codes);
  const scope = ancestorsOf(state, seq);
  const { who } = event.header;
  if (takenByRedaction({ state, version, scope, who, verdict, policy: null }) !== null)
    return unreplayableVerdict(seq, codes);
  return {
    code: 'deployment.unproven',
    message: `Event ${seq} deployed v${version.number} of ${version.prompt.path ?? 'a prompt'} to ${env} against the policy of that time.`,
    expected: 'what the policy asks for, before the deployment',
    found: codes.join(', '),
    remedy: 'Find out who recorded it with which program, and review the version.',
  };
}

/** Neither against a policy nor allowed by one: readers must not take it for more than a tag. */
function importedDeployment(
  { header: { refs } }: EventOf<'deployment.recorded'>,
  seq: number,
  { number, prompt }: VersionRecord,
): Problem {
  return {
    code: 'deployment.imported',
    severity: 'info',
    message: `Event ${seq} says by a tag of git that v${number} of ${prompt.path ?? 'a prompt'} was deployed to ${refs.env}; no policy of this ledger was asked.`,
    expected: null,
    found: refs.commit ?? null,
    remedy: 'Nothing has to be done. Have the version approved and deployed here to change that.',
  };
}

const unbreakable: ReadonlySet<string> = new Set([
  'breakGlass.off',
  'breakGlass.role',
  'prompt.retired',
  'promotion.unfounded',
]);

/** What a redaction alone can take from a verdict that was good. */
const unreplayable: ReadonlySet<string> = new Set([
  'policy.redacted',
  'person.redacted',
  'decision.redacted',
  'approval.missing',
  'approval.quota',
  'deployer.role',
]);

function unreplayableVerdict(seq: number, codes: readonly string[]): Problem {
  return {
    code: 'deployment.unreplayable',
    severity: 'info',
    message: `The verdict on event ${seq} cannot be made again because of a redaction: ${codes.map(factText).join('; ')}.`,
    expected: null,
    found: codes.join(', '),
    remedy: 'The trail says who redacted what and why. Judge by that.',
  };
}

type Reference = readonly [name: string, target: EventId, types: readonly string[]];

function referencesOf(event: KnownEvent): readonly Reference[] {
  switch (event.type) {
    case 'version.proposed':
      return [['revision', event.header.refs.revision, ['revision.saved', 'revision.observed']]];
    case 'review.commented': {
      const { version, thread = null } = event.header.refs;
      const first: Reference[] = thread === null ? [] : [['comment', thread, [event.type]]];
      return [['version', version, ['version.proposed']], ...first];
    }
    case 'review.resolved':
      return [['comment', event.header.refs.thread, ['review.commented']]];
    case 'review.decided':
    case 'review.requested':
    case 'version.withdrawn':
      return [['version', event.header.refs.version, ['version.proposed']]];
    case 'attempt.denied': {
      const { version, deployment = null } = event.header.refs;
      const denied: Reference[] =
        deployment === null ? [] : [['deployment', deployment, ['deployment.recorded']]];
      return [['version', version, ['version.proposed']], ...denied];
    }
    case 'deployment.recorded': {
      const { version, previous, rollbackOf, promotedFrom = null } = event.header.refs;
      const deployments = [previous, rollbackOf, promotedFrom].filter((id) => id !== null);
      return [
        ['version', version, ['version.proposed']],
        ...deployments.map((id): Reference => ['deployment', id, ['deployment.recorded']]),
      ];
    }
    case 'review.revoked':
      return [['decision', event.header.refs.decision, ['review.decided']]];
    case 'deployment.ended':
    case 'deployment.reviewed':
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

/** Answers name the first comment of a talk, which is on the same version; resolutions name it, too. */
function beginsThread(event: KnownEvent, referred: KnownEvent): boolean {
  if (referred.type !== 'review.commented') return true;
  const { version, thread = null } = referred.header.refs;
  return (
    thread === null && (event.type !== 'review.commented' || event.header.refs.version === version)
  );
}

/** A promotion repeats a successful deployment of the same bytes in another environment. */
function isPromoted(event: KnownEvent, referred: KnownEvent): boolean {
  if (event.type !== 'deployment.recorded' || referred.type !== event.type) return true;
  const { promotedFrom = null, digest, env } = event.header.refs;
  if (referred.id !== promotedFrom) return true;
  const { refs } = referred.header;
  return refs.outcome === 'succeeded' && refs.digest === digest && refs.env !== env;
}

/** Decisions and deployments repeat the digest of their version, versions that of their revision. */
function hasDigest(event: KnownEvent, referred: KnownEvent): boolean {
  if (referred.type === 'deployment.recorded') return true;
  const own = (event.header.refs as { digest?: string }).digest;
  const other = (referred.header.refs as { digest?: string }).digest;
  return own === undefined || other === undefined || own === other;
}

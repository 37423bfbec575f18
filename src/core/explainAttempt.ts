import { endVerdict, reviewVerdict } from './afterDeployment.js';
import { decisionVerdict } from './decisionVerdict.js';
import type { EventOf } from './event.js';
import { whyText, type Judged, type Ledger } from './explainJudged.js';
import { versionLabel } from './labels.js';
import { defaultPolicy } from './policyFile.js';
import { policyInScope } from './policyInScope.js';
import { ancestorsOf, type VersionRecord } from './state.js';
import { breakGlassStep, deploymentVerdict, stepOf, verdictOf, type Verdict } from './verdicts.js';

type Attempt = EventOf<'attempt.denied'>;

/** Why an attempt was refused, by what its writer had seen. */
export function judgedAttempt(
  ledger: Ledger,
  event: Attempt,
  seq: number,
  version: VersionRecord,
): Judged {
  const verdict = replayed(ledger, event, seq, version);
  const what = attemptText(event, versionLabel(version, ledger.syncedSize));
  const text = verdict.allowed
    ? `${what} was refused, and by what stands before it nothing says why.`
    : `${what} was refused: ${whyText(verdict)}.`;
  return { verdict, text, what, parts: [{ label: null, trace: verdict.trace }], isNow: false };
}

function attemptText({ header: { refs } }: Attempt, label: string): string {
  const where = refs.env ?? 'an environment';
  switch (refs.attempted) {
    case 'deployment.recorded':
      return `To deploy ${label} to ${where}`;
    case 'deployment.ended':
      return `To undeploy ${label} in ${where}`;
    case 'deployment.reviewed':
      return `A review of the deployment of ${label} to ${where}`;
    case 'review.decided':
      return `A decision on ${label}`;
  }
}

function replayed({ state }: Ledger, event: Attempt, seq: number, version: VersionRecord): Verdict {
  const { header, body } = event;
  const { attempted, decision, deployment: id = null } = header.refs;
  const scope = ancestorsOf(state, seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const who = state.persons.actor(header.who, scope);
  const env = header.refs.env ?? '';
  const said = new Set((body?.reasons ?? []).map(({ code }) => code));
  const question = { state, policy, version, scope, who, at: header.at, act: seq };
  if (attempted === 'deployment.ended') return endVerdict({ ...question, env });
  if (attempted === 'deployment.reviewed') {
    const prompt = id === null ? undefined : state.deployments.get(id);
    const deployment = prompt?.deployments.find((one) => one.id === id);
    if (deployment === undefined) return verdictOf({ steps: [], decisions: [], asked: [] });
    const { name } = state.persons.ref(header.who, scope);
    // An attempt does not say what it would have found; only acceptances are judged more strictly.
    const asked = { who, name, outcome: 'accepted' as const, scope, isAttended: null };
    return reviewVerdict(state, deployment, asked);
  }
  if (attempted === 'deployment.recorded') {
    const isRollback = body !== null && !said.has('deployment.notPromoted');
    const verdict = deploymentVerdict({ ...question, env, isRollback });
    const isBroken = said.has('breakGlass.off') || said.has('breakGlass.role');
    return isBroken ? withSteps(verdict, [breakGlassStep({ ...question, env })]) : verdict;
  }
  const input = { ...question, decision: decision ?? 'approved', writer: header.writer } as const;
  const verdict = decisionVerdict(input);
  // What was missing of the words stands in no event but in the reasons.
  const words = (['reason', 'meaning'] as const)
    .filter((check) => said.has(`approval.${check}`))
    .map((check) => stepOf(check, `approval.${check}`, []));
  return withSteps(verdict, words);
}

/** The steps take the place of those of the same checks. */
function withSteps({ trace }: Verdict, steps: Verdict['trace']['steps']): Verdict {
  const kept = trace.steps.filter(({ check }) => !steps.some((one) => one.check === check));
  return verdictOf({ ...trace, steps: [...kept, ...steps] });
}

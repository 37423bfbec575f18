import { endVerdict, reviewVerdict } from './afterDeployment.js';
import { recordedReview } from './breakGlass.js';
import type { EventOf } from './event.js';
import { whyText, type Judged, type Ledger } from './explainJudged.js';
import type { EventId } from './ids.js';
import { versionLabel } from './labels.js';
import { defaultPolicy } from './policyFile.js';
import { policyInScope } from './policyInScope.js';
import { ancestorsOf, type DeploymentRecord } from './state.js';
import type { Verdict } from './verdicts.js';

/** Whether somebody might end a deployment, by what they had seen; of an imported tag nobody was asked. */
export function judgedEnd(
  ledger: Ledger,
  event: EventOf<'deployment.ended'>,
  seq: number,
): Judged | null {
  const { state } = ledger;
  const { header } = event;
  const deployment = deploymentNamed(ledger, header.refs.deployment);
  if (deployment === undefined || header.refs.commit !== undefined) return null;
  const scope = ancestorsOf(state, seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const who = state.persons.actor(header.who, scope);
  const verdict = endVerdict({ state, policy, scope, who, env: deployment.env });
  const what = `The end of ${nameOf(ledger, deployment)}`;
  const text = verdict.allowed
    ? `${what} was allowed by the policy of that time.`
    : `${what} was against the policy of that time: ${whyText(verdict)}.`;
  return judged(verdict, text, `Whether t${what.slice(1)} was allowed`);
}

/** Whether a review of a break-glass deployment counts, by what its person had seen. */
export function judgedReview(
  ledger: Ledger,
  event: EventOf<'deployment.reviewed'>,
  seq: number,
): Judged | null {
  const deployment = deploymentNamed(ledger, event.header.refs.deployment);
  if (deployment === undefined) return null;
  const asked = recordedReview(ledger.state, { seq, event });
  const verdict = reviewVerdict(ledger.state, deployment, asked);
  const what = `This review of ${nameOf(ledger, deployment)}`;
  const text = verdict.allowed
    ? `${what} counts by the policy of that deployment.`
    : `${what} counts for nothing: ${whyText(verdict)}.`;
  return judged(verdict, text, `Whether t${what.slice(1)} counts`);
}

const judged = (verdict: Verdict, text: string, what: string): Judged => ({
  verdict,
  text,
  what,
  parts: [{ label: null, trace: verdict.trace }],
  isNow: false,
});

const deploymentNamed = ({ state }: Ledger, id: EventId): DeploymentRecord | undefined =>
  state.deployments.get(id)?.deployments.find((one) => one.id === id);

function nameOf({ state, syncedSize }: Ledger, { event, env }: DeploymentRecord): string {
  const version = state.versions.get(event.header.refs.version)!;
  return `the deployment of ${versionLabel(version, syncedSize)} to ${env}`;
}

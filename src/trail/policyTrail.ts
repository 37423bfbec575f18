import type { LintFinding } from '../core/policyLintContext.js';
import { ask } from './ask.js';
import type { Asked, AskInput, Questions } from './askApi.js';
import { approvalAsks } from './approvalAsks.js';
import type { ApprovalAsks } from './approvalAsksApi.js';
import type { TrailContext } from './context.js';
import { lintTexts, type LintTexts } from './lintTexts.js';
import type {
  PolicyCompared,
  PolicyName,
  PolicyQueries,
  PolicyShown,
  PolicyWindow,
} from './policyApi.js';
import { policyHelp } from './policyHelp.js';
import type { PolicyHelp, PolicyHelpInput } from './policyHelpApi.js';
import { policyCompared, policyShown, policySimulated } from './policyQueries.js';
import { reviewers } from './reviewers.js';
import type { ReviewerChoice } from './reviewersApi.js';
import { TextTrail } from './textTrail.js';

/** What a trail answers about its policy to who writes it or has to follow it. */
export class PolicyTrail extends TextTrail implements PolicyQueries, Questions {
  readonly #context: TrailContext;

  constructor(context: TrailContext) {
    super(context);
    this.#context = context;
  }

  ask(input: AskInput): Promise<Asked> {
    return ask(this.#context, input);
  }

  policyHelp(input: PolicyHelpInput): Promise<PolicyHelp | null> {
    return policyHelp(this.#context, input);
  }

  lintTexts(texts: LintTexts): Promise<readonly LintFinding[]> {
    return lintTexts(this.#context, texts);
  }

  approvalAsks(versions: readonly string[]): Promise<ApprovalAsks> {
    return approvalAsks(this.#context, versions);
  }

  reviewers(): Promise<readonly ReviewerChoice[]> {
    return reviewers(this.#context);
  }

  policyShown(at?: string): Promise<PolicyShown> {
    return policyShown(this.#context, at);
  }

  policyCompared(a: PolicyName, b: PolicyName): Promise<PolicyCompared> {
    return policyCompared(this.#context, a, b);
  }

  policySimulated(name: PolicyName, window?: PolicyWindow): Promise<PolicyCompared> {
    return policySimulated(this.#context, name, window);
  }
}

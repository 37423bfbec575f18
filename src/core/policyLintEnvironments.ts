import type { JSONPath } from 'jsonc-parser';
import picomatch from 'picomatch';
import { approvers } from './policyLintAsked.js';
import { askedRules } from './policyLintApprovals.js';
import type { LintContext } from './policyLintContext.js';
import type { EnvironmentRule } from './policy.js';

/** What can hardly be meant of environments, extra rules and redactions. */
export function lintEnvironments(context: LintContext): void {
  const { policy, input } = context;
  for (const environment of policy.environments) {
    lintDeployers(context, environment);
    lintReviewers(context, environment);
    if (/^(prod|production|live)$/.test(environment.name)) lintProduction(context, environment);
  }
  for (const [i, { name, paths, approvals }] of policy.rules.entries()) {
    const place: JSONPath = ['rules', i];
    const asksNothing = approvals.required === 0 && approvals.allOf.length === 0;
    if (asksNothing)
      context.add({
        code: 'lint.idleRule',
        severity: 'warning',
        at: context.place([...place, 'approvals', 'required'], place),
        message: `the rule "${name}" asks for no approval, so it changes nothing`,
        fix: () => context.removal('Remove the rule', place),
      });
    if (input.prompts === null) continue;
    for (const [j, glob] of paths.entries()) {
      const matches = picomatch(glob, { dot: true });
      if (input.prompts.some((path) => matches(path))) continue;
      context.add({
        code: 'lint.deadGlob',
        severity: 'warning',
        at: context.place([...place, 'paths', j], place),
        message: `no tracked prompt matches "${glob}"`,
        fix: () =>
          paths.length > 1 ? context.removal('Remove the glob', [...place, 'paths', j]) : undefined,
      });
    }
  }
  lintWhole(context);
}

function lintDeployers(context: LintContext, environment: EnvironmentRule): void {
  const { name, approvals, approverMayDeploy } = environment;
  if (approverMayDeploy || approvals.required === 0) return;
  const deployers = context.people.withRoles(environment.deployers);
  const people = approvers(context, approvals);
  if (deployers === 'everybody' || people === 'everybody' || deployers.length === 0) return;
  const labels = new Set(people.map(({ label }) => label));
  const possible = deployers.some(
    ({ label }) => people.length - (labels.has(label) ? 1 : 0) >= approvals.required,
  );
  if (possible) return;
  const who = deployers.length === 1 ? deployers[0]!.label : 'everybody who may deploy there';
  context.add({
    code: 'lint.nobodyDeploys',
    severity: 'error',
    at: context.place(['environments', name, 'approverMayDeploy'], ['environments', name]),
    message: `${who} is needed to approve for ${name}, and approvers may not deploy there: nothing can be deployed`,
  });
}

/** Nobody reviews what they deployed themselves. */
function lintReviewers(context: LintContext, { name, breakGlass }: EnvironmentRule): void {
  if (breakGlass === null) return;
  const all = context.people.withRoles(breakGlass.reviewers);
  if (all === 'everybody') return;
  const reviewers = all.filter(({ isAgent }) => !isAgent);
  const deployers = context.people.withRoles(breakGlass.roles);
  const [only] = reviewers;
  const isOwn = deployers === 'everybody' || deployers.some(({ label }) => label === only?.label);
  if (reviewers.length > 1 || (only !== undefined && !isOwn)) return;
  const path: JSONPath = ['environments', name, 'breakGlass'];
  context.add({
    code: 'lint.nobodyReviews',
    severity: only === undefined ? 'error' : 'warning',
    at: context.place([...path, 'reviewers'], path),
    message:
      only === undefined
        ? `nobody can review a break-glass deployment to ${name}`
        : `only ${only.label} can review break-glass deployments to ${name}, and nobody reviews their own`,
  });
}

function lintProduction(context: LintContext, environment: EnvironmentRule): void {
  const { name, approvals, breakGlass } = environment;
  const path: JSONPath = ['environments', name];
  if (breakGlass !== null && breakGlass.review === null) {
    const isTrue = context.node([...path, 'breakGlass'])?.type === 'boolean';
    const title = 'Let a review fall due after a day';
    context.add({
      code: 'lint.unreviewed',
      severity: 'info',
      at: context.place([...path, 'breakGlass'], path),
      message: `no review of a break-glass deployment to ${name} ever falls due`,
      fix: () =>
        isTrue
          ? context.setting(title, [...path, 'breakGlass'], { review: '24h' })
          : context.setting(title, [...path, 'breakGlass', 'review'], '24h'),
    });
  }
  if (approvals.required === 0 && approvals.allOf.length === 0)
    context.add({
      code: 'lint.noApproval',
      severity: 'warning',
      at: context.place([...path, 'approvals', 'required'], ['approvals', 'required'], path),
      message: `${name} takes what nobody approved`,
    });
  else if (approvals.unattended && !approvals.signed)
    context.add({
      code: 'lint.unattended',
      severity: 'info',
      at: context.place([...path, 'approvals', 'unattended'], ['approvals', 'unattended'], path),
      message: `approvals for ${name} count that a script gave with --yes, unsigned`,
      fix: () =>
        context.setting(
          'Count them only with a signature',
          [...path, 'approvals', 'unattended'],
          false,
        ),
    });
}

function lintWhole(context: LintContext): void {
  const { policy } = context;
  const isStrict = askedRules(context).some(({ rule }) => rule.signed || !rule.unattended);
  if (isStrict && policy.minCheckpoint === null)
    context.add({
      code: 'lint.noCheckpoint',
      severity: 'info',
      at: context.place(['minCheckpoint'], ['version']),
      message:
        'no "minCheckpoint" is pinned, so a fresh clone cannot tell a rebuilt ledger; print one with: prompt-audit checkpoint',
    });
  if (
    context.people.withRoles(policy.redaction.roles) === 'everybody' &&
    policy.redaction.roles.length > 0
  )
    context.add({
      code: 'lint.everybodyRedacts',
      severity: 'warning',
      at: context.place(['redaction', 'roles']),
      message: 'everybody may redact, and what is redacted is gone for good',
    });
}

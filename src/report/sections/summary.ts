import { trustOf } from '../deploymentFact.js';
import type { CountShown, Section, Tone } from '../document.js';
import { countExceptions } from '../exceptions.js';
import type { ReportFacts } from '../reportFacts.js';

/** Facts in numbers; no opinion. */
export function summarySection(facts: ReportFacts): Section {
  const { deployments, versions, exceptions, verified, view } = facts;
  const found = countExceptions(exceptions);
  const outcomes = (wanted: string): number =>
    deployments.filter(({ outcome }) => outcome === wanted).length;
  const trust = new Map<string, number>();
  for (const one of deployments) {
    const level = trustOf(view, one);
    trust.set(level, (trust.get(level) ?? 0) + 1);
  }
  const rollbacks = deployments.filter(
    ({ record }) => record.event.header.refs.rollbackOf !== null,
  ).length;
  const broken = verified.findings.filter(({ severity }) => severity === 'error').length;
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      {
        kind: 'status',
        tone: broken > 0 ? 'bad' : found > 0 ? 'warn' : 'good',
        title:
          broken > 0
            ? 'The ledger is damaged: see Integrity'
            : found === 0
              ? 'No exception was found'
              : `${found} ${found === 1 ? 'exception was' : 'exceptions were'} found`,
        text: `${facts.method.scope}. What was searched, and how far it can be trusted, stands in the sections below.`,
      },
      {
        kind: 'numbers',
        numbers: [
          shown(versions.length === 1 ? 'version' : 'versions', versions.length),
          shown(deployments.length === 1 ? 'deployment' : 'deployments', deployments.length),
          shown('allowed', outcomes('allowed')),
          shown('against the policy', outcomes('against the policy'), 'bad'),
          shown('by break-glass', outcomes('break-glass'), 'warn'),
          shown('imported', outcomes('imported')),
          shown('cannot be told', outcomes('cannot be told'), 'warn'),
          shown('failed', deployments.filter(({ record }) => !record.succeeded).length, 'warn'),
          shown(rollbacks === 1 ? 'rollback' : 'rollbacks', rollbacks),
          shown(found === 1 ? 'exception' : 'exceptions', found, 'warn'),
        ],
      },
      ...(trust.size === 0
        ? []
        : [
            {
              kind: 'text' as const,
              text: `Trust of the deployments: ${[...trust].map(([level, count]) => `${count} at ${level}`).join(', ')}. L0 hash chain only; L1 signed with the own keys of those who acted; L2 seen by another custodian; L3, an outside time authority, is not used here.`,
            },
          ]),
    ],
  };
}

const shown = (name: string, count: number, tone: Tone = 'plain'): CountShown => ({
  name,
  count,
  tone: count === 0 ? 'plain' : tone,
});

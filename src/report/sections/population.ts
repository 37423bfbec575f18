import type { Block, Section } from '../document.js';
import type { Baseline, ReportFacts } from '../reportFacts.js';
import { column, type EvidenceTable } from '../table.js';
import { deploymentsPageTable } from '../tables/deployments.js';
import { versionsTable } from '../tables/versions.js';

/** What was live, and all deployments and versions in the scope. */
export function populationSections(facts: ReportFacts): readonly Section[] {
  const { view, baselines, deployments, versions } = facts;
  const sections: Section[] = [];
  if (baselines.length > 0)
    sections.push({
      id: 'baseline',
      title: 'What was live',
      blocks: baselines.map((one): Block => ({
        kind: 'table',
        table: baselineTable(one),
        empty: 'Nothing was live then.',
      })),
    });
  sections.push({
    id: 'deployments',
    title: 'Deployments with their verdicts',
    blocks: [
      {
        kind: 'table',
        table: deploymentsPageTable(view, deployments),
        empty: 'Nothing was deployed in this scope.',
      },
    ],
  });
  if (versions.length > 1)
    sections.push({
      id: 'versions',
      title: 'Versions',
      blocks: [
        {
          kind: 'table',
          table: versionsTable(versions, (id) => view.state.seqOf(id)),
          shown: [
            'at',
            'path',
            'version',
            'proposedBy',
            'contributors',
            'state',
            'activeIn',
            'digest',
          ],
          empty: 'No version is in this scope.',
        },
      ],
    });
  return sections;
}

export function baselineTable({ when, rows }: Baseline): EvidenceTable {
  return {
    name: `baseline-${when.replace(/[^a-z]+/gi, '-')}`,
    title: `Live ${when}`,
    about: 'A row for each prompt and environment that had an active version.',
    columns: [
      column('path', 'Prompt', 'text', 'Path of the prompt now.'),
      column('env', 'Environment', 'text', 'Where it was active.'),
      column('version', 'Version', 'text', 'Which version.'),
      column('digest', 'Digest', 'digest', 'SHA-256 of its text.'),
      column('from', 'Since', 'time', 'When it was deployed.'),
      column('deployedBy', 'Deployed by', 'person', 'Who recorded it.'),
      column('approvers', 'Approvers', 'persons', 'Whose approvals counted.'),
      column('order', 'Order', 'text', 'Whether the approvals came before, by the chain.'),
      column('deployment', 'Event', 'event', 'The deployment.recorded event.'),
    ],
    rows: rows.map(
      ({ path, env, version, digest, from, deployedBy, approvers, order, deployment }) => ({
        path,
        env,
        version,
        digest,
        from,
        deployedBy,
        approvers,
        order,
        deployment,
      }),
    ),
  };
}

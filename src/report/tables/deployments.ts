import type { PersonRef } from '../../core/rows.js';
import { upTo } from '../../core/eventRows.js';
import { versionLabel } from '../../core/labels.js';
import { trustOf, type DeploymentFact } from '../deploymentFact.js';
import { column, type EvidenceTable, type TableColumn } from '../table.js';
import type { EvidenceView } from '../view.js';

const columns: readonly TableColumn[] = [
  column('event', 'Event', 'event', 'The deployment.recorded event.'),
  column('seq', 'Seq', 'number', 'Its place in the agreed order, from 1.'),
  column('path', 'Prompt', 'text', 'Path of the prompt now, from the root of the repository.'),
  column('env', 'Environment', 'text', 'Where it was deployed to.'),
  column(
    'version',
    'Version',
    'text',
    'Version of the prompt; "?" where sync may still renumber it.',
  ),
  column('digest', 'Digest', 'digest', 'SHA-256 of the text that was deployed.'),
  column('outcome', 'Outcome', 'text', 'succeeded, or failed: that changed nothing.'),
  column(
    'from',
    'From',
    'time',
    'When it was recorded, by the clock of who did; of an import: what git claims.',
  ),
  column('utcOffset', 'UTC offset', 'number', 'Minutes east of UTC on that clock.'),
  column(
    'to',
    'To',
    'time',
    'When the next deployment, or an end, took its place; empty while it lasts.',
  ),
  column('replaces', 'Replaces', 'event', 'The deployment that was active there before.'),
  column('deployedBy', 'Deployed by', 'person', 'Who recorded it, as named then.'),
  column('authors', 'Authors', 'persons', 'Who contributed since the last approved version.'),
  column(
    'approvers',
    'Approvers',
    'persons',
    'Whose approvals counted, by what the deployer had seen.',
  ),
  column('approvals', 'Approvals', 'number', 'How many counted.'),
  column('required', 'Required', 'number', 'How many the policy of that time asked for.'),
  column(
    'order',
    'Order',
    'text',
    'proven: all approvals are ancestors of it. after: they are not. unknown: nobody can tell.',
  ),
  column(
    'verdict',
    'Verdict',
    'text',
    'allowed, against the policy, break-glass, imported, or cannot be told.',
  ),
  column('reasons', 'Reasons', 'codes', 'Why it was not allowed.'),
  column('breakGlass', 'Break-glass', 'flag', 'Whether it was deployed as an emergency.'),
  column('rollback', 'Rollback', 'flag', 'Whether it went back to an earlier version.'),
  column(
    'trust',
    'Trust',
    'text',
    'L0 hash chain only, L1 signed by own keys, L2 seen by another custodian.',
  ),
  column('policy', 'Policy', 'digest', 'The policy that the deployer named.'),
  column('note', 'Note', 'text', 'What the deployer wrote.'),
  column('reference', 'Reference', 'text', 'Ticket or run, as given.'),
  column('release', 'Release', 'text', 'Release, as given.'),
  column('pipeline', 'Pipeline', 'text', 'Pipeline run, as given.'),
];

export function deploymentsTable(
  view: EvidenceView,
  facts: readonly DeploymentFact[],
): EvidenceTable {
  return {
    name: 'deployments',
    title: 'Deployments',
    about:
      'A row for each recorded deployment in the scope, in the agreed order: the population of changes to what is live.',
    columns,
    rows: facts.map((fact) => rowOf(view, fact)),
  };
}

const people = (list: readonly PersonRef[] | undefined): readonly PersonRef[] => list ?? [];

function rowOf(view: EvidenceView, fact: DeploymentFact): EvidenceTable['rows'][number] {
  const { record, prompt, row, verdict, version } = fact;
  const { event, seq } = record;
  const { header, body } = event;
  const { refs } = header;
  return {
    event: event.id,
    seq,
    path: prompt.path ?? '(redacted path)',
    env: refs.env,
    version: version === undefined ? null : versionLabel(version, view.syncedSize),
    digest: refs.digest,
    outcome: refs.outcome,
    from: record.at,
    utcOffset: body?.utcOffset ?? null,
    to: row?.to ?? null,
    replaces: refs.previous,
    deployedBy: view.state.persons.ref(header.who, upTo(seq)),
    authors: people(row?.authors),
    approvers: people(row?.approvers),
    approvals: people(row?.approvers).length,
    required: fact.required,
    order: row?.order ?? null,
    verdict: fact.outcome,
    reasons: [...new Set((verdict?.reasons ?? []).map(({ code }) => code as string))],
    breakGlass: refs.breakGlass,
    rollback: refs.rollbackOf !== null,
    trust: trustOf(view, fact),
    policy: refs.policy,
    note: body?.note ?? null,
    reference: body?.reference ?? null,
    release: body?.release ?? null,
    pipeline: body?.pipeline ?? null,
  };
}

/** The same for a page, which has less room: what belongs together stands in one cell. */
export function deploymentsPageTable(
  view: EvidenceView,
  facts: readonly DeploymentFact[],
): EvidenceTable {
  const { about, title, name } = deploymentsTable(view, []);
  return {
    name,
    title,
    about,
    columns: [
      column('from', 'From', 'time', 'When it was recorded.'),
      column('path', 'Prompt', 'text', 'Path of the prompt now.'),
      column('env', 'Environment', 'text', 'Where it was deployed to.'),
      column('version', 'Version', 'text', 'Which version.'),
      column(
        'verdict',
        'Verdict and reasons',
        'codes',
        'How it stands to the policy of that time.',
      ),
      column('approvals', 'Approvals', 'text', 'How many counted, of how many that were required.'),
      column('approvers', 'Approvers', 'persons', 'Whose approvals counted.'),
      column('order', 'Order', 'text', 'Whether the approvals came before, by the chain.'),
      column('deployedBy', 'Deployed by', 'person', 'Who recorded it.'),
      column('trust', 'Trust', 'text', 'Level of trust.'),
      column('event', 'Event', 'event', 'The event.'),
    ],
    rows: facts.map((fact) => {
      const row = rowOf(view, fact);
      const kinds = [
        ...(fact.record.succeeded ? [] : ['failed']),
        ...(fact.record.event.header.refs.rollbackOf === null ? [] : ['rollback']),
      ];
      const reasons = fact.outcome === 'imported' ? [] : (row['reasons'] as readonly string[]);
      return {
        ...row,
        verdict: [[fact.outcome, ...kinds].join(', '), ...reasons],
        approvals: `${fact.row?.approvers.length ?? 0} of ${fact.required}`,
      };
    }),
  };
}

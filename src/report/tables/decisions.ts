import type { VersionRecord } from '../../core/state.js';
import { versionLabel } from '../../core/labels.js';
import { manifestationOf, signatureWords } from '../manifestation.js';
import { column, type EvidenceTable, type TableColumn } from '../table.js';
import type { EvidenceView } from '../view.js';

const columns: readonly TableColumn[] = [
  column('event', 'Event', 'event', 'The review.decided event.'),
  column('seq', 'Seq', 'number', 'Its place in the agreed order, from 1.'),
  column('path', 'Prompt', 'text', 'Path of the prompt now.'),
  column('version', 'Version', 'text', 'The version that was decided on.'),
  column('digest', 'Digest', 'digest', 'SHA-256 of the text that was decided on.'),
  column('decision', 'Decision', 'text', 'approved, changes-requested or rejected.'),
  column('by', 'By', 'person', 'Who decided, as named then.'),
  column('at', 'At', 'time', 'By the clock of who decided.'),
  column('utcOffset', 'UTC offset', 'number', 'Minutes east of UTC on that clock.'),
  column('meaning', 'Meaning', 'text', 'What the decision means, as its person gave it.'),
  column('reason', 'Reason', 'text', 'Why, as its person gave it.'),
  column(
    'envs',
    'Environments',
    'text',
    'For which it was given, separated by "; "; empty: for all.',
  ),
  column(
    'unattended',
    'Unattended',
    'flag',
    'Whether nobody was asked at a terminal or in an editor.',
  ),
  column('signature', 'Signature', 'text', 'What can be said of its signature.'),
  column('fingerprint', 'Key', 'text', 'Fingerprint of the key that signed.'),
  column('policy', 'Policy', 'digest', 'The policy that its person named.'),
  column('revokedBy', 'Revoked by', 'event', 'The review.revoked event of the same person.'),
];

export function decisionsTable(
  view: EvidenceView,
  versions: readonly VersionRecord[],
): EvidenceTable {
  const rows = versions.flatMap((version) =>
    version.decisions.map((decision) => {
      const { seq, event } = decision;
      const { header, body } = event;
      const made = manifestationOf(view, decision);
      return {
        event: event.id,
        seq,
        path: version.prompt.path ?? '(redacted path)',
        version: versionLabel(version, view.syncedSize),
        digest: header.refs.digest,
        decision: header.refs.decision,
        by: made.by,
        at: made.at,
        utcOffset: body?.utcOffset ?? null,
        meaning: body?.meaning ?? null,
        reason: body?.reason ?? null,
        envs: (header.refs.envs ?? []).join('; '),
        unattended: made.unattended,
        signature: signatureWords(made),
        fingerprint: made.signature?.fingerprint ?? null,
        policy: header.refs.policy,
        revokedBy: made.revokedBy,
      };
    }),
  );
  return {
    name: 'decisions',
    title: 'Decisions',
    about: 'A row for each decision on a version in the scope, whenever it was made.',
    columns,
    rows: rows.sort((a, b) => a.seq - b.seq),
  };
}

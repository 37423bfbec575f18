import { deploymentSpans } from '../core/activeRows.js';
import type { Digest } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import { withRedactions } from '../core/redactionRefs.js';
import type { BytesRecord, PromptRecord } from '../core/state.js';
import { upTo } from '../core/eventRows.js';
import type { TrailContext } from './context.js';
import type { IdentifiedRow } from './identifyApi.js';

/** How a text of the ledger fits what was asked about. */
export type Likeness = Pick<
  IdentifiedRow,
  'match' | 'similarity' | 'lines' | 'unseen' | 'difference'
>;

/** One row for each prompt that ever had these bytes; where they are active first, then the newest. */
export function rowsWith(
  context: TrailContext,
  digest: Digest,
  likeness: Likeness,
): readonly IdentifiedRow[] {
  const { state } = context;
  const firsts = new Map<PromptRecord, BytesRecord>();
  for (const record of state.withBytes(digest)) {
    const id = state.promptOfEvent(record.seq);
    const prompt = id === undefined ? undefined : state.prompt(id);
    if (prompt !== undefined && !firsts.has(prompt)) firsts.set(prompt, record);
  }
  const rows = [...firsts].map(([prompt, first]) => rowOf(context, prompt, first, likeness));
  const isActive = ({ active }: IdentifiedRow): number =>
    active.some(({ to }) => to === null) ? 1 : 0;
  return rows.sort(
    (a, b) => isActive(b) - isActive(a) || state.seqOf(b.event)! - state.seqOf(a.event)!,
  );
}

function rowOf(
  { state, finalSize }: TrailContext,
  prompt: PromptRecord,
  first: BytesRecord,
  likeness: Likeness,
): IdentifiedRow {
  const { digest } = first;
  const versions = prompt.versions.filter(({ event }) => event.header.refs.digest === digest);
  const [version] = versions;
  const spans = deploymentSpans(prompt).filter(
    ({ deployment }) => deployment.event.header.refs.digest === digest,
  );
  return {
    ...likeness,
    digest,
    prompt: prompt.id,
    path: prompt.path ?? '(redacted path)',
    version: version === undefined ? null : versionLabel(version, finalSize),
    versions: versions.map((one) => ({
      id: one.event.id,
      label: versionLabel(one, finalSize),
    })),
    event: first.id,
    at: state.event(first.seq).header.at,
    by: state.persons.ref(first.by, upTo(first.seq)),
    note: version?.event.body?.note ?? null,
    active: spans.map(({ deployment, env, from, to }) => {
      const { who, refs } = deployment.event.header;
      const deployed = state.versions.get(refs.version);
      return {
        env,
        version: deployed === undefined ? '' : versionLabel(deployed, finalSize),
        deployment: deployment.id,
        from,
        to,
        deployedBy: state.persons.ref(who, upTo(deployment.seq)),
      };
    }),
    ...(prompt.retired ? { retired: true } : {}),
    ...withRedactions(state, [version?.event.id ?? null, digest]),
  };
}

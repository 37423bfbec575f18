import { deploymentSpans } from '../activeRows.js';
import { deploymentDoubts } from '../clockDoubts.js';
import { PromptAuditError } from '../errors.js';
import type { Digest } from '../ids.js';
import { versionLabel } from '../labels.js';
import type { VersionRecord } from '../state.js';
import { columns } from './columns.js';
import type { Answering } from './ground.js';
import { pathOf, personAt } from './naming.js';

/** Q6: where the text with a digest is and was active; `subject`: the digest, or its first 7 hex digits or more. */
export const whereActive: Answering = (ground, { subject = '' }) => {
  const { state, syncedSize } = ground;
  const prefix = subject.replace(/^sha256:/, '').toLowerCase();
  if (!/^[0-9a-f]{7,64}$/.test(prefix))
    throw new PromptAuditError({
      code: 'usage',
      message: `"${subject}" is no digest.`,
      remedy: 'Give SHA-256 in hex, or its first 7 digits; sha256sum FILE prints it.',
    });
  const all = [...state.versions.values()];
  const versions = all.filter(({ event }) =>
    event.header.refs.digest.startsWith(`sha256:${prefix}`),
  );
  assertOne(versions, prefix);
  const meant = new Map(versions.map((version) => [version.event.id, version]));
  const prompts = new Set(versions.map(({ prompt }) => prompt));
  const rows = [...prompts]
    .flatMap((prompt) => deploymentSpans(prompt))
    .flatMap(({ deployment, env, from, to, endedBy }) => {
      const { refs, who } = deployment.event.header;
      const version = meant.get(refs.version);
      if (version === undefined) return [];
      return [
        {
          path: pathOf(version.prompt),
          version: versionLabel(version, syncedSize),
          env,
          from,
          to,
          active: endedBy === null,
          deployedBy: personAt(ground, who, deployment.seq),
          event: deployment.id,
          digest: refs.digest,
          seq: deployment.seq,
        },
      ];
    })
    .sort((a, b) => a.seq - b.seq);
  const named = versions.map((one) => `${pathOf(one.prompt)} ${versionLabel(one, syncedSize)}`);
  return {
    columns: [
      columns.path,
      columns.version,
      columns.env,
      { key: 'from', title: 'From', kind: 'time' },
      { key: 'to', title: 'To', kind: 'time' },
      { key: 'active', title: 'Active', kind: 'flag' },
      columns.deployedBy,
      columns.event,
      { ...columns.digest, isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'versions', count: all.length },
    areExceptions: false,
    summary:
      named.length === 0
        ? 'No version has these bytes.'
        : `These bytes are those of ${named.join(', ')}.`,
    caveats: deploymentDoubts(
      ground,
      rows.map(({ event }) => event),
    ),
  };
};

function assertOne(versions: readonly VersionRecord[], prefix: string): void {
  const digests = new Set<Digest>(versions.map(({ event }) => event.header.refs.digest));
  if (digests.size < 2) return;
  throw new PromptAuditError({
    code: 'version.ambiguous',
    message: `${digests.size} texts have a digest that begins with ${prefix}.`,
    remedy: 'Give more digits.',
  });
}

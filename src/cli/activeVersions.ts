import { PromptAuditError } from '../core/errors.js';
import type { ActiveRow, VersionRow } from '../core/rows.js';
import type { Trail } from '../trail/api.js';
import { assertKnownEnvironment } from './knownEnvironment.js';
import { localTime } from './time.js';

/** A version with the deployment that made it the active one. */
export interface ActiveVersion {
  readonly active: ActiveRow;
  readonly version: VersionRow;
}

/**
 * What is active of a prompt in an environment, or was at a time; at least one, more only where clocks disagree.
 * Throws `environment.unknown`, `version.unknown`.
 */
export async function activeVersions(
  trail: Trail,
  path: string,
  env: string,
  at: string | undefined,
): Promise<readonly ActiveVersion[]> {
  await assertKnownEnvironment(trail, env);
  const rows = await trail.active(path, env, at);
  const found: ActiveVersion[] = [];
  for (const active of rows) {
    const version = (await trail.detail(active.deployment))?.version ?? null;
    if (version !== null) found.push({ active, version });
  }
  if (found.length > 0) return found;
  const when = at === undefined ? 'is active' : `was active at ${localTime(at)}`;
  throw new PromptAuditError({
    code: 'version.unknown',
    message: `Nothing of ${path} ${when} in ${env}.`,
    remedy: `See what was: prompt-audit log ${path}`,
  });
}

/** The one version; several with the same bytes are as good as one. Throws `version.ambiguous`. */
export function onlyVersion(found: readonly ActiveVersion[]): VersionRow {
  const digests = new Set(found.map(({ version }) => version.digest));
  const [first] = found;
  if (first !== undefined && digests.size === 1) return first.version;
  const names = found.map(({ version }) => version.label).join(' and ');
  throw new PromptAuditError({
    code: 'version.ambiguous',
    message: `By the clocks of those who deployed, ${names} were active at that time.`,
    remedy: 'Name one of them: PATH@vN',
  });
}

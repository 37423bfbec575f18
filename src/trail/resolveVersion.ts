import { PromptAuditError } from '../core/errors.js';
import { isEventId } from '../core/ids.js';
import { shortHash } from '../core/labels.js';
import type { PromptRecord, VersionRecord } from '../core/state.js';
import { parseVersionName, type VersionSelector } from '../core/versionName.js';
import type { TrailContext } from './context.js';
import { pathInSite } from './site.js';

/** The prompt at a path. Throws `prompt.unknown`. */
export function promptAt(context: TrailContext, path: string): PromptRecord {
  const inside = pathInSite(context.site, path);
  const prompt = context.state.promptAt(inside);
  if (prompt) return prompt;
  throw new PromptAuditError({
    code: 'prompt.unknown',
    message: `The ledger knows no prompt at ${inside}.`,
    remedy: `Record it first: prompt-audit record ${inside}`,
  });
}

/**
 * The version that a name or an event id means. With `forWriting` a number that sync has changed
 * stops the command instead of acting on another version than the one that was meant.
 */
export function resolveVersion(
  context: TrailContext,
  name: string,
  { forWriting }: { forWriting: boolean },
): VersionRecord {
  if (isEventId(name)) {
    const version = context.state.versions.get(name);
    if (version) return version;
    throw unknownVersion(`No version has the event id ${shortHash(name)}.`);
  }
  // A file may be called `a@v2`: the whole name is tried first.
  const whole = context.state.promptAt(tryPath(context, name));
  const { path, selector } = whole
    ? { path: name, selector: { kind: 'newest' } as const }
    : parseVersionName(name);
  const prompt = whole ?? promptAt(context, path);
  const version = selectVersion(prompt, selector);
  if (forWriting && selector.kind === 'number')
    assertNotRenumbered(prompt, version, selector.number);
  return version;
}

function tryPath(context: TrailContext, name: string): string {
  return pathInSite(context.site, name);
}

function selectVersion(prompt: PromptRecord, selector: VersionSelector): VersionRecord {
  const { versions } = prompt;
  const found =
    selector.kind === 'newest'
      ? versions.slice(-1)
      : versions.filter((v) =>
          selector.kind === 'number'
            ? v.number === selector.number
            : v.event.header.refs.digest.startsWith(`sha256:${selector.prefix}`),
        );
  const digests = new Set(found.map((v) => v.event.header.refs.digest));
  if (digests.size > 1) {
    const names = found.map((v) => `v${v.number} (${shortHash(v.event.header.refs.digest)})`);
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message: `More than one version of ${prompt.path} begins so: ${names.join(', ')}.`,
      remedy: 'Give more digits of the digest.',
    });
  }
  const version = found.at(-1);
  if (version) return version;
  const range =
    versions.length === 0 ? 'It has no versions yet.' : `It has v1 to v${versions.length}.`;
  throw unknownVersion(`${prompt.path} has no such version. ${range}`);
}

function assertNotRenumbered(prompt: PromptRecord, version: VersionRecord, number: number): void {
  const claimed = prompt.versions.find(
    (v) => v !== version && v.event.header.refs.number === number,
  );
  if (claimed === undefined) return;
  const describe = (v: VersionRecord): string =>
    `v${v.number} (${shortHash(v.event.header.refs.digest)})`;
  throw new PromptAuditError({
    code: 'version.ambiguous',
    message:
      `v${number} of ${prompt.path} could mean two versions: ${describe(version)}, and ` +
      `${describe(claimed)}, which was called v${number} before it was synced.`,
    remedy: `Name it by its digest: ${prompt.path}@${shortHash(version.event.header.refs.digest)}`,
  });
}

function unknownVersion(message: string): PromptAuditError {
  return new PromptAuditError({
    code: 'version.unknown',
    message,
    remedy: 'See the versions with: prompt-audit status',
  });
}

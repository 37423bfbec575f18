import { PromptAuditError } from '../core/errors.js';
import { isEventId } from '../core/ids.js';
import { shortHash } from '../core/labels.js';
import type { PromptRecord, VersionRecord } from '../core/state.js';
import { parseVersionName, type VersionSelector } from '../core/versionName.js';
import type { TrailContext } from './context.js';
import { Presence } from './presence.js';
import { pathInSite } from './site.js';

interface Purpose {
  /** True: somebody acts on what the name means, so it must not mean what only had that name before. */
  readonly forWriting: boolean;
}

/**
 * The prompt at a path; where none is, the one that was retired there last. Throws `prompt.unknown`, for writing also
 * where a file is there that is not recorded yet and another prompt once had the path.
 */
export function promptAt(
  context: TrailContext,
  path: string,
  { forWriting }: Purpose = { forWriting: false },
): PromptRecord {
  const inside = pathInSite(context.site, path);
  const prompt = context.state.promptEverAt(inside);
  if (prompt && forWriting) assertOwnFile(context, inside, prompt);
  if (prompt) return prompt;
  const named = parseVersionName(inside);
  if (named.selector.kind !== 'newest' && context.state.promptEverAt(named.path))
    throw new PromptAuditError({
      code: 'prompt.unknown',
      message: `${inside} names a version where a prompt is meant.`,
      remedy: `Give the path alone: ${named.path}. To roll back to a version: --to vN`,
    });
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
  { forWriting }: Purpose,
): VersionRecord {
  if (isEventId(name)) {
    const version = context.state.versions.get(name);
    if (version) return version;
    throw unknownVersion(`No version has the event id ${shortHash(name)}.`);
  }
  // A file may be called `a@v2`: the whole name is tried first.
  const whole = namedPrompt(context, name, { forWriting });
  const { path, selector } = whole
    ? { path: name, selector: { kind: 'newest' } as const }
    : parseVersionName(name);
  const prompt = whole ?? promptAt(context, path, { forWriting });
  const version = selectVersion(prompt, selector);
  if (forWriting && selector.kind === 'number')
    assertNotRenumbered(prompt, version, selector.number);
  return version;
}

/** The prompt whose path a whole name is, if any. Throws as `promptAt` for writing. */
export function namedPrompt(
  context: TrailContext,
  name: string,
  { forWriting }: Purpose,
): PromptRecord | undefined {
  const path = pathInSite(context.site, name);
  const prompt = context.state.promptEverAt(path);
  if (prompt && forWriting) assertOwnFile(context, path, prompt);
  return prompt;
}

/** A new file at a path that another prompt left: whoever names it means that file. */
function assertOwnFile({ site, state }: TrailContext, path: string, prompt: PromptRecord): void {
  if (prompt.retired || state.promptNowAt(path) === prompt) return;
  const { isThere } = new Presence(site.root);
  // On another branch the prompt may stand where it was before.
  if (!isThere(path) || state.promptAt(path, isThere) === prompt) return;
  const now = prompt.path ?? 'another prompt';
  throw new PromptAuditError({
    code: 'prompt.unknown',
    message: `The file ${path} is not recorded yet; the path was a former name of ${now}.`,
    remedy: `Record it first: prompt-audit record ${path}. Or name the other: ${now}`,
  });
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

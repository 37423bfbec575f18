import { activeDeployments } from '../activeRows.js';
import { PromptAuditError } from '../errors.js';
import { isDigest, type Digest } from '../ids.js';
import { versionLabel } from '../labels.js';
import type { DeploymentRecord, PromptRecord } from '../state.js';
import { columns } from './columns.js';
import type { Answering, Ground } from './ground.js';
import { assertEnvironment, pathOf } from './naming.js';
import type { AnswerRow } from './question.js';

/**
 * Q23: what was seen to run in an environment against what is recorded as active there. `text`: one line a prompt,
 * `PATH DIGEST`, `DIGEST  PATH` as `sha256sum` prints it, or a JSON object with `path` and `digest`. Codes: `other`, recorded is
 * another version; `unknown`, no version has these bytes; `inactive`, nothing of the prompt is active; `unseen`, recorded as active but
 * not among the lines.
 */
export const drift: Answering = (ground, { env = '', text = '' }) => {
  const { state, syncedSize } = ground;
  assertEnvironment(ground, env);
  const seen = observed(text);
  const active = new Map<string, { prompt: PromptRecord; deployment: DeploymentRecord }>();
  for (const prompt of state.prompts.values())
    for (const deployment of activeDeployments(prompt))
      if (deployment.env === env) active.set(pathOf(prompt), { prompt, deployment });
  const label = (deployment: DeploymentRecord): string =>
    versionLabel(state.versions.get(deployment.event.header.refs.version)!, syncedSize);
  const rows: AnswerRow[] = [];
  const found = new Set<string>();
  for (const { path, digest, at } of seen) {
    const prompt = state.promptAt(path);
    const key = prompt === undefined ? path : pathOf(prompt);
    found.add(key);
    const recorded = active.get(key)?.deployment;
    const expected = recorded?.event.header.refs.digest ?? null;
    if (expected === digest) continue;
    const known = knownAs(ground, prompt, digest);
    rows.push({
      path,
      code: known === null ? 'unknown' : recorded === undefined ? 'inactive' : 'other',
      observed: digest,
      observedVersion: known,
      digest: expected,
      version: recorded === undefined ? null : label(recorded),
      since: recorded?.at ?? null,
      event: recorded?.id ?? null,
      observedAt: at,
    });
  }
  let unseen = 0;
  for (const [path, { deployment }] of active)
    if (!found.has(path)) {
      unseen++;
      rows.push({
        path,
        code: 'unseen',
        observed: null,
        observedVersion: null,
        digest: deployment.event.header.refs.digest,
        version: label(deployment),
        since: deployment.at,
        event: deployment.id,
        observedAt: null,
      });
    }
  return {
    columns: [
      columns.path,
      { key: 'code', title: 'Drift', kind: 'text' },
      { key: 'observed', title: 'Runs', kind: 'digest' },
      { key: 'observedVersion', title: 'That is', kind: 'text' },
      { ...columns.digest, title: 'Recorded' },
      columns.version,
      { key: 'since', title: 'Since', kind: 'time' },
      columns.event,
      { key: 'observedAt', title: 'Seen at', kind: 'time', isDetail: true },
    ],
    rows,
    population: { of: 'observed or recorded prompts', count: seen.length + unseen },
    counts: { recorded: active.size },
    areExceptions: true,
    caveats: [
      'What runs is what the given list says; nobody here has looked. The list is held against what is recorded as active now.',
    ],
  };
};

interface Observed {
  readonly path: string;
  readonly digest: Digest;
  readonly at: string | null;
}

/** Throws `usage` that names the first line which is none. */
function observed(text: string): readonly Observed[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .flatMap((line, i): Observed[] => {
      if (line.trim() === '') return [];
      const found = line.trimStart().startsWith('{') ? fromJson(line) : fromWords(line);
      if (found !== null) return [found];
      throw new PromptAuditError({
        code: 'usage',
        message: `Line ${i + 1} of what was observed names no prompt with its digest.`,
        remedy:
          'Give "PATH DIGEST", a line of sha256sum, or a JSON object with "path" and "digest".',
      });
    });
}

function fromWords(line: string): Observed | null {
  const sums = /^(?:sha256:)?([0-9a-f]{64})\s+\*?(\S.*)$/i.exec(line);
  const words = /^(\S.*?)\s+(?:sha256:)?([0-9a-f]{64})\s*$/i.exec(line);
  if (sums !== null) return observedOf(sums[2], sums[1]);
  return words === null ? null : observedOf(words[1], words[2]);
}

function fromJson(line: string): Observed | null {
  try {
    const { path, prompt, digest, at } = JSON.parse(line) as Record<string, unknown>;
    const found = observedOf(path ?? prompt, digest);
    return found === null || typeof at !== 'string' ? found : { ...found, at };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function observedOf(path: unknown, digest: unknown): Observed | null {
  if (typeof path !== 'string' || path === '' || typeof digest !== 'string') return null;
  const full = `sha256:${digest.replace(/^sha256:/, '').toLowerCase()}`;
  return isDigest(full) ? { path, digest: full, at: null } : null;
}

function knownAs(
  { state, syncedSize }: Ground,
  prompt: PromptRecord | undefined,
  digest: Digest,
): string | null {
  const versions = state.withBytes(digest).flatMap(({ id }) => state.versions.get(id) ?? []);
  const own = versions.findLast((one) => one.prompt === prompt) ?? versions.at(-1);
  if (own === undefined) return null;
  const label = versionLabel(own, syncedSize);
  return own.prompt === prompt ? label : `${pathOf(own.prompt)} ${label}`;
}

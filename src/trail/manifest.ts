import { activeRows } from '../core/activeRows.js';
import { canonicalJson, type JsonValue } from '../core/canonicalJson.js';
import type { ManifestPrompt } from '../core/deploymentRows.js';
import { isPromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { content } from './content.js';
import type { TrailContext } from './context.js';
import type { Manifest, ManifestInput } from './deployApi.js';
import { assertKnownEnvironment } from './knownEnvironment.js';

/** Names the form of the document, so that a program can refuse one that it does not know. */
export const manifestFormat = 'prompt-audit-manifest/1';

/**
 * What is active in an environment, as one document that a runtime can load. The same prompts give the same bytes, on
 * every machine and whenever it is made. Throws `environment.unknown`.
 */
export async function manifest(context: TrailContext, input: ManifestInput): Promise<Manifest> {
  const { env, at = null, texts = false } = input;
  const { state, finalSize } = context;
  const rows = activeRows(state, finalSize, { prompt: null, env, at });
  if (rows.length === 0) await assertKnownEnvironment(context, env);
  const prompts: ManifestPrompt[] = [];
  for (const { path, prompt, version, digest, deployment } of rows) {
    const text = texts ? await textOf(context, digest) : {};
    prompts.push({ path, prompt, version, digest, deployment, ...text });
  }
  prompts.sort((a, b) => compare(a.path, b.path) || compare(a.prompt, b.prompt));
  const ledger = context.point();
  const document = { format: manifestFormat, ledger: ledger.id, env, at, prompts };
  const text = `${canonicalJson(document as unknown as JsonValue)}\n`;
  return { text, digest: digestOf(text), prompts, ledger };
}

async function textOf(
  context: TrailContext,
  digest: Digest,
): Promise<Pick<ManifestPrompt, 'text' | 'base64' | 'absent'>> {
  try {
    const bytes = await content(context, digest);
    const text = utf8(bytes);
    return text === null ? { base64: Buffer.from(bytes).toString('base64') } : { text };
  } catch (error) {
    if (isPromptAuditError(error, 'content.redacted')) return { absent: 'redacted' };
    if (isPromptAuditError(error, 'content.missing')) return { absent: 'missing' };
    throw error;
  }
}

/** Null where the bytes would not be the same again. */
function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** By UTF-16 units, whatever the language of the machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

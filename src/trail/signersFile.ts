import { constants } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { formatPublicKey } from '../core/ssh/publicKey.js';
import { onDisk } from '../ledger/diskErrors.js';
import { signatureNamespace } from '../signing/signer.js';
import { actingIdentity } from './actor.js';
import type { TrailContext } from './context.js';
import type { EnrollReport } from './signApi.js';
import { allowsNow } from './signatureFacts.js';
import { knownKey, requiredSigner } from './signer.js';
import { auditFolder, readTexts, type Site } from './site.js';

const signersPath = `${auditFolder}/allowed_signers`;

/** The allowed_signers of the working tree; null where there is none that can be read. */
export async function signersText(site: Site): Promise<string | null> {
  const text = (await readTexts(site, [signersPath])).get(signersPath);
  return text instanceof Uint8Array ? Buffer.from(text).toString('utf8') : null;
}

/**
 * Adds the acting person's key to the allowed_signers of the working tree, unless it counts there already.
 * Whoever may change the protected branch decides whether it gets into force.
 */
export async function enroll(context: TrailContext): Promise<EnrollReport> {
  const { site } = context;
  const signer = await requiredSigner(context);
  const key = knownKey(signer);
  const { email } = await actingIdentity(site);
  assertPrincipal(email);
  const line = `${email} namespaces="${signatureNamespace}" ${formatPublicKey(key)}`;
  const text = await signersText(site);
  if (allowsNow(text, key, email)) return { outcome: 'there-already', line, file: signersPath };
  const path = join(site.root, signersPath);
  await onDisk(path, async () => {
    const folder = join(site.root, auditFolder);
    await mkdir(folder, { recursive: true });
    await assertPlain(folder, path);
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
    const file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o644);
    try {
      await file.appendFile(`${text === null || /(^|\n)$/.test(text) ? '' : '\n'}${line}\n`);
    } finally {
      await file.close();
    }
  });
  return { outcome: 'added', line, file: signersPath };
}

/** A hostile repository could link the file to one of the user's. */
async function assertPlain(folder: string, path: string): Promise<void> {
  const isFolder = (await lstat(folder)).isDirectory();
  const info = await lstat(path).catch(() => null);
  if (isFolder && (info === null || info.isFile())) return;
  throw new PromptAuditError({
    code: 'path.outside',
    message: `${signersPath} is not a regular file of this repository.`,
    remedy: 'Replace the link by a file.',
  });
}

/** What would mean more than this one address in allowed_signers. */
function assertPrincipal(email: string): void {
  if (/^[^\s,"*?!#\p{Cc}]+$/u.test(email) && email.length < 1000) return;
  throw new PromptAuditError({
    code: 'identity.missing',
    message: `The address "${email}" cannot stand in allowed_signers.`,
    remedy: 'Correct it with: git config user.email "you@example.org"',
  });
}

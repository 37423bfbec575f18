import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { parsePublicKey, type SshPublicKey } from '../core/ssh/publicKey.js';
import type { PromptAuditError } from '../core/errors.js';
import { agentKeys } from './oneStep.js';
import { keyMissing, keyTooOpen, noPrivateKey, programMissing } from './signErrors.js';
import type { Signer } from './signer.js';

/**
 * What is missing to sign, as far as that shows without a signature, a passphrase or a touch; null where
 * nothing does. Another program than ssh-keygen may have its keys anywhere: of that only its file is looked for.
 */
export async function missingToSign(
  signer: Signer,
  publicKey: SshPublicKey | null,
): Promise<PromptAuditError | null> {
  const program = signer.program ?? 'ssh-keygen';
  if (!(await isProgram(program))) return programMissing(signer);
  const { key } = signer;
  if (key.kind === 'file' && !(await isReadable(key.path)))
    return keyMissing(key.path, signer.keySetting);
  if (!/^ssh-keygen(\.exe)?$/i.test(basename(program))) return null;
  const held = publicKey !== null && (await isInAgent(publicKey));
  if (held) return null;
  const open = await keyOpenToOthers(signer);
  if (open !== null) return open;
  const file = key.kind === 'file' ? await privateFile(key.path) : null;
  return file === null ? noPrivateKey(signer) : null;
}

/** The private key's file, where ssh-keygen ignores it because others of this machine may read it. */
export async function keyOpenToOthers({ key }: Signer): Promise<PromptAuditError | null> {
  if (key.kind === 'literal' || process.platform === 'win32') return null;
  const file = await privateFile(key.path);
  const info = file === null ? null : await stat(file).catch(() => null);
  // As OpenSSH: only of files of one's own.
  if (file === null || info === null || info.uid !== process.getuid?.()) return null;
  return (info.mode & 0o077) === 0 ? null : keyTooOpen(file, info.mode & 0o777);
}

/** git takes the public key's file too; ssh-keygen then looks beside it. */
async function privateFile(path: string): Promise<string | null> {
  for (const file of new Set([path.replace(/\.pub$/, ''), path]))
    if (await isPrivateKey(file)) return file;
  return null;
}

async function isPrivateKey(path: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('latin1', 0, bytesRead).includes('PRIVATE KEY');
  } catch {
    // A folder, or what cannot be read from, is no key.
    return false;
  } finally {
    await file.close();
  }
}

async function isInAgent({ blob }: SshPublicKey): Promise<boolean> {
  const keys = (await agentKeys()).map((line) => parsePublicKey(line));
  return keys.some((key) => key.ok && Buffer.compare(key.value.blob, blob) === 0);
}

async function isProgram(name: string): Promise<boolean> {
  const folders = /[\\/]/.test(name) ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  const ends = process.platform === 'win32' ? ['', '.exe', '.com'] : [''];
  for (const folder of folders)
    for (const end of ends) {
      const file = folder === '' ? `${name}${end}` : join(folder, `${name}${end}`);
      const info = await stat(file).catch(() => null);
      if (info?.isFile() === true && (await isExecutable(file))) return true;
    }
  return false;
}

const can = (mode: number) => (file: string) =>
  access(file, mode).then(
    () => true,
    () => false,
  );
const isExecutable = can(constants.X_OK);
const isReadable = can(constants.R_OK);

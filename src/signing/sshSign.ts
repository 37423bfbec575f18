import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPromptAuditError } from '../core/errors.js';
import { maxSshsigBytes } from '../core/ssh/sshsig.js';
import { verifySshsig } from '../core/ssh/verifySshsig.js';
import { keyOpenToOthers } from './keyCheck.js';
import { runProgram } from './runProgram.js';
import { failed, keyMissing, noSignature, signError } from './signErrors.js';
import { signatureNamespace, type Signer } from './signer.js';

/**
 * The armoured SSHSIG of a message, made by ssh-keygen or git's own program just as git runs it: over a
 * file, with the signature in a file beside it. What is no good signature of the message is not given.
 * Throws `signing.failed`, `signing.locked`, `signing.timeout`, `signing.notSetUp`, `cancelled`.
 */
export async function sshSign(
  signer: Signer,
  message: Uint8Array,
  isCancelled?: () => boolean,
): Promise<Uint8Array> {
  const { key, interactive, timeout } = signer;
  if (key.kind === 'file') {
    await access(key.path, constants.R_OK).catch(() =>
      Promise.reject(keyMissing(key.path, signer.keySetting)),
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'prompt-audit-sign-')).catch(notWritten);
  try {
    const file = join(folder, 'event');
    await writeFile(file, message, { mode: 0o600 }).catch(notWritten);
    let keyFile = join(folder, 'key.pub');
    if (key.kind === 'file') keyFile = key.path;
    else await writeFile(keyFile, `${key.line}\n`, { mode: 0o600 }).catch(notWritten);
    const program = signer.program ?? 'ssh-keygen';
    const args = ['-Y', 'sign', '-n', signatureNamespace, '-f', keyFile, file];
    const end = await runProgram({ program, args, folder, interactive, timeout, isCancelled });
    if (end.kind === 'exited' && end.status !== 0)
      throw (await keyOpenToOthers(signer)) ?? signError(signer, end);
    if (end.kind !== 'exited') throw signError(signer, end);
    const signature = await signatureIn(`${file}.sig`);
    if (signature === null) throw noSignature(signer, 'there is none');
    const verified = verifySshsig(signature, message, signatureNamespace);
    if (!verified.ok) throw noSignature(signer, verified.problem.message);
    return signature;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function signatureIn(path: string): Promise<Uint8Array | null> {
  const info = await stat(path).catch(() => null);
  if (info?.isFile() !== true || info.size === 0 || info.size > maxSshsigBytes) return null;
  return readFile(path);
}

function notWritten(cause: unknown): never {
  if (isPromptAuditError(cause)) throw cause;
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  throw failed(
    `The bytes to sign could not be written to the temporary folder (${code}).`,
    'Free some space there, then run: prompt-audit sign',
  );
}

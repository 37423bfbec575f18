import { parsePublicKey } from '../core/ssh/publicKey.js';
import { runProgram } from './runProgram.js';
import { failed } from './signErrors.js';

/**
 * The first public key that git's `gpg.ssh.defaultKeyCommand` prints, as git takes it: run without a
 * shell, `key::` or the line itself. Throws `signing.failed`.
 */
export async function keyOfCommand(folder: string, words: readonly string[]): Promise<string> {
  const [program = '', ...args] = words;
  const end = await runProgram({ program, args, folder, interactive: false, timeout: 10_000 });
  const remedy =
    'Correct gpg.ssh.defaultKeyCommand in the configuration of git, or set user.signingkey.';
  if (end.kind === 'missing') throw failed(`The program ${program} was not found.`, remedy);
  if (end.kind !== 'exited' || end.status !== 0)
    throw failed(`The command ${program}, which names the signing key, failed.`, remedy);
  const line = (end.stdout.split('\n')[0] ?? '').trim().replace(/^key::/, '');
  if (!parsePublicKey(line).ok)
    throw failed(`The command ${program} printed no public SSH key.`, remedy);
  return line;
}

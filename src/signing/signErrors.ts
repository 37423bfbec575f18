import { PromptAuditError, type ErrorCode } from '../core/errors.js';
import type { ProgramEnd } from './runProgram.js';
import { changeSetting, keySetting, type Setting } from './setting.js';
import type { Signer } from './signer.js';

/** What went wrong with the program that signs, as one of the errors of signing. */
export function signError(signer: Signer, end: ProgramEnd): PromptAuditError {
  const program = signer.program ?? 'ssh-keygen';
  switch (end.kind) {
    case 'missing':
      return programMissing(signer);
    case 'timeout':
      return error(
        'signing.timeout',
        `Nobody answered ${program} within ${Math.ceil(signer.timeout / 1000)} seconds, so nothing was signed.`,
        'If the key waits for a touch, touch it in time; for a passphrase, run in a terminal: prompt-audit sign',
      );
    case 'cancelled':
      return error('cancelled', 'Signing was cancelled.', signLater);
    case 'exited':
      return ofOutput(signer, program, end.status, end.stderr);
  }
}

/** The program ended well and left what is no signature of these bytes. */
export function noSignature(signer: Signer, problem: string): PromptAuditError {
  return failed(
    `${signer.program ?? 'ssh-keygen'} gave no good signature: ${problem}.`,
    'Check gpg.ssh.program and the key in the configuration of git. Nothing was attached.',
  );
}

export function programMissing({ program, programSetting }: Signer): PromptAuditError {
  return failed(
    `The program ${program ?? 'ssh-keygen'}, which signs, was not found.`,
    program === null
      ? 'Install OpenSSH 8.2 or later, and see that ssh-keygen is on the PATH.'
      : `Correct gpg.ssh.program in the configuration of git, or remove it: ${changeSetting(programSetting, null)}`,
  );
}

/** ssh-keygen ignores a private key that others may read. `mode`: its permission bits. */
export function keyTooOpen(file: string, mode: number): PromptAuditError {
  return failed(
    `The permissions of the private key ${file} are too open (${mode.toString(8).padStart(4, '0')}), so ssh-keygen does not use it.`,
    `Run: chmod 600 ${shellWord(file)}`,
  );
}

export function noPrivateKey({ key }: Signer): PromptAuditError {
  const agent = process.env['SSH_AUTH_SOCK'] ? 'does not have it' : 'is not running';
  const beside =
    key.kind === 'file'
      ? `${key.path}: it is not beside it, and`
      : 'the public key in the configuration of git:';
  return failed(
    `There is no private key for ${beside} the SSH agent ${agent}.`,
    'Start the agent, and add the key with: ssh-add PATH. Then run: prompt-audit sign',
  );
}

export function keyMissing(path: string, setting: Setting = keySetting): PromptAuditError {
  return error(
    'signing.notSetUp',
    `The signing key ${path}, which git is set up with, cannot be read.`,
    `Correct it: ${changeSetting(setting, 'PATH')}. Or see: prompt-audit sign --setup`,
  );
}

export function failed(message: string, remedy: string): PromptAuditError {
  return error('signing.failed', message, remedy);
}

const signLater = 'What was recorded stays. Sign it later with: prompt-audit sign';

function ofOutput(
  signer: Signer,
  program: string,
  status: number | null,
  stderr: string,
): PromptAuditError {
  const { key } = signer;
  const name = key.kind === 'file' ? key.path : 'in the configuration of git';
  if (signer.interactive)
    return failed(`${program} did not sign (exit status ${status ?? '?'}).`, signLater);
  if (/agent refused operation|agent locked/i.test(stderr)) {
    return failed(
      `The SSH agent has the key ${name}, and refused to sign with it.`,
      'Unlock the agent, or confirm or touch when it asks; then run: prompt-audit sign',
    );
  }
  if (
    /No private key found|Could not open a connection to your authentication agent/i.test(stderr)
  ) {
    return noPrivateKey(signer);
  }
  if (/passphrase|PIN/i.test(stderr)) {
    return error(
      'signing.locked',
      `The signing key ${name} is protected by a passphrase, and nobody could be asked here.`,
      key.kind === 'file' && !key.path.endsWith('.pub')
        ? `Add it to the agent once with: ssh-add ${shellWord(key.path)}. Or run in a terminal: prompt-audit sign`
        : 'Add it to the agent once with ssh-add, or run in a terminal: prompt-audit sign',
    );
  }
  if (/Couldn't load public key|No such file/i.test(stderr)) {
    return key.kind === 'file'
      ? keyMissing(key.path, signer.keySetting)
      : failed('The signing key in the configuration of git is no public key.', seeSetup);
  }
  if (/unknown option|illegal option|usage: ssh-keygen/i.test(stderr)) {
    return failed(`${program} is too old to sign.`, 'Install OpenSSH 8.2 or later.');
  }
  const line = printableLine(stderr) || `exit status ${status ?? 'unknown'}`;
  return failed(`${program} did not sign: ${line.replace(/[.!?]?$/, '.')}`, seeSetup);
}

const seeSetup = 'See what is set up with: prompt-audit sign --setup';

/** Foreign text as one harmless line of at most 200 characters. */
function printableLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? '')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function error(code: ErrorCode, message: string, remedy: string): PromptAuditError {
  return new PromptAuditError({ code, message, remedy });
}

import { stat } from 'node:fs/promises';
import { PromptAuditError } from '../core/errors.js';
import { parsePublicKey, type SshPublicKey } from '../core/ssh/publicKey.js';
import { readSigningConfig, type SigningConfig } from '../git/signingConfig.js';
import { keyOfCommand } from '../signing/commandKey.js';
import { findKeys, oneStepLine } from '../signing/oneStep.js';
import { publicKeyOfFile } from '../signing/publicKey.js';
import { failed, keyMissing } from '../signing/signErrors.js';
import { changeSetting } from '../signing/setting.js';
import type { Signer, SigningKey } from '../signing/signer.js';
import type { TrailContext } from './context.js';

/** A signer with its public key, as far as that can be read without a passphrase. */
export interface KnownSigner extends Signer {
  readonly publicKey: SshPublicKey | null;
}

/** Milliseconds: nobody may be there who could touch a key; at a terminal somebody is. */
const unattendedLimit = 60_000;
const terminalLimit = 5 * 60_000;

export type SetupKind = SigningConfig['kind'];

/** How git is set up to sign here. */
export function signingConfig(context: TrailContext): Promise<SigningConfig> {
  return readSigningConfig(context.site.root);
}

/** Who signs by a configuration for SSH. Throws `signing.notSetUp`, `signing.failed`. */
export async function signerOf(
  context: TrailContext,
  config: Extract<SigningConfig, { kind: 'ssh' }>,
): Promise<KnownSigner> {
  const { site, options } = context;
  const configured = config.key;
  const key: SigningKey =
    configured.kind === 'command'
      ? { kind: 'literal', line: await keyOfCommand(site.root, configured.words) }
      : configured;
  const found = key.kind === 'file' ? await publicKeyOfFile(key.path) : parsePublicKey(key.line);
  // A private key in an old form may have its public one nowhere; it can sign all the same.
  if (!found.ok && (key.kind === 'literal' || found.problem.code !== 'malformed')) {
    throw failed(
      `The signing key ${key.kind === 'file' ? key.path : 'in the configuration of git'} cannot be used: ${found.problem.message}.`,
      `Name another one: ${changeSetting(config.keySetting, 'PATH')}`,
    );
  }
  const interactive = options.signing === 'ask';
  const timeout = interactive ? terminalLimit : (options.limits?.signing ?? unattendedLimit);
  const publicKey = found.ok ? found.value : null;
  const { program, keySetting, programSetting } = config;
  return { key, publicKey, program, keySetting, programSetting, interactive, timeout };
}

/** As signerOf, for a configuration of any kind. */
export async function requiredSigner(context: TrailContext): Promise<KnownSigner> {
  const config = await signingConfig(context);
  if (config.kind !== 'ssh') throw await notSetUp(config.kind);
  return signerOf(context, config);
}

/** The public key that must be known before anything is written about it. */
export function knownKey(signer: KnownSigner): SshPublicKey {
  if (signer.publicKey !== null) return signer.publicKey;
  throw publicKeyMissing(signer);
}

/** Why the public part of a key is not known: nothing is there, or only a private key in an old form. */
export async function unknownKey(signer: KnownSigner): Promise<PromptAuditError> {
  const { key, keySetting } = signer;
  const isThere = key.kind === 'literal' || (await stat(key.path).catch(() => null)) !== null;
  return isThere
    ? publicKeyMissing(signer)
    : keyMissing(key.kind === 'file' ? key.path : '', keySetting);
}

function publicKeyMissing({ key, keySetting }: KnownSigner): PromptAuditError {
  if (key.kind === 'literal') return failed('The signing key cannot be read.', seeSetup);
  if (key.path.endsWith('.pub')) return keyMissing(key.path, keySetting);
  return failed(
    `The public key of ${key.path} cannot be read.`,
    `Put it beside it, as ${key.path}.pub: ssh-keygen -y -f KEY prints it. Or name another key: ${changeSetting(keySetting, 'PATH')}`,
  );
}

const seeSetup = 'See what is set up with: prompt-audit sign --setup';

const problems: Readonly<Record<Exclude<SetupKind, 'ssh'>, string>> = {
  keyless: 'git is set up for SSH signing, but names no key.',
  openpgp: 'git is set up to sign with OpenPGP, which the trail does not use.',
  x509: 'git is set up to sign with X.509, which the trail does not use.',
  none: 'git is not set up to sign.',
};

/** The one line that sets it up. Who signs commits in another way goes on doing so. */
export async function oneStepFor(kind: Exclude<SetupKind, 'ssh'>): Promise<string> {
  return oneStepLine(await findKeys(), kind === 'none' || kind === 'keyless');
}

export async function notSetUp(kind: Exclude<SetupKind, 'ssh'>): Promise<PromptAuditError> {
  return new PromptAuditError({
    code: 'signing.notSetUp',
    message: problems[kind],
    remedy: `Set up SSH signing with: ${await oneStepFor(kind)}`,
  });
}

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary.js';

export interface SshTestKey {
  /** Of the private key; the public one is beside it with `.pub`. */
  readonly path: string;
  /** Name and base64, no comment. */
  readonly line: string;
  readonly fingerprint: string;
}

/** Whether ssh-keygen is there; tests that need it skip where it is not. */
export const hasSshKeygen = spawnSync('ssh-keygen', ['-Y', 'verify']).error === undefined;

/** Temporary keys made by ssh-keygen, and what it says of signatures. Call `clean` in `after`. */
export class SshKeys {
  readonly #folder = temporaryFolder('ssh');
  #count = 0;

  clean(): void {
    this.#folder.remove();
  }

  /** A new key; `bits` for rsa and ecdsa. */
  make(
    type: 'ed25519' | 'rsa' | 'ecdsa',
    { bits, passphrase = '' }: { bits?: number; passphrase?: string } = {},
  ): SshTestKey {
    const path = this.#path('key');
    const size = bits === undefined ? [] : ['-b', String(bits)];
    execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', passphrase, '-C', '', '-f', path]);
    return { path, ...this.#public(path) };
  }

  /** A certificate of a key, signed by another one: the path of a private key whose public one it is. */
  certify(key: SshTestKey, authority: SshTestKey, principal: string): SshTestKey {
    const path = this.#path('certified');
    writeFileSync(path, readFileSync(key.path), { mode: 0o600 });
    writeFileSync(`${path}.pub`, `${key.line}\n`);
    const signed = ['-q', '-s', authority.path, '-I', 'id', '-n', principal, `${path}.pub`];
    execFileSync('ssh-keygen', signed, { stdio: 'ignore' });
    return { path: `${path}-cert.pub`, ...this.#public(`${path}-cert`) };
  }

  /** An armoured signature of the bytes, as ssh-keygen makes it. */
  sign(
    key: SshTestKey,
    message: Uint8Array | string,
    { namespace = 'prompt-audit', hash = 'sha512' } = {},
  ): string {
    const file = this.file('message', message);
    const args = ['-q', '-Y', 'sign', '-n', namespace, `-Ohashalg=${hash}`, '-f', key.path, file];
    execFileSync('ssh-keygen', args, { stdio: 'ignore' });
    return readFileSync(`${file}.sig`, 'latin1');
  }

  /** Whether ssh-keygen takes the signature as one of the key that it names. */
  isGood(armoured: Uint8Array | string, message: Uint8Array | string, namespace: string): boolean {
    const file = this.file('signature', armoured);
    return this.#ask(['check-novalidate', '-n', namespace, '-s', file], message);
  }

  /** Whether ssh-keygen takes it as a signature of this principal; `time` as YYYYMMDDHHMMSSZ. */
  verify(input: {
    readonly armoured: Uint8Array | string;
    readonly message: Uint8Array | string;
    readonly signers: Uint8Array | string;
    readonly principal: string;
    readonly namespace?: string;
    readonly time?: string;
  }): boolean {
    const { armoured, message, signers, principal, namespace = 'prompt-audit', time } = input;
    const args = ['verify', '-n', namespace, '-I', principal];
    args.push('-s', this.file('signature', armoured), '-f', this.file('signers', signers));
    if (time !== undefined) args.push(`-Overify-time=${time}`);
    return this.#ask(args, message);
  }

  /** The principals that ssh-keygen finds for the key of a signature; empty where it finds none. */
  principals(armoured: string, signers: string, time: string): readonly string[] {
    const files = ['-s', this.file('signature', armoured), '-f', this.file('signers', signers)];
    const args = ['-Y', 'find-principals', ...files, `-Overify-time=${time}`];
    const { stdout } = spawnSync('ssh-keygen', args, { encoding: 'latin1', env: utc });
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** Writes a new temporary file. */
  file(name: string, content: Uint8Array | string): string {
    const path = this.#path(name);
    writeFileSync(path, content);
    return path;
  }

  #ask(args: readonly string[], message: Uint8Array | string): boolean {
    const options = { input: Buffer.from(message as Uint8Array), env: utc };
    return spawnSync('ssh-keygen', ['-Y', ...args], options).status === 0;
  }

  #public(path: string): Pick<SshTestKey, 'line' | 'fingerprint'> {
    const [type, base64] = readFileSync(`${path}.pub`, 'latin1').trim().split(' ');
    const printed = execFileSync('ssh-keygen', ['-l', '-f', `${path}.pub`], { encoding: 'latin1' });
    return { line: `${type} ${base64}`, fingerprint: printed.split(' ')[1]! };
  }

  #path(name: string): string {
    return join(this.#folder.path, `${name}-${++this.#count}`);
  }
}

/** Times without Z are UTC in this project, and local to ssh-keygen. */
const utc = { ...process.env, TZ: 'UTC' };

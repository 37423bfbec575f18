import { resolve } from 'node:path';
import { splitCommandLine } from './splitCommand.js';
import { configEntries } from './configEntries.js';
import { gitText } from './runGit.js';

/** Which key git would sign with: a file, a public key in the configuration, or what a command prints. */
export type ConfiguredKey =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'literal'; readonly line: string }
  | { readonly kind: 'command'; readonly words: readonly string[] };

/** The name of a value, and its scope as git calls it; null where it is not set. */
export interface ConfiguredAt {
  readonly name: string;
  readonly scope: string | null;
}

/** `keyless`: git is set up for SSH, and no key is named. */
export type SigningConfig =
  | {
      readonly kind: 'ssh';
      readonly key: ConfiguredKey;
      readonly program: string | null;
      readonly keySetting: ConfiguredAt;
      readonly programSetting: ConfiguredAt;
    }
  | { readonly kind: 'keyless' | 'openpgp' | 'x509' | 'none' };

const names = [
  'prompt-audit.signingkey',
  'gpg.format',
  'user.signingkey',
  'gpg.ssh.program',
  'gpg.ssh.defaultkeycommand',
] as const;
type Name = (typeof names)[number];

/**
 * How git is set up to sign in a folder; git itself follows includes and scopes. `prompt-audit.signingKey`
 * goes before it all: for people whose commits are signed with OpenPGP. Throws `git.missing`, `git.failed`.
 */
export async function readSigningConfig(folder: string): Promise<SigningConfig> {
  const { values, scopes } = await valuesOf(folder);
  const own = values.get('prompt-audit.signingkey');
  const format = values.get('gpg.format')?.toLowerCase();
  const signingKey = values.get('user.signingkey');
  if (own === undefined && format !== 'ssh') {
    if (format === 'x509') return { kind: 'x509' };
    return { kind: format === undefined && signingKey === undefined ? 'none' : 'openpgp' };
  }
  const program = values.get('gpg.ssh.program');
  const key =
    own !== undefined
      ? await namedKey(folder, 'prompt-audit.signingkey', own)
      : signingKey !== undefined
        ? await namedKey(folder, 'user.signingkey', signingKey)
        : commandKey(values.get('gpg.ssh.defaultkeycommand'));
  if (key === null) return { kind: 'keyless' };
  const at = (name: Name): ConfiguredAt => ({ name, scope: scopes.get(name) ?? null });
  return {
    kind: 'ssh',
    key,
    keySetting: at(own === undefined ? 'user.signingkey' : 'prompt-audit.signingkey'),
    programSetting: at('gpg.ssh.program'),
    program: program === undefined ? null : await programOf(folder, program),
  };
}

/** `key::` and, as in git, `ssh-`: the key itself; null for what is a path. */
export function literalKey(value: string): string | null {
  if (value.startsWith('key::')) return value.slice('key::'.length).trim();
  return value.startsWith('ssh-') ? value.trim() : null;
}

interface Values {
  readonly values: ReadonlyMap<Name, string>;
  readonly scopes: ReadonlyMap<Name, string>;
}

/** Of each name the last value that is not empty, as git takes them. */
async function valuesOf(folder: string): Promise<Values> {
  const doing = 'read its signing configuration';
  const pattern = `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
  const values = new Map<Name, string>();
  const scopes = new Map<Name, string>();
  for (const { key, value, scope } of await configEntries(folder, doing, pattern)) {
    const name = key as Name;
    scopes.set(name, scope);
    if (value.trim() === '') values.delete(name);
    else values.set(name, value);
  }
  return { values, scopes };
}

async function namedKey(folder: string, name: Name, value: string): Promise<ConfiguredKey> {
  const line = literalKey(value);
  if (line !== null) return { kind: 'literal', line };
  return { kind: 'file', path: resolve(folder, await expanded(folder, name, value)) };
}

function commandKey(command: string | undefined): ConfiguredKey | null {
  const words = command === undefined ? [] : splitCommandLine(command);
  return words === null || words.length === 0 ? null : { kind: 'command', words };
}

/** A name is looked for on the PATH; what has a folder in it becomes absolute, so that no option can hide in it. */
async function programOf(folder: string, value: string): Promise<string> {
  const path = await expanded(folder, 'gpg.ssh.program', value);
  return /[\\/]/.test(path) ? resolve(folder, path) : path;
}

/** Only git knows whose home `~name` is. */
async function expanded(folder: string, name: Name, value: string): Promise<string> {
  if (!/^[~%]/.test(value)) return value;
  const args = ['config', '--type=path', '--get', name];
  return gitText({ folder, doing: `expand ${name}`, args });
}

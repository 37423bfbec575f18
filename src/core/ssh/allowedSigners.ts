import type { SshPublicKey } from './publicKey.js';
import { isSameKey, readTypedKey } from './publicKey.js';
import { noOptions, parseSignerOptions, type SignerOptions } from './signerOptions.js';
import { matchesPatternList } from './patternList.js';

/** One line of allowed_signers that has a key. */
export interface AllowedSigner {
  /** From 1. */
  readonly line: number;
  /** The list of patterns, one character a byte. */
  readonly principals: string;
  readonly options: SignerOptions;
  readonly key: SshPublicKey;
}

/** A line that counts for nobody, and why, as a part of a sentence. */
export interface SignersProblem {
  readonly line: number;
  readonly message: string;
}

export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[];
  readonly problems: readonly SignersProblem[];
}

/** Reads a text in the format of ALLOWED SIGNERS in ssh-keygen(1) (docs/LEDGER.md, "Who may sign"). */
export function parseAllowedSigners(text: string): AllowedSigners {
  const signers: AllowedSigner[] = [];
  const problems: SignersProblem[] = [];
  // By bytes, as OpenSSH reads it: a "?" in a pattern is one of them.
  const lines = Buffer.from(text).toString('latin1').split('\n');
  for (const [at, whole] of lines.entries()) {
    const line = whole.split('\0', 1)[0]!.replace(/^[ \t\r]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const signer = parseLine(line, at + 1);
    if (typeof signer === 'string') problems.push({ line: at + 1, message: signer });
    else if (signer.options.isAuthority)
      problems.push({ line: at + 1, message: 'certificates do not count, only plain keys' });
    else signers.push(signer);
  }
  return { signers, problems };
}

function parseLine(text: string, line: number): AllowedSigner | string {
  const first = principalsOf(text);
  if (first === null) return 'behind the principals a key is missing';
  const { principals } = first;
  const direct = keyIn(first.rest);
  if (typeof direct !== 'string') return { line, principals, options: noOptions, key: direct };
  const end = endOfOptions(first.rest);
  if (end === null) return 'a quote in the options is not closed';
  const key = keyIn(first.rest.slice(end).replace(/^[ \t]+/, ''));
  // Where the first word is no option, it was meant to be the key.
  const options = parseSignerOptions(first.rest.slice(0, end));
  if (typeof key === 'string') return typeof options === 'string' ? direct : key;
  return typeof options === 'string' ? options : { line, principals, options, key };
}

/** The first word, quotes as OpenSSH's strdelimw takes them, and what stands behind it. */
function principalsOf(line: string): { principals: string; rest: string } | null {
  const stop = line.search(/[ \t\r"]/);
  if (stop < 0) return null;
  if (line[stop] !== '"') return { principals: line.slice(0, stop), rest: skipped(line, stop + 1) };
  const close = line.indexOf('"', stop + 1);
  if (close < 0) return null;
  return {
    principals: line.slice(0, stop) + line.slice(stop + 1, close),
    rest: skipped(line, close + 1),
  };
}

const skipped = (line: string, from: number): string => line.slice(from).replace(/^[ \t\r]+/, '');

function keyIn(text: string): SshPublicKey | string {
  const match = /^([^ \t]*)[ \t]+([^ \t]+)/.exec(text);
  if (match === null) return 'the key is missing';
  const key = readTypedKey(match[1]!, match[2]!);
  return key.ok ? key.value : `the key does not count: ${key.problem.message}`;
}

/** Where the options end: at white space outside of quotes. Null for a quote that is not closed. */
function endOfOptions(text: string): number | null {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '\\' && text[at + 1] === '"') at++;
    else if (c === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (c === ' ' || c === '\t')) return at;
  }
  return isQuoted ? null : text.length;
}

/** What is asked of the lines: whether this key signs for this address, then and for this purpose. */
export interface SignerQuery {
  readonly key: SshPublicKey;
  readonly principal: string;
  readonly namespace: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** True as the ledger asks: A-Z are a-z. False as ssh-keygen asks. */
  readonly ignoreCase: boolean;
}

/** What the lines say of a key, and those of them that say it; `unknown-key` has none. */
export interface SignerVerdict {
  readonly status: 'good' | 'unknown-key' | 'other-person' | 'wrong-namespace' | 'not-valid-then';
  readonly signer: AllowedSigner | null;
}

/** Whether one of the lines allows what is asked; else the nearest reason why not. */
export function judgeSigner(
  { signers }: Pick<AllowedSigners, 'signers'>,
  query: SignerQuery,
): SignerVerdict {
  const withKey = signers.filter(({ key }) => isSameKey(key, query.key));
  const ofPerson = withKey.filter(({ principals }) => isNamed(principals, query));
  const forThis = ofPerson.filter(({ options }) => allowsNamespace(options, query.namespace));
  const valid = forThis.find(({ options }) => isValidAt(options, query.time));
  if (valid) return { status: 'good', signer: valid };
  if (forThis[0]) return { status: 'not-valid-then', signer: forThis[0] };
  if (ofPerson[0]) return { status: 'wrong-namespace', signer: ofPerson[0] };
  if (withKey[0]) return { status: 'other-person', signer: withKey[0] };
  return { status: 'unknown-key', signer: null };
}

function isNamed(principals: string, { principal, ignoreCase }: SignerQuery): boolean {
  const name = Buffer.from(principal).toString('latin1');
  return ignoreCase
    ? matchesPatternList(lowerCase(name), lowerCase(principals))
    : matchesPatternList(name, principals);
}

const lowerCase = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());

const allowsNamespace = ({ namespaces }: SignerOptions, namespace: string): boolean =>
  namespaces === null || matchesPatternList(namespace, namespaces);

function isValidAt({ validAfter, validBefore }: SignerOptions, time: number): boolean {
  const then = Math.floor(time);
  return (
    (validAfter === null || then >= validAfter) && (validBefore === null || then <= validBefore)
  );
}

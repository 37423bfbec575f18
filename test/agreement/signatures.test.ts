import assert from 'node:assert/strict';
import type { LedgerEvent } from '../../src/core/event.js';
import { ana, fakeId, ravi } from '../tools/eventChain.js';
import { SoftwareKey, softwareKeyTypes, type SigningChanges } from '../tools/softwareKeys.js';
import { temporaryFolder } from '../tools/temporary.js';
import { MadeLedger } from './madeLedger.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers } from './pythonVerifier.js';

const policy = '{"version":1,"environments":{"a":{}}}';
const keys = new Map(softwareKeyTypes.map((type) => [type, new SoftwareKey(type)]));
const ed = keys.get('ssh-ed25519')!;
const rsa = new SoftwareKey('ssh-rsa', { bits: 1024 });
const stranger = new SoftwareKey('ssh-ed25519');
const line = (who: string, options = '', key = ed): string => `${who} ${options}${key.line}`;
const good = line('ravi@clinic.example');

interface Case {
  readonly name: string;
  readonly signers: string | null;
  readonly sign: (event: LedgerEvent) => Uint8Array | string;
  readonly at?: string;
  readonly who?: typeof ravi;
}

const changed = (name: string, changes: SigningChanges, key = ed): Case => ({
  name,
  signers: line('ravi@clinic.example', '', key),
  sign: (event) => key.sign(event.headerText, changes),
});
const signers = (text: string | null, at?: string): Case => ({
  name: JSON.stringify(text).replace(ed.blob.toString('base64'), '…'),
  signers: text,
  sign: (event) => ed.sign(event.headerText),
  ...(at === undefined ? {} : { at }),
});
const armour = (name: string, edit: (text: string) => string): Case => ({
  name,
  signers: good,
  sign: (event) => edit(ed.sign(event.headerText)),
});
const noon = '2026-03-01T12:00:00.999Z';
const flip = (at: number) => (bytes: Buffer) => {
  bytes[bytes.length - 1 - at]! ^= 1;
  return bytes;
};

const cases: readonly Case[] = [
  ...softwareKeyTypes.flatMap((type) => {
    const key = keys.get(type)!;
    return [
      changed(type, {}, key),
      changed(`${type} with SHA-256`, { hash: 'sha256' }, key),
      changed(`${type}, another message`, { signedNamespace: 'git' }, key),
      changed(`${type}, a bit flipped`, { edit: flip(9) }, key),
      changed(
        `${type}, bytes behind it`,
        { edit: (b) => Buffer.concat([b, Buffer.from('x')]) },
        key,
      ),
      changed(`${type}, cut`, { edit: (b) => b.subarray(0, -1) }, key),
      changed(`${type}, bytes behind everything`, { trailing: 'x' }, key),
      changed(`${type} by another key`, { keyBlob: stranger.blob }, key),
    ];
  }),
  changed('namespace git', { namespace: 'git' }),
  changed('version 0', { version: 0 }),
  changed('version 2', { version: 2 }),
  changed('reserved text', { reserved: 'x' }),
  changed('hash md5', { hash: 'md5' }),
  changed('ssh-rsa with SHA-1', { rsaAlgorithm: 'ssh-rsa' }, keys.get('ssh-rsa')),
  changed('rsa-sha2-256', { rsaAlgorithm: 'rsa-sha2-256' }, keys.get('ssh-rsa')),
  changed('RSA of 1,024 bits', {}, rsa),
  changed('flags of a security key', { flags: 0 }, keys.get('sk-ssh-ed25519@openssh.com')),
  changed('S above the order', { edit: aboveOrder }),
  { name: 'another event', signers: good, sign: () => ed.sign('another') },
  { name: 'no signature at all', signers: good, sign: () => 'x' },
  { name: 'nothing', signers: good, sign: () => '' },
  { name: 'somebody else', signers: good, sign: (e) => ed.sign(e.headerText), who: ana },
  { name: 'nobody known', signers: good, sign: (e) => ed.sign(e.headerText), who: fakeId(98) },
  armour('CR LF', (t) => t.replaceAll('\n', '\r\n')),
  armour('text behind it', (t) => `${t}more\n`),
  armour('text before it', (t) => ` ${t}`),
  armour('no newline at the end', (t) => t.trimEnd()),
  armour('no line for the end', (t) => t.replace(/-----END.*/s, '')),
  armour('spaces in it', (t) => t.replace(/\n(.)/, '\n \t\v\f$1')),
  armour('NUL in it', (t) => t.replace(/\n(.)/, '\n\0$1')),
  armour('no padding', (t) => t.replace(/=+\n-/, '\n-')),
  armour('base64 of the web', (t) => t.replace(/U/, '_')),
  signers(null),
  signers(''),
  signers(good),
  signers(`${good} a comment`),
  signers(`# ${good}`),
  signers(`  \t${good}\r\n`),
  signers(`other@clinic.example ${ed.line}\n${good}`),
  signers(`ravi@clinic.example ${stranger.line}`),
  signers(line('other@clinic.example')),
  signers(line('RAVI@clinic.EXAMPLE')),
  signers(line('*@clinic.example')),
  signers(line('r?vi@*')),
  signers(line('r????vi@*')),
  signers(line('!ravi@clinic.example,*')),
  signers(line('*,!ravi@clinic.example')),
  signers(line('a,b,ravi@clinic.example')),
  signers(line(`${'x'.repeat(1100)},ravi@clinic.example`)),
  signers(line(`ravi@clinic.example,${'x'.repeat(1100)}`)),
  signers(line(`${'*a'.repeat(400)},*`)),
  signers(line('"ravi@clinic.example"')),
  signers(line('ravi@"clinic.example"')),
  signers(line('"ravi@clinic.example')),
  signers(line('"ravi"@clinic.example')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit" ')),
  signers(line('ravi@clinic.example', 'namespaces="git,prompt-*" ')),
  signers(line('ravi@clinic.example', 'namespaces="git" ')),
  signers(line('ravi@clinic.example', 'namespaces="PROMPT-AUDIT" ')),
  signers(line('ravi@clinic.example', 'NAMESPACES="prompt-audit" ')),
  signers(line('ravi@clinic.example', 'namespaces=prompt-audit ')),
  signers(line('ravi@clinic.example', 'namespaces="" ')),
  signers(line('ravi@clinic.example', 'namespaces="a","b" ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit",namespaces="git" ')),
  signers(line('ravi@clinic.example', 'cert-authority ')),
  signers(line('ravi@clinic.example', 'cert-authority,cert-authority ')),
  signers(`${line('ravi@clinic.example', 'cert-authority ')}\n${good}`),
  signers(line('ravi@clinic.example', 'no-such-option ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit",,cert-authority ')),
  signers(line('ravi@clinic.example', ',namespaces="prompt-audit" ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit", ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit\\"" ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit,a b" ')),
  signers(line('ravi@clinic.example', 'namespaces="x\\",prompt-audit" ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit,\\\\"" ')),
  signers(line('ravi@clinic.example', 'namespaces="prompt-audit,\\\\x" ')),
  signers(line('ravi@clinic.example', '\\"namespaces="prompt-audit" ')),
  ...[
    'valid-after="20260301"',
    'valid-after="20260301Z"',
    'valid-after="20260301UTC"',
    'valid-after="20260301utc"',
    'valid-after="20260302"',
    'valid-after="202603011200"',
    'valid-after="20260301120000"',
    'valid-after="20260301120001"',
    'valid-before="20260301120000Z"',
    'valid-before="20260301115959Z"',
    'valid-before="20260301115960"',
    'valid-before="20260301115961"',
    'valid-before="20260301115962"',
    'valid-before="20260230"',
    'valid-before="20260231"',
    'valid-before="20260301"',
    'valid-before="20260232"',
    'valid-before="20261301"',
    'valid-before="20260001"',
    'valid-before="2026030112"',
    'valid-before="202603012460"',
    'valid-before="x0260301"',
    'valid-before=""',
    'valid-before=20270101',
    'valid-before="99991231"',
    'valid-after="19700101"',
    'valid-after="19700101000001"',
    'valid-after="19691231"',
    'valid-before="19691231"',
    'valid-before="00010101"',
    'valid-after="20260101",valid-before="20270101"',
    'valid-after="20270101",valid-before="20260101"',
    'valid-after="20260301120000",valid-before="20260301120000"',
    'valid-after="20260101",valid-after="20260102"',
    'VALID-AFTER="20260101"',
  ].map((options) => signers(line('ravi@clinic.example', `${options} `), noon)),
  signers(`ravi@clinic.example ssh-rsa ${ed.blob.toString('base64')}`),
  signers(`ravi@clinic.example ssh-ed25519  \t ${ed.blob.toString('base64')}\tcomment`),
  signers(`ravi@clinic.example ssh-ed25519 ${ed.blob.toString('base64')}=`),
  signers(`ravi@clinic.example ssh-ed25519 ${ed.blob.toString('base64').slice(0, -4)}`),
  signers(`ravi@clinic.example ssh-ed25519 ${ed.blob.toString('base64')}\rcomment`),
  signers('x'.repeat(3000)),
  signers('ravi@clinic.example'),
  signers(`ravi@clinic.example\t${ed.line}`),
  signers(`ravi@clinic.example\u00a0${ed.line}`),
];

function aboveOrder(bytes: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = bytes.subarray(-32).reverse();
  const value = BigInt(`0x${s.toString('hex')}`) + order;
  const hex = value.toString(16).padStart(64, '0');
  Buffer.from(hex, 'hex')
    .reverse()
    .copy(bytes, bytes.length - 32);
  return bytes;
}

describe('two verifiers on signatures', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('agreement');
  const seqs: number[] = [];
  let ours: Answer;
  let theirs: Answer;

  before(async () => {
    const made = new MadeLedger();
    for (const [i, { signers: text, sign, at, who = ravi }] of cases.entries()) {
      made.adopt(`${policy}${' '.repeat(i)}`, text);
      const event = made.comment(who, `comment ${i}`);
      made.attach(event, sign(event), at);
      seqs.push(made.chain.state.size);
    }
    const file = await made.write(`${folder.path}/ledger.sqlite`);
    ours = await ourAnswer(file);
    const [answer] = await pythonAnswers([file]);
    theirs = answer!;
  });
  after(() => folder.remove());

  const counts = ({ warnings }: Answer, i: number): boolean =>
    !warnings.includes(`signature.notCounting ${seqs[i]}`);

  for (const [i, { name }] of cases.entries()) {
    it(`agree: ${name.slice(0, 120)}`, () => assert.equal(counts(theirs, i), counts(ours, i)));
  }

  it('count some of them and others not', () => {
    assert.deepEqual([theirs.errors, ours.errors], [[], []]);
    const counted = cases.filter((_, i) => counts(theirs, i)).length;
    assert.ok(counted > 30 && counted < cases.length - 60, `${counted} of ${cases.length}`);
  });
});

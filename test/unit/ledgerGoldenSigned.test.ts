import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { EventDraft, LedgerEvent } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { PersonId, PromptId } from '../../src/core/ids.js';
import type { SignatureStatus } from '../../src/core/rows.js';
import { isSigned, signatureRows } from '../../src/core/signatures.js';
import { everything } from '../../src/core/state.js';
import {
  assertGolden,
  assertRead,
  fixedOptions,
  goldenFolder,
  madeLedger,
  memoryOf,
  readGolden,
  type MadeLedger,
} from '../tools/goldenLedger.js';
import { eventsOf, Sandbox } from '../tools/ledgerFixture.js';
import { SoftwareKey, softwareKeyTypes } from '../tools/softwareKeys.js';
import { hasSshKeygen, SshKeys } from '../tools/sshKeys.js';

/**
 * test/golden/signed/: an approval by Ben with good signatures of all kinds of keys, and with those that do not
 * count. UPDATE_GOLDEN=1 makes it again with new keys; nobody keeps the old ones.
 */
const golden = goldenFolder('signed');
const [ana, ben] = ['a', 'b'].map((digit) => digit.repeat(32)) as [PersonId, PersonId];
const prompt = 'c'.repeat(32) as PromptId;
const text = 'Be brief.\n';
const policy =
  '{"version":1,"approvals":{"required":1,"signed":true},"environments":{"production":{}}}\n';
const address = 'ben@clinic.example';

interface Given {
  /** The texts of the first and the second adoption. */
  readonly allowedSigners: readonly [string, string];
  /** In the order in which they are attached; all to Ben's approval, the last one behind the second adoption. */
  readonly signatures: readonly (readonly [name: string, armoured: string])[];
}

const statuses: Readonly<Record<string, SignatureStatus>> = {
  ...Object.fromEntries(softwareKeyTypes.map((type) => [type, 'good'])),
  'sha256, address in capitals': 'good',
  'other bytes': 'bad',
  'other namespace': 'bad',
  'unknown key': 'unknown-key',
  'key of Ana': 'other-person',
  'expired key': 'not-valid-then',
  'key of the future': 'not-valid-then',
  'key for git': 'wrong-namespace',
  'key of 1,024 bits': 'unsupported',
  certificate: 'unsupported',
  'no armour': 'unreadable',
  'key that was taken out': 'unknown-key',
};

async function newGiven(): Promise<Given> {
  const good = softwareKeyTypes.map((type) => new SoftwareKey(type));
  const named = Object.fromEntries(
    ['upper', 'unknown', 'ana', 'expired', 'future', 'git'].map((name) => [
      name,
      new SoftwareKey('ssh-ed25519'),
    ]),
  ) as Record<'upper' | 'unknown' | 'ana' | 'expired' | 'future' | 'git', SoftwareKey>;
  const small = new SoftwareKey('ssh-rsa', { bits: 1024 });
  const programKeys = new SshKeys();
  const [plain, authority] = [programKeys.make('ed25519'), programKeys.make('ed25519')];
  const first = [
    '# Whose key is whose.',
    ...good.map((key) => `${address} ${key.line}`),
    `"BEN@Clinic.example,b*@other.example" ${named.upper.line} a comment`,
    `*@clinic.example,!${address} namespaces="prompt-audit" ${named.ana.line}`,
    `${address} valid-before="20261121051200" ${named.expired.line}`,
    `${address} valid-after="20261121060000Z" ${named.future.line}`,
    `${address} namespaces="git,file" ${named.git.line}`,
    `${address} ${small.line}`,
    `${address} cert-authority ${authority.line}`,
    'this line is broken',
    '',
  ].join('\n');
  // The keys come first, then the header that they sign.
  const unsigned = await recreate({ allowedSigners: [first, ''], signatures: [] });
  const header = approvalIn(unsigned.events).headerText;
  const certified = programKeys.certify(plain, authority, address);
  const signatures: [string, string][] = [
    ...good.map((key): [string, string] => [key.type, key.sign(header)]),
    ['sha256, address in capitals', named.upper.sign(header, { hash: 'sha256' })],
    ['other bytes', good[0]!.sign(`${header} `)],
    ['other namespace', good[0]!.sign(header, { namespace: 'git' })],
    ['unknown key', named.unknown.sign(header)],
    ['key of Ana', named.ana.sign(header)],
    ['expired key', named.expired.sign(header)],
    ['key of the future', named.future.sign(header)],
    ['key for git', named.git.sign(header)],
    ['key of 1,024 bits', small.sign(header)],
    ['certificate', programKeys.sign(certified, header)],
    ['no armour', 'Signed, Ben\n'],
    ['key that was taken out', good[0]!.sign(header, { hash: 'sha256' })],
  ];
  programKeys.clean();
  const second = first.replace(`${address} ${good[0]!.line}\n`, '');
  return { allowedSigners: [first, second], signatures };
}

const options = () => fixedOptions('signed', Date.UTC(2026, 10, 21, 5, 12, 0, 999));

const beforeSignatures = (
  allowedSigners: string,
): ((events: readonly LedgerEvent[]) => EventDraft)[] => [
  () => ({ type: 'ledger.created', who: ana, refs: {}, body: {}, identity: 'git' }),
  () => declared(ana, 'Ana', 'ana@clinic.example'),
  () => declared(ben, 'Ben', 'Ben@clinic.example'),
  () => adopted(allowedSigners),
  () => ({
    type: 'prompt.registered',
    who: ana,
    prompt,
    refs: {},
    body: { path: 'prompts/triage.md', format: 'markdown' },
    identity: 'git',
  }),
  () => ({
    type: 'revision.saved',
    who: ana,
    prompt,
    refs: { digest: digestOf(text) },
    body: { path: 'prompts/triage.md', size: text.length, source: 'editor' },
    identity: 'git',
  }),
  (events) => ({
    type: 'version.proposed',
    who: ana,
    prompt,
    refs: { digest: digestOf(text), revision: events.at(-1)!.id, number: 1 },
    body: { path: 'prompts/triage.md', note: 'Shorter.' },
    identity: 'git',
  }),
  (events) => ({
    type: 'review.decided',
    who: ben,
    prompt,
    refs: {
      version: events.at(-1)!.id,
      digest: digestOf(text),
      policy: digestOf(policy),
      decision: 'approved',
    },
    body: { meaning: 'I read it.', reason: null },
    identity: 'git',
  }),
];

const declared = (person: PersonId, name: string, email: string): EventDraft => ({
  type: 'person.declared',
  who: person,
  refs: { person },
  body: { name, email },
  identity: 'git',
});

const adopted = (allowedSigners: string): EventDraft => ({
  type: 'policy.adopted',
  who: ana,
  refs: { policy: digestOf(policy) },
  body: {
    policy,
    allowedSigners,
    mailmap: null,
    codeowners: null,
    source: 'working-tree',
    commit: null,
  },
  identity: 'git',
});

async function recreate(given: Given): Promise<MadeLedger> {
  const box = new Sandbox();
  const store = await box.open(options());
  store.create();
  const append = (draft: EventDraft, signature?: string): Promise<LedgerEvent> =>
    store.transact((tx) => {
      if (draft.type === 'version.proposed') tx.putContent(Buffer.from(text));
      if (draft.type === 'signature.attached' && signature !== undefined)
        tx.putSignature(draft.refs.event, Buffer.from(signature, 'latin1'));
      return tx.append(draft);
    });
  for (const make of beforeSignatures(given.allowedSigners[0])) await append(make(eventsOf(store)));
  const approval = approvalIn(eventsOf(store));
  for (const [at, [, armoured]] of given.signatures.entries()) {
    if (at === given.signatures.length - 1) await append(adopted(given.allowedSigners[1]));
    const refs = { event: approval.id, signature: digestOf(Buffer.from(armoured, 'latin1')) };
    const draft: EventDraft = {
      type: 'signature.attached',
      who: ben,
      refs,
      body: {},
      identity: 'git',
    };
    await append(draft, armoured);
  }
  const result = await madeLedger(store);
  box.clean();
  return result;
}

const approvalIn = (events: readonly LedgerEvent[]): LedgerEvent =>
  events.find(({ type }) => type === 'review.decided')!;

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe('golden ledger with signatures', () => {
  let given: Given;
  before(async () => {
    if (process.env['UPDATE_GOLDEN']) {
      mkdirSync(golden(''), { recursive: true });
      writeFileSync(golden('given.json'), asJson(await newGiven()));
    }
    given = JSON.parse(readFileSync(golden('given.json'), 'utf8')) as Given;
  });

  it('is made again byte by byte', async () => {
    assertGolden(golden, await recreate(given));
  });

  it('is read without a finding, and each signature counts or does not', async () => {
    const file = await readGolden(golden);
    assertRead(golden, file);
    const tail = file.events.map(({ event }) => event);
    const memory = memoryOf(file);
    const rows = signatureRows(memory.state, approvalIn(tail).id, everything);
    const found = rows.map(({ status }, at) => [given.signatures[at]![0], status]);
    const wanted = given.signatures.map(([name]) => [name, statuses[name]]);
    assert.deepEqual(found, wanted);
    assert.equal(new Set(found.map(([, status]) => status)).size, 8);
    assert.ok(isSigned(memory.state, approvalIn(tail).id, everything));
  });

  it('says of each what ssh-keygen says', async function () {
    if (!hasSshKeygen) return this.skip();
    const keys = new SshKeys();
    const { events } = await recreate(given);
    const { headerText: message } = approvalIn(events);
    for (const [at, [name, armoured]] of given.signatures.entries()) {
      const signers = given.allowedSigners[at === given.signatures.length - 1 ? 1 : 0];
      const time = `202611210512${String(events.length - given.signatures.length + at).padStart(2, '0')}Z`;
      const principal = name.includes('capitals') ? 'BEN@Clinic.example' : address;
      const isGood = keys.verify({ armoured, message, signers, principal, time });
      // The two kinds of keys that OpenSSH takes and we do not.
      const differs = name === 'key of 1,024 bits' || name === 'certificate';
      assert.equal(isGood, differs || statuses[name] === 'good', name);
    }
    keys.clean();
  });
});

import assert from 'node:assert/strict';
import type { EventOf, LedgerEvent } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest, EventId } from '../../src/core/ids.js';
import { isSigned, signatureRows } from '../../src/core/signatures.js';
import { ancestorsOf, everything } from '../../src/core/state.js';
import { replayedDeployment } from '../../src/core/verdicts.js';
import { noAttachments } from '../../src/ledger/attachments.js';
import { LedgerBase, type BaseFiles } from '../../src/ledger/base.js';
import { baseDataOf } from '../../src/ledger/baseData.js';
import { LedgerMemory } from '../../src/ledger/memory.js';
import { ana, EventChain, ravi, rosa, triage } from '../tools/eventChain.js';
import { SoftwareKey, type SigningChanges } from '../tools/softwareKeys.js';

const policyWith = (rule: object): string =>
  JSON.stringify({ version: 1, approvals: rule, environments: { staging: {}, production: {} } });
const signedPolicy = policyWith({ signed: true });
const attendedPolicy = policyWith({ unattended: false });

const ravisKey = new SoftwareKey('ssh-ed25519');
const anasKey = new SoftwareKey('ecdsa-sha2-nistp256');
const signers = `ravi@clinic.example ${ravisKey.line}\nana@clinic.example ${anasKey.line}\n`;

/** A chain whose state reads signatures, as LedgerMemory's does. */
class SignedChain extends EventChain {
  readonly bytes = new Map<Digest, Buffer>();

  constructor(policy: string, allowedSigners: string | null = signers) {
    super();
    this.state.readSignature = (digest) => this.bytes.get(digest);
    this.begin(policy);
    this.adoptSigners(policy, allowedSigners);
  }

  adoptSigners(policy: string, allowedSigners: string | null): void {
    this.adopt(policy, { allowedSigners });
  }

  sign(
    event: LedgerEvent,
    key: SoftwareKey,
    more: SigningChanges & { parents?: readonly EventId[]; at?: string; withheld?: boolean } = {},
  ) {
    const bytes = Buffer.from(key.sign(event.headerText, more));
    const signature = digestOf(bytes);
    if (!more.withheld) this.bytes.set(signature, bytes);
    const { parents, at } = more;
    const how = { ...(parents && { parents }), ...(at && { at }) };
    return this.add('signature.attached', ravi, { event: event.id, signature }, {}, how);
  }

  statuses(event: LedgerEvent): string[] {
    return signatureRows(this.state, event.id, everything).map(({ status }) => status);
  }

  /** The reasons why the last event, a deployment, was against the policy. */
  whyNot(deployment: LedgerEvent): string[] {
    assert.ok(deployment.known && deployment.type === 'deployment.recorded');
    const seq = this.state.seqOf(deployment.id)!;
    return replayedDeployment(this.state, deployment, seq)!.reasons.map(({ code }) => code);
  }
}

describe('signatures in the ledger', () => {
  it('an approval counts with a signature of its person before the deployment, where the policy asks for one', () => {
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    const refused = chain.deploy(rosa, v1);
    chain.sign(approval, ravisKey);
    const allowed = chain.deploy(rosa, v1);
    assert.deepEqual(chain.whyNot(refused), ['approval.missing', 'approval.unsigned']);
    assert.deepEqual(chain.whyNot(allowed), []);
  });

  it('a signature beside the deployment does not count for it, only one among its ancestors', () => {
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    chain.sign(approval, ravisKey);
    const beside = chain.deploy(rosa, v1, 'production', { parents: [approval.id] });
    assert.deepEqual(chain.whyNot(beside), ['approval.missing', 'approval.unsigned']);
  });

  it('a signature by another person, or a bad one, leaves the approval uncounted', () => {
    for (const sign of [
      (chain: SignedChain, approval: LedgerEvent) => chain.sign(approval, anasKey),
      (chain: SignedChain, approval: LedgerEvent) =>
        chain.sign(approval, ravisKey, { namespace: 'git' }),
      (chain: SignedChain) => chain.sign(chain.state.event(1), ravisKey),
    ]) {
      const chain = new SignedChain(signedPolicy);
      const v1 = chain.propose(ana, 'one');
      sign(chain, chain.decide(ravi, v1));
      assert.deepEqual(chain.whyNot(chain.deploy(rosa, v1)), [
        'approval.missing',
        'approval.unsigned',
      ]);
    }
  });

  it('a signed objection falls by a signature of the same address alone; a signed approval by anything', () => {
    const at = (anew: (chain: SignedChain, objection: EventOf<'review.decided'>) => void) => {
      const chain = new SignedChain(policyWith({}));
      const v1 = chain.propose(ana, 'one');
      chain.decide(rosa, v1);
      const objection = chain.decide(ravi, v1, 'rejected');
      chain.sign(objection, ravisKey);
      anew(chain, objection);
      return chain.whyNot(chain.deploy(rosa, v1));
    };
    const revoked = (chain: SignedChain, { id }: LedgerEvent, who = ravi) =>
      chain.add('review.revoked', who, { decision: id }, { reason: 'r' }, { prompt: triage });
    const approved = (chain: SignedChain) =>
      chain.decide(ravi, [...chain.state.versions.values()][0]!.event);
    const stands = ['version.rejected', 'decision.signedStands'];
    assert.deepEqual(at(approved), stands);
    assert.deepEqual(
      at((chain, objection) => void revoked(chain, objection)),
      stands,
    );
    assert.deepEqual(
      at((chain) => chain.sign(approved(chain), ravisKey)),
      [],
    );
    assert.deepEqual(
      at((chain, objection) => chain.sign(revoked(chain, objection), ravisKey)),
      [],
    );
    // Under a declaration that anybody can write of him, and by a person joined with him, signed with another's key.
    const declared = { name: 'Ravi', email: 'ana@clinic.example' };
    const redeclared = (chain: SignedChain) => {
      chain.add('person.declared', ravi, { person: ravi }, declared);
      chain.sign(approved(chain), anasKey);
    };
    assert.deepEqual(at(redeclared), stands);
    const joined = (chain: SignedChain, objection: LedgerEvent) => {
      chain.add('person.joined', ana, { persons: [ana, ravi] }, {});
      chain.sign(revoked(chain, objection, ana), anasKey);
    };
    assert.deepEqual(at(joined), stands);
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    chain.sign(approval, ravisKey);
    revoked(chain, approval);
    assert.deepEqual(chain.whyNot(chain.deploy(rosa, v1)), ['approval.missing']);
  });

  it('an unattended approval counts where it is signed, although the policy counts no others', () => {
    const chain = new SignedChain(attendedPolicy);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1, 'approved', { unattended: true });
    const refused = chain.deploy(rosa, v1);
    chain.sign(approval, ravisKey);
    assert.deepEqual(chain.whyNot(refused), ['approval.missing', 'approval.unattended']);
    assert.deepEqual(chain.whyNot(chain.deploy(rosa, v1)), []);
  });

  it('the adoption among the ancestors of the signature decides, whatever is adopted later', () => {
    const chain = new SignedChain(signedPolicy, null);
    const approval = chain.decide(ravi, chain.propose(ana, 'one'));
    chain.sign(approval, ravisKey);
    chain.adoptSigners(signedPolicy, signers);
    chain.sign(approval, ravisKey, { hash: 'sha256' });
    chain.adoptSigners(signedPolicy, '# nobody\n');
    assert.deepEqual(chain.statuses(approval), ['unknown-key', 'good']);
  });

  it('judges validity at the time of the signature.attached event, in UTC', () => {
    const until = `ravi@clinic.example valid-before="20260301" ${ravisKey.line}\n`;
    const chain = new SignedChain(signedPolicy, until);
    const approval = chain.decide(ravi, chain.propose(ana, 'one'));
    chain.sign(approval, ravisKey, { at: '2026-03-01T00:00:00.999Z' });
    chain.sign(approval, ravisKey, { at: '2026-03-01T00:00:01.000Z', hash: 'sha256' });
    assert.deepEqual(chain.statuses(approval), ['good', 'not-valid-then']);
  });

  it('nobody signs under one address and takes the role of another', () => {
    const policy = JSON.stringify({
      version: 1,
      roles: { reviewer: ['ravi@clinic.example'] },
      approvals: { signed: true, roles: ['reviewer'] },
      environments: { production: {} },
    });
    const chain = new SignedChain(policy, `rosa@clinic.example ${anasKey.line}\n`);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(rosa, v1);
    chain.sign(approval, anasKey);
    assert.deepEqual(chain.statuses(approval), ['good']);
    chain.add(
      'person.declared',
      rosa,
      { person: rosa },
      { name: 'R', email: 'ravi@clinic.example' },
    );
    const deployment = chain.deploy(ana, v1);
    assert.deepEqual(chain.statuses(approval), ['good'], 'what it was then, it stays');
    assert.deepEqual(chain.whyNot(deployment), ['approval.missing', 'approval.unsigned']);
  });

  it('a joined id brings no address of its own while the person has one', () => {
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(rosa, 'one');
    chain.add('person.joined', ana, { persons: [ana, ravi] }, {});
    const approval = chain.decide(ravi, v1);
    chain.sign(approval, anasKey);
    assert.deepEqual(chain.statuses(approval), ['other-person']);
  });

  it('a signature of what does not stand before it is nobody’s', () => {
    const chain = new SignedChain(signedPolicy);
    const root = chain.state.idAt(1);
    const approval = chain.decide(ravi, chain.propose(ana, 'one'));
    chain.sign(approval, ravisKey, { parents: [root] });
    assert.deepEqual(chain.statuses(approval), []);
  });

  it('bytes that come later make it count, and nothing is remembered without them', () => {
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    const bytes = Buffer.from(ravisKey.sign(approval.headerText));
    const refs = { event: approval.id, signature: digestOf(bytes) };
    chain.add('signature.attached', ravi, refs, {});
    assert.deepEqual(chain.statuses(approval), ['unreadable']);
    assert.equal(chain.state.hasMissedSignature, true);
    chain.bytes.set(refs.signature, bytes);
    assert.deepEqual(chain.statuses(approval), ['good']);
  });

  it('any event can be signed, more than once, and rows tell the key', () => {
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(ana, 'one');
    const attached = chain.sign(v1, anasKey);
    const [row] = signatureRows(chain.state, v1.id, everything);
    assert.deepEqual([row?.event, row?.at], [attached.id, attached.header.at]);
    assert.deepEqual([row?.keyType, row?.principals], [anasKey.type, 'ana@clinic.example']);
    assert.match(row?.fingerprint ?? '', /^SHA256:[A-Za-z0-9+/]{43}$/);
    const before = ancestorsOf(chain.state, chain.state.seqOf(attached.id)!);
    assert.deepEqual(signatureRows(chain.state, v1.id, before), []);
    assert.equal(isSigned(chain.state, v1.id, before), false);
    assert.equal(isSigned(chain.state, v1.id, everything), true);
  });

  it('a snapshot keeps them, also those that are attached behind it', () => {
    const chain = new SignedChain(signedPolicy);
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    chain.sign(approval, ravisKey);
    const size = chain.state.size;
    chain.sign(approval, ravisKey, { hash: 'sha256' });
    const deployment = chain.deploy(rosa, v1);
    const events = Array.from({ length: chain.state.size }, (_, at) => chain.state.event(at + 1));
    const attachments = noAttachments();
    for (const [digest, bytes] of chain.bytes)
      attachments.signatures.set(digest, { event: approval.id, digest, bytes });
    const { ledger } = approval.header;
    const older = new LedgerMemory({
      ledger,
      base: null,
      tail: events.slice(0, size),
      synced: 0,
      attachments,
    });
    const files: BaseFiles = {
      texts: (seq) => ({ header: events[seq - 1]!.headerText, body: events[seq - 1]!.bodyText }),
      content: () => undefined,
    };
    const memory = new LedgerMemory({
      ledger,
      base: new LedgerBase(baseDataOf(older), files),
      tail: events.slice(size),
      synced: 0,
      attachments: noAttachments(),
    });
    const rows = signatureRows(memory.state, approval.id, everything);
    assert.deepEqual(rows, signatureRows(chain.state, approval.id, everything));
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['good', 'good'],
    );
    const verdict = replayedDeployment(
      memory.state,
      deployment,
      memory.state.seqOf(deployment.id)!,
    );
    assert.deepEqual(verdict?.reasons, []);
  });
});

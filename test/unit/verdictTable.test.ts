import assert from 'node:assert/strict';
import { activeRows } from '../../src/core/activeRows.js';
import { explanationOf } from '../../src/core/explain.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest, EventId, PersonId, WriterId } from '../../src/core/ids.js';
import { identitiesIn } from '../../src/core/identities.js';
import { policyInScope } from '../../src/core/policyInScope.js';
import { reasonTexts } from '../../src/core/reasons.js';
import { everything } from '../../src/core/state.js';
import { decisionVerdict } from '../../src/core/decisionVerdict.js';
import { deploymentVerdict } from '../../src/core/verdicts.js';
import type { EventChain } from '../tools/eventChain.js';
import { ana, fakeId, ravi, rosa, triage } from '../tools/eventChain.js';
import { SoftwareKey } from '../tools/softwareKeys.js';
import { codesOf, declare, max, policyOf, quinn, replay, teamChain } from '../tools/verdictCase.js';

/** One deployment, and why it was refused: empty where it was allowed. */
interface Case {
  /** The key of the policy that it is about. */
  readonly rule: string;
  readonly does: string;
  readonly policy: string;
  readonly files?: { mailmap?: string; codeowners?: string };
  /** All codes, sorted: of the verdict, and of approvals that do not count. */
  readonly codes: readonly string[];
  /** Records what leads to the deployment, and gives bodies that are gone. */
  readonly build: (chain: EventChain) => { readonly gone?: readonly EventId[] } | void;
  readonly env?: string;
  readonly by?: PersonId;
  readonly at?: string;
}

const at = (day: number, hour = 12): string => new Date(Date.UTC(2026, 1, day, hour)).toISOString();
const parts = (changes: Partial<Record<string, string>> = {}) => {
  const part = (name: string): Digest => digestOf(changes[name] ?? name);
  return { text: part('text'), model: part('model'), tools: null, permissions: null };
};
const versions = new WeakMap<EventChain, ReturnType<EventChain['propose']>>();

/** What is deployed at the end is the last one. */
function propose(
  chain: EventChain,
  ...[who, text, ...more]: Parameters<EventChain['propose']>
): ReturnType<EventChain['propose']> {
  const proposed = chain.propose(who, text, ...more);
  versions.set(chain, proposed);
  return proposed;
}

/** A first version that somebody for safety approved. */
function beginSafely(chain: EventChain): void {
  chain.decide(rosa, chain.propose(ana, 'one', 1, triage, { parts: parts() }));
}

const plain = policyOf({});
const reviewer = {
  roles: {
    reviewer: ['ravi@clinic.example', 'max@clinic.example'],
    safety: ['rosa@clinic.example'],
  },
};
/** A reviewer approves everything, and somebody for safety besides what a rule takes. */
const safetyWhere = (rule: object): string =>
  policyOf({}, { ...reviewer, rules: [{ ...rule, approvals: { roles: ['safety'] } }] });
const people = {
  people: {
    ana: { emails: ['ana@clinic.example', 'ana@home.example'] },
    ravi: { emails: ['ravi@clinic.example', 'ravi@home.example'], handles: ['@ravi'] },
    helper: { emails: ['max@clinic.example'], kind: 'agent' },
  },
};
const named = {
  ...people,
  groups: { clinical: ['ravi'], '@clinic/rev': ['ravi'] },
  roles: { reviewer: ['ravi', 'clinical', '@clinic/rev'] },
};
const ravisKey = new SoftwareKey('ssh-ed25519');
const quality = { roles: { quality: ['quinn@clinic.example'] } };
const qualityInProduction = {
  ...quality,
  environments: { production: { approvals: { roles: ['quality'], required: 1 } } },
};
const second = fakeId(0x72);
const at2 = { prompt: second };

const cases: readonly Case[] = [
  {
    rule: 'required',
    does: 'counts one approval',
    policy: plain,
    codes: [],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'required',
    does: 'misses one',
    policy: plain,
    codes: ['approval.missing'],
    build: (chain) => void propose(chain, ana, 'one'),
  },
  {
    rule: 'required',
    does: 'wants two people, not two approvals',
    policy: policyOf({ required: 2 }),
    codes: ['approval.missing', 'approval.superseded'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'required',
    does: 'may want nobody',
    policy: policyOf({ required: 0 }),
    codes: [],
    build: (chain) => void propose(chain, ana, 'one'),
  },
  {
    rule: 'roles',
    does: 'counts who has one',
    policy: policyOf({ roles: ['reviewer'] }, reviewer),
    codes: [],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'roles',
    does: 'counts nobody else',
    policy: policyOf({ roles: ['reviewer'] }, reviewer),
    codes: ['approval.missing', 'approver.role'],
    build: (chain) => void chain.decide(rosa, propose(chain, ana, 'one')),
  },
  {
    rule: 'roles',
    does: 'reaches people through groups and their other addresses',
    policy: policyOf(
      { roles: ['reviewer'] },
      { ...people, groups: { clinical: ['ravi'] }, roles: { reviewer: ['clinical'] } },
    ),
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xb2), 'Ravi', 'ravi@home.example');
      chain.decide(fakeId(0xb2), v1);
    },
  },
  {
    rule: 'roles',
    does: 'cannot tell whose details are redacted',
    policy: policyOf({ roles: ['reviewer'] }, reviewer),
    codes: ['approval.missing', 'approver.role', 'person.redacted'],
    build(chain) {
      chain.decide(ravi, propose(chain, ana, 'one'));
      const declared = chain.state.event(3).id;
      chain.add('redacted', rosa, { target: declared }, { reason: 'asked for it' });
      return { gone: [declared] };
    },
  },
  {
    rule: 'allOf',
    does: 'is filled by one person for each place',
    policy: policyOf(
      {
        required: 2,
        allOf: [
          { required: 1, roles: ['reviewer'] },
          { required: 1, roles: ['safety'] },
        ],
      },
      reviewer,
    ),
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(rosa, v1);
      chain.decide(max, v1);
    },
  },
  {
    rule: 'allOf',
    does: 'is not filled by one person with both roles',
    policy: policyOf(
      {
        allOf: [
          { required: 1, roles: ['reviewer'] },
          { required: 1, roles: ['both'] },
        ],
      },
      { roles: { ...reviewer.roles, both: ['ravi@clinic.example'] } },
    ),
    codes: ['approval.quota'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'codeowners',
    does: 'counts owners by handle, also at another address',
    policy: policyOf({ codeowners: true }, people),
    files: { codeowners: '* @nobody\n*.prompt.md @ravi\n' },
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xb2), 'Ravi', 'ravi@home.example');
      chain.decide(fakeId(0xb2), v1);
    },
  },
  {
    rule: 'codeowners',
    does: 'counts nobody else',
    policy: policyOf({ codeowners: true }, people),
    files: { codeowners: '*.prompt.md @ravi\n' },
    codes: ['approval.missing', 'approver.owner'],
    build: (chain) => void chain.decide(rosa, propose(chain, ana, 'one')),
  },
  {
    rule: 'codeowners',
    does: 'counts nobody without the file',
    policy: policyOf({ codeowners: true }, people),
    codes: ['approval.missing', 'approver.owner'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'contributors',
    does: 'counts no contributor',
    policy: plain,
    codes: ['approval.missing', 'approver.contributed'],
    build: (chain) => void chain.decide(ana, propose(chain, ana, 'one')),
  },
  {
    rule: 'contributors',
    does: 'may count them',
    policy: policyOf({ contributors: true }),
    codes: [],
    build: (chain) => void chain.decide(ana, propose(chain, ana, 'one')),
  },
  {
    rule: 'unattended',
    does: 'counts unattended approvals',
    policy: plain,
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { unattended: true }),
  },
  {
    rule: 'unattended',
    does: 'may count none',
    policy: policyOf({ unattended: false }),
    codes: ['approval.missing', 'approval.unattended'],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { unattended: true }),
  },
  {
    rule: 'unattended',
    does: 'counts no approval of which nobody can tell',
    policy: policyOf({ unattended: false }),
    codes: ['approval.missing', 'decision.redacted'],
    build: (chain) => ({ gone: [chain.decide(ravi, propose(chain, ana, 'one')).id] }),
  },
  {
    rule: 'signed',
    does: 'counts none without a signature (with one: signatures.test.ts)',
    policy: policyOf({ signed: true }),
    codes: ['approval.missing', 'approval.unsigned'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  ...(['approved', 'changes-requested', 'revoked'] as const).map((then): Case => ({
    rule: 'signed',
    does: `keeps a signed rejection that was ${then} without a signature`,
    policy: plain,
    codes: [
      ...(then === 'changes-requested' ? ['changes.requested'] : []),
      'decision.signedStands',
      'version.rejected',
    ],
    build(chain) {
      chain.adopt(plain, { allowedSigners: `ravi@clinic.example ${ravisKey.line}\n` });
      const v1 = propose(chain, ana, 'one');
      chain.decide(rosa, v1);
      const rejected = chain.decide(ravi, v1, 'rejected');
      const bytes = Buffer.from(ravisKey.sign(rejected.headerText));
      chain.state.readSignature = () => bytes;
      const refs = { event: rejected.id, signature: digestOf(bytes) };
      chain.add('signature.attached', ravi, refs, {});
      if (then === 'revoked') revoke(chain, ravi, rejected.id);
      else chain.decide(ravi, v1, then);
    },
  })),
  {
    rule: 'sameClone',
    does: 'counts an approval from another clone',
    policy: policyOf({ sameClone: false }),
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { writer: fakeId(2) }),
  },
  {
    rule: 'sameClone',
    does: 'counts none from the clone that proposed the text',
    policy: policyOf({ sameClone: false }),
    codes: ['approval.missing', 'approval.sameClone'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'expires',
    does: 'counts an approval that is young enough',
    policy: policyOf({ expires: '30d' }),
    at: at(30),
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { at: at(1) }),
  },
  {
    rule: 'expires',
    does: 'counts no older one',
    policy: policyOf({ expires: '30d' }),
    at: at(31, 13),
    codes: ['approval.expired', 'approval.missing'],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { at: at(1) }),
  },
  {
    rule: 'reason',
    does: 'counts an approval with one',
    policy: policyOf({ reason: true }),
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { reason: 'read twice' }),
  },
  {
    rule: 'reason',
    does: 'counts none without',
    policy: policyOf({ reason: true }),
    codes: ['approval.missing', 'approval.reason'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'meanings',
    does: 'counts an approval that means it',
    policy: policyOf({ meanings: ['medical review'] }),
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', {
        meaning: 'medical review',
      }),
  },
  {
    rule: 'meanings',
    does: 'counts none that means something else',
    policy: policyOf({ meanings: ['medical review'] }),
    codes: ['approval.meaning', 'approval.missing'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'otherPolicy',
    does: 'counts approvals under an older policy',
    policy: plain,
    codes: [],
    build(chain) {
      chain.decide(ravi, propose(chain, ana, 'one'));
      chain.adopt(policyOf({ required: 1 }));
    },
  },
  {
    rule: 'otherPolicy',
    does: 'may count none of them',
    policy: plain,
    codes: ['approval.missing', 'approval.policy'],
    build(chain) {
      chain.decide(ravi, propose(chain, ana, 'one'));
      chain.adopt(policyOf({ otherPolicy: false }));
    },
  },
  {
    rule: 'scoped',
    does: 'counts an approval that names the environment',
    policy: policyOf({ scoped: true }),
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { envs: ['production'] }),
  },
  {
    rule: 'scoped',
    does: 'counts none that names no environment',
    policy: policyOf({ scoped: true }),
    codes: ['approval.missing', 'approval.scope'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'scoped',
    does: 'counts no approval for another environment, even where it is not set',
    policy: policyOf({}, { environments: { staging: {}, production: {} } }),
    codes: ['approval.missing', 'approval.scope'],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { envs: ['staging'] }),
  },
  {
    rule: 'openComments',
    does: 'lets comments be open',
    policy: plain,
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      comment(chain, rosa, v1.id);
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'openComments',
    does: 'may want them resolved by somebody else than a contributor',
    policy: policyOf({ openComments: false }),
    codes: ['comments.open'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      const first = comment(chain, rosa, v1.id);
      resolve(chain, ana, first);
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'openComments',
    does: 'does not count what an agent resolved of what somebody else said',
    policy: policyOf({ openComments: false }, people),
    codes: ['comments.open'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      resolve(chain, max, comment(chain, rosa, v1.id));
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'openComments',
    does: 'lets an agent resolve what it said',
    policy: policyOf({ openComments: false }, people),
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      resolve(chain, max, comment(chain, max, v1.id));
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'openComments',
    does: 'is content once their author resolved them',
    policy: policyOf({ openComments: false }),
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      resolve(chain, rosa, comment(chain, rosa, v1.id));
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'people',
    does: 'makes one person of two addresses: no contributor approves by the other one',
    policy: policyOf({}, people),
    codes: ['approval.missing', 'approver.contributed'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xa2), 'A. Silva', 'ana@home.example');
      chain.decide(fakeId(0xa2), v1);
    },
  },
  {
    rule: 'people',
    does: 'counts one person with two addresses once',
    policy: policyOf({ required: 2 }, people),
    codes: ['approval.missing', 'approval.superseded'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xb2), 'Ravi', 'ravi@home.example');
      chain.decide(ravi, v1);
      chain.decide(fakeId(0xb2), v1);
    },
  },
  {
    rule: 'people',
    does: 'counts for approvals of before, once it is adopted',
    policy: plain,
    codes: ['approval.missing', 'approver.contributed'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xa2), 'A. Silva', 'ana@home.example');
      chain.decide(fakeId(0xa2), v1);
      chain.adopt(policyOf({}, people));
    },
  },
  {
    rule: 'people',
    does: 'says who is an agent: their approvals never count',
    policy: policyOf({}, people),
    codes: ['approval.missing', 'approver.agent'],
    build: (chain) => void chain.decide(max, propose(chain, ana, 'one')),
  },
  {
    rule: 'people',
    does: 'is not needed to know programs by their addresses',
    policy: plain,
    codes: ['approval.missing', 'approver.agent'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xf), 'Claude', 'noreply@anthropic.com');
      chain.decide(fakeId(0xf), v1);
    },
  },
  {
    rule: 'people',
    does: 'makes a person of somebody with the name of a program',
    policy: policyOf({}, { people: { claude: { emails: ['claude@clinic.example'] } } }),
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xf), 'Claude', 'claude@clinic.example');
      chain.decide(fakeId(0xf), v1);
    },
  },
  {
    rule: '.mailmap',
    does: 'makes one person of two addresses',
    policy: plain,
    files: { mailmap: 'Ana <ana@clinic.example> <ana@home.example>\n' },
    codes: ['approval.missing', 'approver.contributed'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      declare(chain, fakeId(0xa2), 'A. Silva', 'ana@home.example');
      chain.decide(fakeId(0xa2), v1);
    },
  },
  {
    rule: 'rules',
    does: 'adds what it asks to paths, environments and changes that it names',
    policy: safetyWhere({ name: 'clinical', paths: ['triage*'] }),
    codes: ['approval.missing', 'approver.role'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  {
    rule: 'rules',
    does: 'is served by an approval that serves others, too',
    policy: safetyWhere({ name: 'clinical', paths: ['triage*'] }),
    codes: [],
    build: (chain) => void chain.decide(rosa, propose(chain, ana, 'one')),
  },
  {
    rule: 'rules',
    does: 'leaves other paths and environments alone',
    policy: policyOf(
      {},
      {
        ...reviewer,
        environments: { staging: {}, production: {} },
        rules: [
          { name: 'a', paths: ['other/**'], approvals: { roles: ['safety'] } },
          { name: 'b', environments: ['staging'], approvals: { roles: ['safety'] } },
        ],
      },
    ),
    codes: [],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  ...(['asks when the model changed', 'asks nothing when it did not'] as const).map(
    (does, i): Case => ({
      rule: 'changes',
      does,
      policy: safetyWhere({ name: 'models', changes: ['model'] }),
      codes: i === 0 ? ['approval.missing', 'approval.otherVersion', 'approver.role'] : [],
      build(chain) {
        beginSafely(chain);
        const changed = i === 0 ? { model: 'larger', text: 'two' } : { text: 'two' };
        const v2 = propose(chain, ana, 'two', 2, triage, { parts: parts(changed) });
        chain.decide(ravi, v2);
      },
    }),
  ),
  {
    rule: 'changes',
    does: 'does not forget a change that nobody of the rule ever approved',
    policy: safetyWhere({ name: 'models', changes: ['model'] }),
    codes: ['approval.missing', 'approval.otherVersion', 'approver.role'],
    build(chain) {
      beginSafely(chain);
      const v2 = chain.propose(ana, 'two', 2, triage, {
        parts: parts({ model: 'x', text: 'two' }),
      });
      chain.decide(ravi, v2);
      const v3 = propose(chain, ana, 'three', 3, triage, {
        parts: parts({ model: 'x', text: 'three' }),
      });
      chain.decide(ravi, v3);
    },
  },
  {
    rule: 'changes',
    does: 'takes what cannot be read for any change',
    policy: safetyWhere({ name: 'tools', changes: ['tools'] }),
    codes: ['approval.missing', 'approval.otherVersion', 'approver.role'],
    build(chain) {
      beginSafely(chain);
      chain.decide(ravi, propose(chain, ana, 'two', 2, triage, { parts: null }));
    },
  },
  {
    rule: 'decisions',
    does: 'a change request blocks',
    policy: plain,
    codes: ['changes.requested'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      chain.decide(rosa, v1, 'changes-requested');
    },
  },
  {
    rule: 'decisions',
    does: 'a rejection blocks',
    policy: plain,
    codes: ['version.rejected'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      chain.decide(rosa, v1, 'rejected');
    },
  },
  {
    rule: 'decisions',
    does: 'a rejection blocks until its own person revokes it',
    policy: plain,
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      revoke(chain, rosa, chain.decide(rosa, v1, 'rejected').id);
    },
  },
  {
    rule: 'decisions',
    does: 'nobody revokes what somebody else decided',
    policy: plain,
    codes: ['version.rejected'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      revoke(chain, ana, chain.decide(rosa, v1, 'rejected').id);
    },
  },
  {
    rule: 'decisions',
    does: 'a revoked approval does not count',
    policy: plain,
    codes: ['approval.missing', 'approval.revoked'],
    build: (chain) => void revoke(chain, ravi, chain.decide(ravi, propose(chain, ana, 'one')).id),
  },
  {
    rule: 'decisions',
    does: 'of two that had not seen each other the one against it blocks',
    policy: plain,
    codes: ['version.rejected'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1, 'rejected', { parents: [v1.id], writer: fakeId(3) });
      chain.decide(ravi, v1, 'approved', { parents: [v1.id], writer: fakeId(4) });
    },
  },
  {
    rule: 'decisions',
    does: 'a withdrawn version is not deployed',
    policy: plain,
    codes: ['version.withdrawn'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      const refs = { version: v1.id };
      chain.add('version.withdrawn', ana, refs, { reason: 'r' }, { prompt: triage });
    },
  },
  ...([0, 1] as const).map((required): Case => ({
    rule: 'environments',
    does: `an environment's own approvals are not by authors of what it never approved (general: ${required})`,
    policy: policyOf({ required }, qualityInProduction),
    codes: ['approval.missing', 'approval.otherVersion', 'approver.contributed'],
    build(chain) {
      chain.decide(ravi, propose(chain, quinn, 'one'));
      chain.decide(quinn, propose(chain, ana, 'two', 2));
    },
  })),
  {
    rule: 'environments',
    does: 'an environment that approved a text itself takes it from its authors',
    policy: policyOf({}, { ...qualityInProduction, roles: { quality: ['*'] } }),
    codes: [],
    build(chain) {
      chain.decide(ravi, propose(chain, quinn, 'one'));
      chain.decide(quinn, propose(chain, ana, 'two', 2));
    },
  },
  {
    rule: 'contributorMayDeploy',
    does: 'looks at what the environment approved, not at what was approved elsewhere',
    policy: policyOf(
      {},
      {
        ...quality,
        environments: {
          production: { contributorMayDeploy: false, approvals: { roles: ['quality'] } },
        },
      },
    ),
    by: ana,
    codes: ['deployer.contributed'],
    build(chain) {
      chain.decide(ravi, propose(chain, ana, 'one'));
      chain.decide(quinn, propose(chain, rosa, 'two', 2));
    },
  },
  {
    rule: 'contributors',
    does: 'sees who wrote the very bytes beside the proposal',
    policy: plain,
    codes: ['approval.missing', 'approver.contributed'],
    build(chain) {
      const { heads } = chain;
      const body = { path: 'triage.prompt.md', size: 3, source: 'cli' as const };
      const v1 = propose(chain, ana, 'one');
      const more = { prompt: triage, writer: fakeId(2), parents: heads };
      chain.add('revision.saved', ravi, { digest: digestOf('one') }, body, more);
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'contributors',
    does: 'takes nobody for an author who saved the bytes after the proposal',
    policy: plain,
    codes: [],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.revise(ravi, 'one', triage, { writer: fakeId(2) });
      chain.decide(ravi, v1);
    },
  },
  {
    rule: 'environments',
    does: 'an environment that the policy does not name gets nothing',
    policy: plain,
    env: 'moon',
    codes: ['environment.unknown'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  },
  ...([rosa, ravi] as const).map((by): Case => ({
    rule: 'deployers',
    does: by === rosa ? 'lets who has the role deploy' : 'lets nobody else deploy',
    policy: policyOf({}, { ...reviewer, environments: { production: { deployers: ['safety'] } } }),
    by,
    codes: by === rosa ? [] : ['deployer.role'],
    build: (chain) => void chain.decide(max, propose(chain, ana, 'one')),
  })),
  ...([rosa, ravi] as const).map((by): Case => ({
    rule: 'approverMayDeploy',
    does: by === rosa ? 'lets others deploy' : 'keeps the approver from deploying',
    policy: policyOf({}, { environments: { production: { approverMayDeploy: false } } }),
    by,
    codes: by === rosa ? [] : ['deployer.approved'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  })),
  {
    rule: 'approverMayDeploy',
    does: 'keeps an approver from deploying whom somebody made a contributor by joining ids',
    policy: policyOf({}, { environments: { production: { approverMayDeploy: false } } }),
    by: ravi,
    codes: ['deployer.approved'],
    build(chain) {
      const v1 = propose(chain, ana, 'one');
      chain.decide(ravi, v1);
      chain.decide(max, v1);
      join(chain, ana, ravi);
    },
  },
  ...([rosa, ana] as const).map((by): Case => ({
    rule: 'contributorMayDeploy',
    does: by === rosa ? 'lets others deploy' : 'keeps a contributor from deploying',
    policy: policyOf({}, { environments: { production: { contributorMayDeploy: false } } }),
    by,
    codes: by === rosa ? [] : ['deployer.contributed'],
    build: (chain) => void chain.decide(ravi, propose(chain, ana, 'one')),
  })),
  {
    rule: 'policy',
    does: 'nobody can tell what a redacted policy said',
    policy: plain,
    codes: ['policy.redacted'],
    build(chain) {
      chain.decide(ravi, propose(chain, ana, 'one'));
      return { gone: [chain.adopt(policyOf({ required: 2 })).id] };
    },
  },
  // The traps of reference questions that concern verdicts.
  {
    rule: 'trap',
    does: 'an approval of a version does not approve the same bytes in another prompt',
    policy: plain,
    codes: ['approval.missing'],
    build(chain) {
      chain.decide(ravi, chain.propose(ana, 'same'));
      chain.add('prompt.registered', ana, {}, { path: 'b.prompt.md', format: 'x' }, at2);
      propose(chain, ana, 'same', 1, second, { path: 'b.prompt.md' });
    },
  },
  {
    rule: 'trap',
    does: 'a merge of two approved versions is new bytes that nobody approved',
    policy: plain,
    codes: ['approval.missing', 'approval.otherVersion'],
    build(chain) {
      chain.decide(ravi, chain.propose(ana, 'left'));
      chain.decide(ravi, chain.propose(ana, 'right', 2));
      propose(chain, ana, 'left and right', 3);
    },
  },
  {
    rule: 'trap',
    does: 'old bytes that come back need a new approval',
    policy: plain,
    codes: ['approval.missing', 'approval.otherVersion'],
    build(chain) {
      chain.decide(ravi, chain.propose(ana, 'old'));
      chain.decide(ravi, chain.propose(ana, 'new', 2));
      propose(chain, ana, 'old', 3);
    },
  },
  {
    rule: 'trap',
    does: 'a rename during review neither loses an approval nor escapes the rule of the new path',
    policy: safetyWhere({ name: 'clinical', paths: ['clinical/**'] }),
    codes: ['approval.missing', 'approver.role'],
    build(chain) {
      chain.decide(ravi, propose(chain, ana, 'one'));
      const body = { from: 'triage.prompt.md', to: 'clinical/triage.prompt.md' };
      chain.add('prompt.moved', ana, {}, body, { prompt: triage });
    },
  },
  ...([ana, ravi] as const).map((by): Case => ({
    rule: 'trap',
    does: `both sides of a merge were approved: ${by === ana ? 'one' : 'the other'} author may approve what joins them`,
    policy: plain,
    codes: [],
    build(chain) {
      const base = [...chain.heads];
      const sides = ([ana, ravi] as const).map((who, i) => {
        const writer = fakeId(0x20 + i);
        const digest = digestOf(`side ${i}`);
        const body = { path: 'triage.prompt.md', size: 1, source: 'cli' as const };
        const more = { prompt: triage, writer, parents: base };
        const revision = chain.add('revision.saved', who, { digest }, body, more).id;
        const refs = { digest, revision, number: 1 };
        const proposed = { path: 'triage.prompt.md', note: 'n' };
        return chain.add('version.proposed', who, refs, proposed, { ...more, parents: [revision] });
      });
      for (const side of sides) chain.decide(rosa, side);
      chain.decide(by, propose(chain, max, 'both sides', 3));
    },
  })),
  {
    rule: 'trap',
    does: 'a clock two days slow changes nothing but expiry, which compares what clocks claim',
    policy: policyOf({ expires: '1d' }),
    at: at(1),
    codes: [],
    build: (chain) =>
      void chain.decide(ravi, propose(chain, ana, 'one'), 'approved', { at: at(3) }),
  },
  // Who is who: what anybody can write of anybody only makes stricter.
  ...(
    [
      ['a join that nobody asked the other about', join],
      ['an address that was declared for a moment', borrow],
    ] as const
  ).flatMap(([what, forge]): Case[] => [
    {
      rule: 'people',
      does: `${what} gives nobody a role`,
      policy: policyOf({ roles: ['reviewer'] }, { ...people, roles: { reviewer: ['ravi'] } }),
      codes: ['approval.missing', 'approver.role'],
      build(chain) {
        forge(chain, rosa, ravi);
        chain.decide(rosa, propose(chain, ana, 'one'));
      },
    },
    {
      rule: 'people',
      does: `${what} makes nobody an owner`,
      policy: policyOf({ codeowners: true }, people),
      files: { codeowners: '* @ravi\n' },
      codes: ['approval.missing', 'approver.owner'],
      build(chain) {
        forge(chain, rosa, ravi);
        chain.decide(rosa, propose(chain, ana, 'one'));
      },
    },
    {
      rule: 'people',
      does: `${what} does not make two people of one`,
      policy: policyOf({ required: 2 }, people),
      codes: ['approval.missing', 'approval.superseded'],
      build(chain) {
        forge(chain, rosa, ravi);
        const v1 = propose(chain, ana, 'one');
        chain.decide(ravi, v1);
        chain.decide(ravi, v1);
      },
    },
    {
      rule: 'people',
      does: `${what} makes one of a program and its person`,
      policy: policyOf({}, people),
      codes: ['approval.missing', 'approver.agent'],
      build(chain) {
        forge(chain, rosa, max);
        chain.decide(rosa, propose(chain, ana, 'one'));
      },
    },
  ]),
  ...['copilot@bot.example', 'x@anthropic.com'].map((email): Case => ({
    rule: 'people',
    does: `a program stays one at another address, without any table (${email})`,
    policy: plain,
    codes: ['approval.missing', 'approver.agent'],
    build(chain) {
      declare(chain, rosa, 'Rosa', email);
      declare(chain, rosa, 'Rosa', 'rosa@clinic.example');
      chain.decide(rosa, propose(chain, ana, 'one'));
    },
  })),
  ...['ravi', 'clinical', '@clinic/rev', '@ravi', '*', ''].flatMap((email): Case[] => [
    {
      rule: 'roles',
      does: `"${email}" is no address, and no name of a person or group`,
      policy: policyOf({ roles: ['reviewer'] }, named),
      codes: ['approval.missing', 'approver.role'],
      build(chain) {
        declare(chain, rosa, 'Rosa', email);
        chain.decide(rosa, propose(chain, ana, 'one'));
      },
    },
    {
      rule: 'codeowners',
      does: `"${email}" is no address, and no handle or team`,
      policy: policyOf({ codeowners: true }, named),
      files: { codeowners: '* @ravi @clinic/rev ravi@clinic.example\n' },
      codes: ['approval.missing', 'approver.owner'],
      build(chain) {
        declare(chain, rosa, 'Rosa', email);
        chain.decide(rosa, propose(chain, ana, 'one'));
      },
    },
  ]),
  ...(
    [
      ['without any table', {}],
      ['with people', people],
    ] as const
  ).flatMap(([what, tables]): Case[] => [
    {
      rule: 'required',
      does: `two clones that both were offline are one person by the address, ${what}`,
      policy: policyOf({ required: 2 }, tables),
      codes: ['approval.missing', 'approval.superseded'],
      build(chain) {
        declare(chain, fakeId(0xb3), 'Rosa', 'ROSA@clinic.example');
        const v1 = propose(chain, ana, 'one');
        chain.decide(rosa, v1);
        chain.decide(fakeId(0xb3), v1);
      },
    },
    {
      rule: 'contributors',
      does: `nobody approves from a second clone with the same address, ${what}`,
      policy: policyOf({}, tables),
      codes: ['approval.missing', 'approver.contributed'],
      build(chain) {
        declare(chain, fakeId(0xb3), 'Rosa', 'rosa@clinic.example');
        // What was declared once counts.
        declare(chain, fakeId(0xb3), 'Rosa', 'rosa@elsewhere.example');
        chain.decide(fakeId(0xb3), propose(chain, rosa, 'one'));
      },
    },
    {
      rule: 'approverMayDeploy',
      does: `nobody deploys from a second clone with the same address, ${what}`,
      policy: policyOf(
        {},
        { ...tables, environments: { production: { approverMayDeploy: false } } },
      ),
      by: fakeId(0xb3),
      codes: ['deployer.approved'],
      build(chain) {
        declare(chain, fakeId(0xb3), 'Rosa', 'rosa@clinic.example');
        chain.decide(rosa, propose(chain, ana, 'one'));
      },
    },
  ]),
];

function join(chain: EventChain, who: PersonId, other: PersonId): void {
  chain.add('person.joined', who, { persons: [who, other] }, {});
}

/** Declares the address of somebody else, and then the own one again. */
function borrow(chain: EventChain, who: PersonId, other: PersonId): void {
  const email = chain.state.persons.ref(who).email!;
  declare(chain, who, 'R', chain.state.persons.ref(other).email!);
  declare(chain, who, 'R', email);
}

function comment(chain: EventChain, who: PersonId, version: EventId): EventId {
  const refs = { version, thread: null };
  const body = { text: 'why?', line: null, endLine: null };
  return chain.add('review.commented', who, refs, body, { prompt: triage }).id;
}

function resolve(chain: EventChain, who: PersonId, thread: EventId): EventId {
  const refs = { thread, resolved: true };
  return chain.add('review.resolved', who, refs, { note: null }, { prompt: triage }).id;
}

function revoke(chain: EventChain, who: PersonId, decision: EventId): EventId {
  return chain.add('review.revoked', who, { decision }, { reason: 'r' }, { prompt: triage }).id;
}

function run({ policy, files, build, env, by = quinn, at: when }: Case) {
  const chain = teamChain(policy, files);
  const { gone = [] } = build(chain) ?? {};
  const more = when === undefined ? {} : { at: when };
  const deployed = chain.deploy(by, versions.get(chain)!, env, more);
  return { chain, deployed, gone, verdict: replay(chain, deployed, gone) };
}

describe('a verdict on a deployment', () => {
  for (const one of cases)
    it(`${one.rule}: ${one.does}`, () => {
      const { verdict } = run(one);
      assert.deepEqual(codesOf(verdict), one.codes);
      assert.equal(verdict.allowed, one.codes.length === 0);
      const failed = verdict.trace.steps.filter(({ outcome }) => outcome === 'fail');
      assert.equal(failed.length === 0, verdict.allowed, 'it is read off its trace');
      for (const { code, events, check } of failed) {
        assert.ok(code, check);
        assert.ok(events.every((event) => typeof event === 'string'));
      }
    });

  it('is refused for approvals that came later, or of which nobody can tell, and says so', () => {
    const chain = teamChain(plain);
    const v1 = propose(chain, ana, 'one');
    const base = [...chain.heads];
    const deployed = chain.deploy(quinn, v1, 'production', { writer: fakeId(5) });
    const later = chain.decide(ravi, v1, 'approved', { writer: fakeId(6) });
    const beside = chain.decide(rosa, v1, 'approved', { parents: base, writer: fakeId(7) });
    const { reasons, ignored } = replay(chain, deployed);
    assert.deepEqual(
      reasons.map(({ code }) => code),
      ['approval.missing'],
    );
    assert.deepEqual(ignored, [
      { code: 'approval.after', events: [later.id] },
      { code: 'approval.unordered', events: [beside.id] },
    ]);
  });

  it('was never made of an imported tag', () => {
    const chain = teamChain(plain);
    const v1 = propose(chain, ana, 'one');
    const refs = {
      version: v1.id,
      digest: v1.header.refs.digest,
      policy: chain.policyDigest,
      env: 'production',
      outcome: 'succeeded' as const,
      breakGlass: false,
      previous: null,
      rollbackOf: null,
      commit: 'c'.repeat(40),
      claimedAt: at(1),
    };
    const body = { note: null, reference: null };
    const deployed = chain.add('deployment.recorded', ana, refs, body, { prompt: triage });
    assert.deepEqual(codesOf(replay(chain, deployed)), ['deployment.imported']);
  });

  it('has a case of every key that allows and one that refuses, and one of every code', () => {
    const allowing = new Set(cases.filter(({ codes }) => codes.length === 0).map((c) => c.rule));
    const refusing = new Set(cases.filter(({ codes }) => codes.length > 0).map((c) => c.rule));
    for (const rule of refusing)
      if (!['signed', 'environments', 'policy', '.mailmap'].includes(rule))
        assert.ok(allowing.has(rule), `${rule} is never met`);
    const seen = new Set(cases.flatMap(({ codes }) => codes));
    for (const code of ['approval.after', 'approval.unordered', 'deployment.imported'])
      seen.add(code);
    // verdictTableDeployments.test.ts
    seen.add('deployment.notPromoted');
    const ofVerdicts =
      /^(approval|approver|version|changes|comments|deployer|environment|decision|person|policy|deployment)\./;
    for (const code of Object.keys(reasonTexts))
      if (ofVerdicts.test(code)) assert.ok(seen.has(code), `${code} is in no case`);
  });
});

describe('what came later', () => {
  it('stands beside the row of a deployment, labelled, and changes no verdict', () => {
    const chain = teamChain(plain);
    const v1 = propose(chain, ana, 'one');
    const approval = chain.decide(ravi, v1);
    const base = [...chain.heads];
    const deployed = chain.deploy(quinn, v1, 'production', { writer: fakeId(5) });
    const revoked = revoke(chain, ravi, approval.id);
    const beside = chain.decide(rosa, v1, 'rejected', { parents: base, writer: fakeId(7) });
    const query = { prompt: null, env: null, at: null };
    const [row] = activeRows(chain.state, chain.state.size, query);
    assert.equal(row?.order, 'proven');
    assert.deepEqual(
      row?.approvers.map(({ name }) => name),
      ['Ravi'],
    );
    assert.deepEqual(row?.later, [
      { what: 'revoked', event: revoked, order: 'after' },
      { what: 'rejected', event: beside.id, order: 'unknown' },
    ]);
    assert.deepEqual(codesOf(replay(chain, deployed)), []);
  });

  it('approvals that stand before a deployment are proven, also where a rejection spoke against it', () => {
    const chain = teamChain(plain);
    const v1 = propose(chain, ana, 'one');
    chain.decide(ravi, v1);
    chain.decide(rosa, v1, 'rejected');
    chain.deploy(quinn, v1, 'production');
    const [row] = activeRows(chain.state, chain.state.size, { prompt: null, env: null, at: null });
    assert.equal(row?.order, 'proven');
  });

  it('is told by `explain` with a role that somebody has no more', () => {
    const policy = policyOf({ roles: ['reviewer'] }, reviewer);
    const chain = teamChain(policy);
    const v1 = propose(chain, ana, 'one');
    chain.decide(ravi, v1);
    const deployed = chain.deploy(quinn, v1);
    const { id } = chain.adopt(policy.replace('ravi@', 'ines@'));
    const { state } = chain;
    const { allowed, later } = explanationOf(state, state.size, state.seqOf(deployed.id)!);
    assert.equal(allowed, true);
    assert.deepEqual(
      later.map(({ event, order, text }) => [event.id, order, text]),
      [[id, 'after', 'by this policy Ravi would have no role that counts']],
    );
  });
});

describe('a rollback', () => {
  it('to a version whose approval has expired is refused, as a deployment is', () => {
    const chain = teamChain(policyOf({ expires: '1d' }));
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved', { at: at(1) });
    const first = chain.deploy(quinn, v1, 'production', { at: at(1, 13) });
    const v2 = chain.propose(ana, 'two', 2);
    chain.decide(ravi, v2, 'approved', { at: at(5) });
    chain.deploy(quinn, v2, 'production', { at: at(5, 13) });
    const back = chain.deploy(quinn, v1, 'production', { at: at(6), rollbackOf: first.id });
    assert.deepEqual(codesOf(replay(chain, first)), []);
    assert.deepEqual(codesOf(replay(chain, back)), [
      'approval.expired',
      'approval.missing',
      'approval.otherVersion',
    ]);
  });
});

describe('a person who wants to approve', () => {
  const why = (
    policy: string,
    more: {
      files?: { codeowners?: string };
      who?: PersonId;
      envs?: readonly string[];
      words?: { reason: string | null; meaning: string };
      writer?: WriterId;
    } = {},
  ): readonly string[] => {
    const chain = teamChain(policy, more.files);
    const version = chain.version(chain.propose(ana, 'one'));
    const { state } = chain;
    const { who = ravi, envs = null, words, writer } = more;
    return decisionVerdict({
      state,
      version,
      policy: policyInScope(state, everything)!,
      scope: everything,
      who: state.persons.actor(who),
      decision: 'approved',
      envs,
      ...(words === undefined ? {} : { words }),
      ...(writer === undefined ? {} : { writer }),
    }).reasons.map(({ code }) => code);
  };

  const owners = { codeowners: '* @ravi\n' };
  const words = { reason: null, meaning: 'm' };
  for (const [name, codes, found] of [
    ['may', [], () => why(plain)],
    ['is no program', ['approver.agent'], () => why(policyOf({}, people), { who: max })],
    ['has a role', ['approver.role'], () => why(policyOf({ roles: ['safety'] }, reviewer))],
    [
      'has a role of some rule',
      [],
      () =>
        why(
          policyOf(
            { roles: ['safety'] },
            {
              ...reviewer,
              rules: [{ name: 'more', approvals: { roles: ['reviewer'] } }],
            },
          ),
        ),
    ],
    ['owns the path', [], () => why(policyOf({ codeowners: true }, people), { files: owners })],
    [
      'owns it, or is refused',
      ['approver.owner'],
      () => why(policyOf({ codeowners: true }, people), { files: owners, who: rosa }),
    ],
    ['contributed nothing', ['approver.contributed'], () => why(plain, { who: ana })],
    ['gives a reason', ['approval.reason'], () => why(policyOf({ reason: true }), { words })],
    ['is not asked for one before', [], () => why(policyOf({ reason: true }))],
    ['means it', ['approval.meaning'], () => why(policyOf({ meanings: ['a'] }), { words })],
    ['names environments', ['approval.scope'], () => why(policyOf({ scoped: true }))],
    ['named them', [], () => why(policyOf({ scoped: true }), { envs: ['production'] })],
    [
      'works elsewhere',
      ['approval.sameClone'],
      () => why(policyOf({ sameClone: false }), { writer: fakeId(1) }),
    ],
    ['did', [], () => why(policyOf({ sameClone: false }), { writer: fakeId(2) })],
  ] as const)
    it(`${name}: ${codes.join(', ') || 'allowed'}`, () => {
      assert.deepEqual(found(), codes);
    });
});

describe('the deployer', () => {
  it('who is nobody to the ledger yet is known by an address of the policy', () => {
    const policy = policyOf(
      {},
      { ...people, environments: { production: { approverMayDeploy: false } } },
    );
    const chain = teamChain(policy);
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1);
    const input = {
      state: chain.state,
      policy: policyInScope(chain.state, everything)!,
      version: chain.version(v1),
      scope: everything,
      env: 'production',
    };
    const codes = (email: string): readonly string[] =>
      deploymentVerdict({ ...input, who: { ids: [], email } }).reasons.map(({ code }) => code);
    assert.deepEqual(codes('ravi@home.example'), ['deployer.approved']);
    assert.deepEqual(codes('ines@clinic.example'), []);
  });
});

describe('whose own an act is', () => {
  const ownIn = (policy: string, mailmap?: string) => {
    const chain = teamChain(policy, mailmap === undefined ? {} : { mailmap });
    const own = (one: PersonId, other: PersonId): boolean => {
      const { state } = chain;
      const known = policyInScope(state, everything)!;
      return identitiesIn({ state, policy: known, scope: everything }).isOwn(one, other);
    };
    return { chain, own };
  };

  it('hangs on the addresses declared last, not on joins or earlier ones', () => {
    for (const policy of [plain, policyOf({}, people)]) {
      const { chain, own } = ownIn(policy);
      assert.equal(own(rosa, rosa), true);
      join(chain, rosa, ravi);
      borrow(chain, rosa, ravi);
      assert.equal(own(rosa, ravi), false);
      declare(chain, fakeId(0xb2), 'Ravi', 'RAVI@clinic.example');
      assert.equal(own(fakeId(0xb2), ravi), true);
    }
  });

  it('reaches the addresses of one entry of people, or of .mailmap', () => {
    for (const [policy, mailmap] of [
      [policyOf({}, people), undefined],
      [plain, 'Ravi <ravi@clinic.example> <ravi@home.example>\n'],
    ] as const) {
      const { chain, own } = ownIn(policy, mailmap);
      declare(chain, fakeId(0xb2), 'Ravi', 'ravi@home.example');
      assert.equal(own(fakeId(0xb2), ravi), true);
      assert.equal(own(fakeId(0xb2), rosa), false);
    }
  });

  it('is nobody else’s where there is no address', () => {
    const { chain, own } = ownIn(plain);
    declare(chain, rosa, 'Rosa', '');
    declare(chain, max, 'Max', '');
    assert.equal(own(rosa, max), false);
    assert.equal(own(rosa, fakeId(0xff)), false);
  });
});

describe('the name of a program', () => {
  it('is known with characters in it that nobody sees', () => {
    for (const [name, email] of [
      ['Cl\u200Baude Code', 'x@clinic.example'],
      ['Claude Co\u200Dde', 'x@clinic.example'],
      ['Cur\u00ADsor', 'x@clinic.example'],
      ['Somebody', 'x@anthropic\u2060.com'],
    ] as const) {
      const chain = teamChain(plain);
      declare(chain, rosa, name, email);
      chain.decide(rosa, propose(chain, ana, 'one'));
      const deployed = chain.deploy(quinn, versions.get(chain)!);
      assert.deepEqual(codesOf(replay(chain, deployed)), ['approval.missing', 'approver.agent']);
    }
  });
});

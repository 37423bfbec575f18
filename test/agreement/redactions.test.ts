import assert from 'node:assert/strict';
import { digestOf } from '../../src/core/hash.js';
import { ana, fakeId, ravi, rosa } from '../tools/eventChain.js';
import { temporaryFolder } from '../tools/temporary.js';
import { MadeLedger } from './madeLedger.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { policyTexts } from './policyTexts.js';
import { pythonAnswers } from './pythonVerifier.js';

const ruled = (rule: string): string =>
  `{"version":1,"roles":{"data":["Ravi@Clinic.example"]},"redaction":${rule},"environments":{"a":{}}}`;
const lenient = ruled('{"roles":["data"]}');
/** Everybody here has more than one address or stands in a group. */
const named =
  '{"people":{"Ravi":{"emails":["Ravi@clinic.example","ravi@home.example"]},"Ana":{"emails":["ana@clinic.example"]}},' +
  '"groups":{"data":["Ravi"],"@clinic/data":["Ravi"]},"roles":{"data":["Ravi","data","@clinic/data"]},"redaction":{"roles":["data"]},"environments":{"a":{}}}';
const strict = ruled('{"roles":["data"],"unattended":false}');

/** Ledgers with redactions that count and that do not; the codes that both verifiers give. */
const scenarios: readonly (readonly [string, (made: MadeLedger) => void, readonly string[]])[] = [
  ['a body that a redaction explains', (m) => gone(m), []],
  [
    'a body that a redaction names and that is there',
    (m) => gone(m, { stays: true }),
    ['redaction.present'],
  ],
  [
    'a redaction before the policy',
    (m) => gone(m, { adopt: null }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  [
    'a redaction by somebody else',
    (m) => gone(m, { who: rosa }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  [
    'a redaction by nobody known',
    (m) => gone(m, { who: fakeId(99) }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  ['an unattended redaction', (m) => gone(m, { unattended: true }), []],
  [
    'an unattended one where that is not enough',
    (m) => gone(m, { adopt: strict, unattended: true }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  [
    'a reason of white space',
    (m) => gone(m, { reason: ' \u00a0\u2003\ufeff\n' }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  ['a reason of a control character', (m) => gone(m, { reason: '\u001c' }), []],
  ['a reason of NEL', (m) => gone(m, { reason: '\u0085' }), []],
  [
    'a redaction that had not seen its target',
    (m) => gone(m, { parents: 'before' }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  [
    'a redaction that a later one repeats',
    (m) => {
      const target = gone(m, { who: rosa });
      m.redact(ravi, target);
    },
    ['redaction.unauthorised'],
  ],
  [
    'a text',
    (m) => {
      m.adopt(lenient);
      const version = m.propose(ana, 'secret');
      m.redact(ravi, version.header.refs.digest);
      m.remove(version.header.refs.digest);
    },
    [],
  ],
  [
    'a text that is there again',
    (m) => {
      m.adopt(lenient);
      m.redact(ravi, m.propose(ana, 'secret').header.refs.digest);
    },
    ['redaction.present'],
  ],
  [
    'a text that nobody redacted',
    (m) => m.remove(m.propose(ana, 'x').header.refs.digest),
    ['content.missing'],
  ],
  [
    'a text that nobody recorded',
    (m) => {
      m.adopt(lenient);
      m.redact(ravi, digestOf('unknown'));
    },
    ['redaction.unauthorised'],
  ],
  ['the policy in force', (m) => m.redact(ravi, m.adopt(lenient).id), ['redaction.unauthorised']],
  [
    'a policy that judged',
    (m) => {
      const policy = gone(m, {}, true);
      m.adopt(`${lenient} `);
      m.redact(ravi, policy);
    },
    ['redaction.unauthorised'],
  ],
  [
    'a policy of before',
    (m) => {
      const policy = m.adopt(`${lenient} `);
      m.adopt(lenient);
      m.redact(ravi, policy.id);
      m.remove(policy.id);
    },
    [],
  ],
  [
    'the declaration of who redacts',
    (m) => {
      m.adopt(lenient);
      m.redact(ravi, m.chain.state.idAt(3));
    },
    ['redaction.unauthorised'],
  ],
  [
    'the declaration of somebody who was joined with who redacts',
    (m) => {
      m.adopt(lenient);
      m.chain.add('person.joined', ana, { persons: [rosa, ravi] }, {});
      m.redact(ravi, m.chain.state.idAt(4));
    },
    ['redaction.unauthorised'],
  ],
  [
    'the declaration of somebody else',
    (m) => {
      m.adopt(lenient);
      const id = m.chain.state.idAt(4);
      m.redact(ravi, id);
      m.remove(id);
    },
    [],
  ],
  [
    'what has to stay',
    (m) => {
      m.adopt(lenient);
      for (const seq of [1, 6]) m.redact(ravi, m.chain.state.idAt(seq));
      m.redact(ravi, m.chain.state.idAt(8));
    },
    ['redaction.unauthorised', 'redaction.unauthorised', 'redaction.unauthorised'],
  ],
  [
    'a joined person without a declaration',
    (m) => {
      m.adopt(lenient);
      m.chain.add('person.joined', ana, { persons: [ravi, fakeId(0xff)] }, {});
      gone(m, { who: fakeId(0xff), adopt: null });
    },
    [],
  ],
  [
    'a declaration by somebody else',
    (m) => {
      m.chain.add(
        'person.declared',
        ana,
        { person: rosa },
        { name: 'x', email: 'ravi@clinic.example' },
      );
      gone(m, { who: rosa });
    },
    ['body.missing', 'redaction.unauthorised'],
  ],
  [
    'an address in capitals',
    (m) => {
      const body = { name: 'x', email: 'RAVI@Clinic.Example' };
      m.chain.add('person.declared', rosa, { person: rosa }, body);
      gone(m, { who: rosa });
    },
    [],
  ],
  ['a redactor whom the policy has in a group', (m) => gone(m, { adopt: named }), []],
  [
    'a person who is not in it',
    (m) => gone(m, { adopt: named, who: ana }),
    ['body.missing', 'redaction.unauthorised'],
  ],
  [
    'another address of such a redactor, in capitals',
    (m) => {
      const body = { name: 'x', email: 'RAVI@Home.Example' };
      m.chain.add('person.declared', rosa, { person: rosa }, body);
      gone(m, { who: rosa, adopt: named });
    },
    [],
  ],
  [
    'an address that only .mailmap gives the redactor',
    (m) => {
      const body = { name: 'x', email: 'ravi@old.example' };
      m.chain.add('person.declared', rosa, { person: rosa }, body);
      gone(m, { who: rosa, adopt: named, mailmap: '<ravi@home.example> <ravi@old.example>\n' });
    },
    ['body.missing', 'redaction.unauthorised'],
  ],
  ...['Ravi', 'data', '@clinic/data', '*', ''].map((email): (typeof scenarios)[number] => [
    `an address without a domain: "${email}"`,
    (m) => {
      m.chain.add('person.declared', rosa, { person: rosa }, { name: 'x', email });
      gone(m, { who: rosa, adopt: named });
    },
    ['body.missing', 'redaction.unauthorised'],
  ]),
  [
    'a new address of their own',
    (m) => {
      m.chain.add(
        'person.declared',
        rosa,
        { person: rosa },
        { name: 'x', email: 'ravi@clinic.example' },
      );
      gone(m, { who: rosa });
    },
    [],
  ],
];

interface Gone {
  readonly who?: typeof ravi;
  readonly adopt?: string | null;
  readonly mailmap?: string;
  readonly stays?: true;
  readonly reason?: string;
  readonly unattended?: true;
  readonly parents?: 'before';
}

/** A comment whose body is redacted; its id, or that of the policy. */
function gone(made: MadeLedger, how: Gone = {}, policy = false) {
  const { who = ravi, adopt = lenient, mailmap = null, stays, reason, unattended, parents } = how;
  const adoption = adopt === null ? null : made.adopt(adopt, null, mailmap);
  const before = made.chain.state.idAt(made.chain.state.size);
  const { id } = made.comment(rosa, 'a secret');
  const more = {
    ...(reason === undefined ? {} : { reason }),
    ...(unattended === undefined ? {} : { unattended }),
    ...(parents === undefined ? {} : { parents: [before], writer: fakeId(77) }),
  };
  made.redact(who, id, more);
  if (stays === undefined) made.remove(id);
  return policy && adoption !== null ? adoption.id : id;
}

describe('two verifiers on redactions', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('agreement');
  const ours: Answer[] = [];
  let theirs: readonly Answer[] = [];

  before(async () => {
    const files: string[] = [];
    const makers = [
      ...scenarios.map(([, make]) => make),
      ...policyTexts.map((text) => (made: MadeLedger) => void gone(made, { adopt: text })),
    ];
    for (const [i, make] of makers.entries()) {
      const made = new MadeLedger();
      make(made);
      const file = await made.write(`${folder.path}/${i}/ledger.sqlite`);
      files.push(file);
      ours.push(await ourAnswer(file));
    }
    theirs = await pythonAnswers(files);
  });
  after(() => folder.remove());

  const found = ({ errors, warnings }: Answer): string[] =>
    [...errors, ...warnings].filter((one) => !one.startsWith('signature')).sort();

  for (const [i, [name, , expected]] of scenarios.entries()) {
    it(name, () => {
      assert.deepEqual(
        found(theirs[i]!).map((one) => one.split(' ')[0]),
        [...expected].sort(),
      );
      assert.deepEqual(found(ours[i]!), found(theirs[i]!));
    });
  }

  for (const [i, text] of policyTexts.entries()) {
    it(`the policy ${JSON.stringify(text).slice(0, 100)}`, () => {
      const at = scenarios.length + i;
      assert.deepEqual(found(ours[at]!), found(theirs[at]!));
    });
  }

  it('read some of the policies and refused others', () => {
    const good = theirs.slice(scenarios.length).filter((one) => one.errors.length === 0).length;
    assert.ok(good > 8 && good < policyTexts.length - 8, String(good));
  });
});

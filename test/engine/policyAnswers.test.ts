import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import type { PolicyHelp } from '../../src/trail/policyHelpApi.js';
import { Clinic } from '../tools/clones.js';

const triage = 'prompts/triage.prompt.md';
const letter = 'prompts/letters/discharge.prompt.md';

const policy = (ledger: string): string => `{
  "version": 1,
  "ledger": "${ledger}",
  "people": {
    "bob": { "emails": ["bob@clinic.example", "bob@home.example"] },
    "helper": { "emails": ["helper@clinic.example"], "kind": "agent" }
  },
  "groups": { "clinical": ["bob", "dora@clinic.example"] },
  "roles": { "reviewer": ["clinical"], "author": ["alice@clinic.example"], "idle": ["*"] },
  "approvals": { "required": 1, "roles": ["reviewer"], "meanings": ["Safe", "Plain words"] },
  "rules": [
    {
      "name": "letters",
      "paths": ["prompts/letters/**"],
      "environments": ["production"],
      "approvals": { "required": 1, "scoped": true, "reason": true, "meanings": ["Plain words"] }
    }
  ],
  "environments": { "staging": {}, "production": {} }
}
`;

describe('what a trail answers about its policy', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let trail: Trail;
  let text = '';

  before(async () => {
    clinic = new Clinic();
    clinic.clone('alice');
    clinic.write('alice', triage, 'one\n');
    clinic.write('alice', letter, 'two\n');
    await clinic.init('alice');
    const file = join(clinic.folder, 'alice', '.prompt-audit/policy.jsonc');
    text = policy(/[0-9a-f]{32}/u.exec(readFileSync(file, 'utf8'))?.[0] ?? '');
    writeFileSync(file, text);
    clinic.commit('alice');
    trail = await clinic.open('alice');
    await trail.propose({ path: triage, note: 'first' });
    await trail.propose({ path: letter, note: 'first' });
  });

  after(() => clinic.dispose());

  const help = (marked: string, behind = 1): Promise<PolicyHelp | null> =>
    trail.policyHelp({ text, offset: text.indexOf(marked) + behind });

  it('says who a role, a group, a person and an address are', async () => {
    const role = (await help('"roles": ["reviewer"]', 12))?.about;
    assert.deepEqual(role?.kind === 'role' && role.members, [
      { text: 'clinical', kind: 'group', names: ['bob', 'dora@clinic.example'] },
    ]);
    const person = (await help('"bob", "dora'))?.about;
    assert.ok(person?.kind === 'person');
    assert.deepEqual(person.emails, ['bob@clinic.example', 'bob@home.example']);
    assert.deepEqual(person.roles, ['reviewer', 'idle']);
    const address = (await help('"alice@clinic.example"'))?.about;
    assert.ok(address?.kind === 'address');
    assert.equal(address.name, 'Alice', 'the ledger knows her');
    const agent = (await help('"helper"'))?.about;
    assert.equal(agent?.kind === 'person' && agent.isAgent, true);
  });

  it('counts what a glob matches', async () => {
    const glob = (await help('prompts/letters/**'))?.about;
    assert.ok(glob?.kind === 'glob');
    assert.deepEqual([glob.matching, glob.total, glob.examples], [1, 2, [letter]]);
  });

  it('finds what lint says in a text that is not saved', async () => {
    const texts = { mailmap: null, codeowners: null, allowedSigners: null };
    const idle = await trail.lintTexts({ text, ...texts });
    assert.ok(idle.some(({ code, fix }) => code === 'lint.unusedRole' && fix !== undefined));
    const wrong = await trail.lintTexts({
      text: text.replace('["reviewer"]', '["reviewr"]'),
      ...texts,
    });
    assert.deepEqual(
      wrong.map(({ code, severity, fix }) => [code, severity, fix?.edits[0]?.text]),
      [['policy.unknownName', 'error', '"reviewer"']],
    );
    const dead = await trail.lintTexts({ text: text.replace('letters/**', 'none/**'), ...texts });
    assert.ok(dead.some(({ code }) => code === 'lint.deadGlob'));
  });

  it('names what the policy wants with an approval before that policy is adopted', async () => {
    assert.equal((await trail.log({ types: ['policy.adopted'] })).length, 1, 'only that of init');
    assert.deepEqual(await trail.approvalAsks([triage]), {
      reason: false,
      meanings: ['Safe', 'Plain words'],
      scoped: [],
    });
    assert.deepEqual(await trail.approvalAsks([triage, letter]), {
      reason: true,
      meanings: ['Plain words'],
      scoped: ['production'],
    });
  });

  it('names whom one can ask for a review: each person once, no programs, not oneself', async () => {
    assert.deepEqual(await trail.reviewers(), [
      { email: 'bob@clinic.example', name: 'bob', roles: ['reviewer', 'idle'], isNew: true },
      {
        email: 'dora@clinic.example',
        name: 'dora@clinic.example',
        roles: ['reviewer', 'idle'],
        isNew: true,
      },
    ]);
    clinic.clone('bob');
    const bob = await clinic.open('bob');
    await bob.decide({
      target: triage,
      decision: 'approved',
      meaning: 'Safe',
      identity: 'git',
    });
    await trail.sync();
    const [first] = await trail.reviewers();
    assert.deepEqual([first?.name, first?.isNew], ['Bob', false]);
  });
});

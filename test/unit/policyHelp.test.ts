import assert from 'node:assert/strict';
import { policyNames } from '../../src/core/policyNames.js';
import { policyPlaceAt, type PolicyPlace } from '../../src/core/policyPlace.js';
import { choicesFor } from '../../src/trail/policyChoices.js';

/** The place of the `|` in a text. */
function at(marked: string): PolicyPlace | null {
  return policyPlaceAt(marked.replace('|', ''), marked.indexOf('|'));
}

const slotOf = (marked: string): string | null => at(marked)?.slot ?? null;

const policy = `{
  // who is who
  "people": { "ana": { "emails": ["Ana@clinic.example"] }, "bot": { "emails": [], "kind": "agent" } },
  "groups": { "clinical": ["ana"] },
  "roles": { "reviewers": ["clinical"], "everybody": ["*"] },
  "environments": { "staging": {}, "production": {} },
}`;

describe('places of a policy', () => {
  it('knows where each kind of name stands', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['{"approvals":{"roles":["|"]}}', 'role'],
      ['{"approvals":{"allOf":[{"roles":["|"]}]}}', 'role'],
      ['{"environments":{"production":{"approvals":{"roles":["a", "|"]}}}}', 'role'],
      ['{"environments":{"production":{"deployers":["|"]}}}', 'role'],
      ['{"rules":[{"approvals":{"roles":["|"]}}]}', 'role'],
      ['{"redaction":{"roles":["|"]}}', 'role'],
      ['{"roles":{"reviewers":["|"]}}', 'roleMember'],
      ['{"groups":{"@clinic/all":["|"]}}', 'groupMember'],
      ['{"people":{"ana":{"emails":["|"]}}}', 'email'],
      ['{"people":{"ana":{"handles":["|"]}}}', 'handle'],
      ['{"rules":[{"environments":["|"]}]}', 'environment'],
      ['{"rules":[{"paths":["|"]}]}', 'glob'],
      ['{"prompts":{"include":["|"]}}', 'glob'],
      ['{"roles":{"rev|iewers":[]}}', 'roleKey'],
      ['{"people":{"|"', 'personKey'],
      ['{"environments":{"|":{}}}', 'environmentKey'],
    ];
    for (const [marked, slot] of cases) assert.equal(slotOf(marked), slot, marked);
  });

  it('names nothing elsewhere', () => {
    for (const marked of [
      '{"drafts":"|"}',
      '{"roles":{"reviewers":["a" |]}}',
      '{"roles":{"reviewers":[ // "|\n]}}',
      '{"roles":{"reviewers":[ /* | */ ]}}',
      '{"roles":{"reviewers":[1|]}}',
      '|',
      `${'['.repeat(100)}|`,
    ])
      assert.equal(slotOf(marked), null, marked);
  });

  it('gives the range with its quotes, and what stands beside it', () => {
    assert.deepEqual(at('{"roles":{"r":["ana","rav|i", "x@y"]}}'), {
      slot: 'roleMember',
      text: 'ravi',
      offset: 21,
      length: 6,
      beside: ['ana', 'x@y'],
      makesPrompts: false,
    });
  });

  it('also where the text is only half written', () => {
    const place = at('{"roles":{"r":["ana", |');
    assert.deepEqual([place?.slot, place?.text, place?.length], ['roleMember', '', 0]);
    assert.deepEqual(place?.beside, ['ana']);
  });
});

describe('names of a policy', () => {
  it('are read with comments, and addresses in lower case', () => {
    const { people, groups, roles, environments } = policyNames(policy);
    assert.deepEqual(people.get('ana')?.emails, ['ana@clinic.example']);
    assert.equal(people.get('bot')?.kind, 'agent');
    assert.deepEqual([...groups.keys()], ['clinical']);
    assert.deepEqual(roles.get('everybody'), ['*']);
    assert.deepEqual(environments, ['staging', 'production']);
  });

  it('passes over what is not as it should be', () => {
    const { people, roles } = policyNames('{"people":[1],"roles":{"a":7,"b":["x",3],"c"');
    assert.equal(people.size, 0);
    assert.deepEqual(roles.get('b'), ['x']);
    assert.equal(policyNames('[').roles.size, 0);
    assert.equal(policyNames(`${'{"a":'.repeat(500)}`).roles.size, 0);
  });
});

describe('choices at a place of a policy', () => {
  const people = new Map([
    ['ana@clinic.example', 'Ana Author'],
    ['ravi@clinic.example', 'Ravi Reviewer'],
  ]);
  const prompts = ['prompts/a/triage.prompt.md', 'prompts/b [x].md', 'AGENTS.md'];
  const choices = (marked: string): readonly string[] => {
    const place = at(marked);
    assert.ok(place, marked);
    return choicesFor({ place, names: policyNames(policy), people, prompts }).map(
      ({ kind, text }) => `${kind} ${text}`,
    );
  };

  it('are names of the policy and addresses of the ledger that no person has', () => {
    assert.deepEqual(choices('{"roles":{"r":["clinical", "|"]}}'), [
      'everybody *',
      'person ana',
      'person bot',
      'address ravi@clinic.example',
    ]);
    assert.deepEqual(choices('{"redaction":{"roles":["|"]}}'), [
      'role reviewers',
      'role everybody',
    ]);
    assert.deepEqual(choices('{"rules":[{"environments":["staging", "|"]}]}'), [
      'environment production',
    ]);
    assert.deepEqual(choices('{"people":{"|"}}'), ['newPerson ravi']);
  });

  it('are globs for folders and prompts, which match nothing else', () => {
    assert.deepEqual(choices('{"rules":[{"paths":["|"]}]}'), [
      'folder prompts/**',
      'folder prompts/a/**',
      'prompt prompts/a/triage.prompt.md',
      'prompt prompts/b \\[x\\].md',
      'prompt AGENTS.md',
    ]);
  });
});

import assert from 'node:assert/strict';
import { checkPolicy, parsePolicy } from '../../src/core/policyFile.js';
import { policyLimits } from '../../src/core/policyKeys.js';
import type { Policy } from '../../src/core/policy.js';

/** A policy of one environment with these members. */
function text(members: string): string {
  return `{ ${members === '' ? '' : `${members}, `}"environments": { "production": {} } }`;
}

function read(members: string): Policy {
  return parsePolicy(text(members));
}

const people = `"people": {
  "ana": { "emails": ["Ana@Clinic.Example", "ana@home.example"], "handles": ["@Ana-Silva"] },
  "José Ruiz": { "emails": ["jose@clinic.example"] },
  "bot": { "emails": ["bot@clinic.example"], "handles": ["@release[bot]"], "kind": "service" }
}`;

describe('keys of a policy', () => {
  it('people: addresses and handles in lower case, a person unless it says otherwise', () => {
    assert.deepEqual(read(people).people, [
      {
        name: 'ana',
        emails: ['ana@clinic.example', 'ana@home.example'],
        handles: ['@ana-silva'],
        kind: 'person',
      },
      { name: 'José Ruiz', emails: ['jose@clinic.example'], handles: [], kind: 'person' },
      {
        name: 'bot',
        emails: ['bot@clinic.example'],
        handles: ['@release[bot]'],
        kind: 'service',
      },
    ]);
  });

  it('groups and roles: names of people as they are, addresses and teams in lower case', () => {
    const policy =
      read(`${people}, "groups": { "Clinical": ["ana", "X@Y.Example"], "@Clinic/Reviewers": ["José Ruiz"] },
      "roles": { "reviewer": ["Clinical", "@clinic/REVIEWERS", "José Ruiz", "Z@Y.Example", "*"] }`);
    assert.deepEqual(policy.groups, {
      Clinical: ['ana', 'x@y.example'],
      '@clinic/reviewers': ['José Ruiz'],
    });
    assert.deepEqual(policy.roles, {
      reviewer: ['Clinical', '@clinic/reviewers', 'José Ruiz', 'z@y.example', '*'],
    });
  });

  it('approvals: every key', () => {
    const policy = read(`"roles": { "a": ["*"], "b": ["*"] }, "approvals": {
      "required": 3, "roles": ["a"], "allOf": [{ "required": 2, "roles": ["b"] }, { "roles": ["a", "b"] }],
      "codeowners": true, "contributors": true, "unattended": false, "signed": true, "sameClone": false,
      "expires": "30d", "reason": true, "meanings": ["reviewed", "approved"], "otherPolicy": false,
      "scoped": true, "openComments": false }`);
    const expected = {
      required: 3,
      roles: ['a'],
      allOf: [
        { required: 2, roles: ['b'] },
        { required: 1, roles: ['a', 'b'] },
      ],
      codeowners: true,
      contributors: true,
      unattended: false,
      signed: true,
      sameClone: false,
      expires: 30 * 24 * 3600 * 1000,
      reason: true,
      meanings: ['reviewed', 'approved'],
      otherPolicy: false,
      scoped: true,
      openComments: false,
    };
    assert.deepEqual(policy.approvals, expected);
    assert.deepEqual(policy.environments[0]!.approvals, expected);
  });

  it('expires: days, hours, minutes, and null for "for ever"', () => {
    const expires = (value: string): number | null =>
      parsePolicy(
        `{"approvals":{"expires":"1d"},"environments":{"p":{"approvals":{"expires":${value}}}}}`,
      ).environments[0]!.approvals.expires;
    assert.equal(expires('"12h"'), 12 * 3600 * 1000);
    assert.equal(expires('"90m"'), 90 * 60 * 1000);
    assert.equal(expires('"999999d"'), 999_999 * 86_400_000);
    assert.equal(expires('null'), null);
  });

  it('rules: at least one approval, otherwise as the general rule', () => {
    const policy = read(`"approvals": { "required": 0, "reason": true },
      "rules": [{ "name": "tools" }, { "name": "dosing", "paths": ["prompts/dosing/**"], "environments": ["production"],
        "changes": ["model", "tools", "permissions", "text"], "approvals": { "required": 2 } }]`);
    assert.deepEqual(policy.rules, [
      {
        name: 'tools',
        paths: [],
        environments: [],
        changes: [],
        approvals: { ...policy.approvals, required: 1 },
      },
      {
        name: 'dosing',
        paths: ['prompts/dosing/**'],
        environments: ['production'],
        changes: ['model', 'tools', 'permissions', 'text'],
        approvals: { ...policy.approvals, required: 2 },
      },
    ]);
  });

  it('environments: contributorMayDeploy', () => {
    const policy = parsePolicy('{"environments":{"p":{"contributorMayDeploy":false},"q":{}}}');
    assert.deepEqual(
      policy.environments.map((e) => e.contributorMayDeploy),
      [false, true],
    );
  });
});

/** What is wrong, the members, the message, and the text at its place. */
const wrong: readonly (readonly [string, string, RegExp, string])[] = [
  ['a person without an address', '"people":{"a":{"emails":[]}}', /at least one address/, '[]'],
  ['a person without emails', '"people":{"a":{}}', /at least one address/, '"a"'],
  ['a name with "@"', '"people":{"a@b":{"emails":["a@b"]}}', /is no name/, '"a@b"'],
  ['the name "*"', '"people":{"*":{"emails":["a@b"]}}', /is no name/, '"*"'],
  ['a name with a space behind', '"people":{"a ":{"emails":["a@b"]}}', /is no name/, '"a "'],
  ['no address', '"people":{"a":{"emails":["a"]}}', /e-mail address is expected/, '"a"]'],
  ['null for an address', '"people":{"a":{"emails":["a@b",null]}}', /e-mail address/, 'null'],
  ['an address with <>', '"people":{"a":{"emails":["<a@b>"]}}', /e-mail address/, '"<a@b>"'],
  ['no handle', '"people":{"a":{"emails":["a@b"],"handles":["a"]}}', /a handle such/, '"a"]'],
  [
    'a team as a handle',
    '"people":{"a":{"emails":["a@b"],"handles":["@a/b"]}}',
    /a handle/,
    '"@a/b"',
  ],
  ['another kind', '"people":{"a":{"emails":["a@b"],"kind":"robot"}}', /"agent"/, '"robot"'],
  [
    'one address of two',
    '"people":{"a":{"emails":["a@b"]},"b":{"emails":["A@B"]}}',
    /belongs to "a", too/,
    '"A@B"',
  ],
  [
    'one handle of two',
    '"people":{"a":{"emails":["a@b"],"handles":["@h"]},"b":{"emails":["b@b"],"handles":["@H"]}}',
    /belongs to "a", too/,
    '"@H"',
  ],
  [
    'two names that differ by case',
    '"people":{"ana":{"emails":["a@b"]},"Ana":{"emails":["b@b"]}}',
    /too like "ana"/,
    '"Ana"',
  ],
  [
    'a group called as a person',
    '"people":{"ana":{"emails":["a@b"]}},"groups":{"ana":[]}',
    /"people"/,
    '"ana":[]',
  ],
  [
    'a group called as a handle',
    '"people":{"ana":{"emails":["a@b"],"handles":["@x"]}},"groups":{"@X":[]}',
    /is a handle of "ana"/,
    '"@X"',
  ],
  ['two teams that differ by case', '"groups":{"@o/t":[],"@O/T":[]}', /too like "@o\/t"/, '"@O/T"'],
  ['a group in a group', '"groups":{"a":["b"],"b":[]}', /"b" is a group/, '"b"],'],
  [
    'an unknown member of a group',
    '"people":{"ana":{"emails":["a@b"]}},"groups":{"g":["anna"]}',
    /did you mean "ana"/,
    '"anna"',
  ],
  ['"*" in a group', '"groups":{"g":["*"]}', /no such name/, '"*"'],
  ['a group that is no list', '"groups":{"g":{}}', /a list/, '{}}'],
  [
    'an unknown member of a role',
    '"people":{"ana":{"emails":["a@b"]}},"roles":{"r":["anna"]}',
    /did you mean "ana"/,
    '"anna"',
  ],
  [
    'an unknown team in a role',
    '"roles":{"r":["@clinic/reviewers"]}',
    /team "@clinic\/reviewers" is not defined/,
    '"@clinic/reviewers"',
  ],
  [
    'a handle in a role',
    '"people":{"ana":{"emails":["a@b"],"handles":["@an"]}},"roles":{"r":["@An"]}',
    /write the name of the person, "ana"/,
    '"@An"',
  ],
  ['a prototype for a member', '"roles":{"r":["constructor"]}', /no such name/, '"constructor"'],
  [
    'an unknown key of a person',
    '"people":{"a":{"emails":["a@b"],"email":"x"}}',
    /did you mean "emails"/,
    '"email"',
  ],
  [
    'a quota without roles',
    '"approvals":{"allOf":[{"required":2}]}',
    /at least one role/,
    '{"required":2}',
  ],
  [
    'a quota of nobody',
    '"roles":{"r":["*"]},"approvals":{"allOf":[{"required":0,"roles":["r"]}]}',
    /from 1 to 20/,
    '0',
  ],
  ['an unknown role in a quota', '"approvals":{"allOf":[{"roles":["r"]}]}', /role "r"/, '"r"'],
  ['a quota that is no object', '"approvals":{"allOf":[1]}', /an object/, '1'],
  ['a flag in quotes', '"approvals":{"scoped":"true"}', /true or false/, '"true"'],
  ['a time without a unit', '"approvals":{"expires":"30"}', /"30d"/, '"30"'],
  ['a time of nothing', '"approvals":{"expires":"0d"}', /"30d"/, '"0d"'],
  ['a time as a number', '"approvals":{"expires":30}', /"30d"/, '30'],
  ['an empty meaning', '"approvals":{"meanings":[" "]}', /1 to 100 characters/, '" "'],
  ['a rule without a name', '"rules":[{}]', /"name" is missing/, '{}'],
  ['two rules of one name', '"rules":[{"name":"a"},{"name":"a"}]', /another rule/, '"a"}]'],
  [
    'an unknown kind of change',
    '"rules":[{"name":"a","changes":["price"]}]',
    /"permissions"/,
    '"price"',
  ],
  [
    'a hostile glob',
    `"rules":[{"name":"a","paths":["${'*a'.repeat(30)}"]}]`,
    /20 wildcards/,
    `"${'*a'.repeat(30)}"`,
  ],
  [
    'an unknown environment',
    '"rules":[{"name":"a","environments":["prodution"]}]',
    /did you mean "production"/,
    '"prodution"',
  ],
  ['rules that are no list', '"rules":{}', /a list/, '{}'],
];

describe('mistakes in the keys of a policy', () => {
  for (const [what, members, message, place] of wrong) {
    it(`refuses ${what}`, () => {
      const whole = text(members);
      const { problems } = checkPolicy(whole);
      assert.equal(problems.length, 1, JSON.stringify(problems));
      assert.match(problems[0]!.message, message);
      const { offset, length } = problems[0]!;
      assert.ok(place.startsWith(whole.slice(offset, offset + length)), whole.slice(offset));
      assert.equal(whole.indexOf(place), offset);
    });
  }

  it('says with each what can be put right by itself', () => {
    for (const [members, fixed] of [
      ['"aprovals":{"required":2}', '"approvals":{"required":2}'],
      ['"approvals":{"requierd":2}', '"approvals":{"required":2}'],
      [
        '"roles":{"reviewer":["*"]},"approvals":{"roles":["reveiwer"]}',
        '"roles":{"reviewer":["*"]},"approvals":{"roles":["reviewer"]}',
      ],
      [
        '"people":{"ana":{"emails":["a@b"],"handles":["@an"]}},"roles":{"r":["@An"]}',
        '"people":{"ana":{"emails":["a@b"],"handles":["@an"]}},"roles":{"r":["ana"]}',
      ],
      [
        '"rules":[{"name":"a","environments":["prodution"]}]',
        '"rules":[{"name":"a","environments":["production"]}]',
      ],
    ] as const) {
      const before = text(members);
      const [problem] = checkPolicy(before).problems;
      const [edit, ...more] = problem?.fix?.edits ?? [];
      assert.deepEqual(more, []);
      const { offset = 0, length = 0, text: put = '' } = edit ?? {};
      assert.equal(before.slice(0, offset) + put + before.slice(offset + length), text(fixed));
      assert.doesNotThrow(() => parsePolicy(text(fixed)));
    }
  });

  it('takes no more of anything than can be judged', () => {
    const many = (count: number, one: (i: number) => string): string =>
      Array.from({ length: count }, (_, i) => one(i)).join(',');
    for (const members of [
      `"people":{${many(policyLimits.people + 1, (i) => `"p${i}":{"emails":["${i}@x"]}`)}}`,
      `"people":{"a":{"emails":[${many(policyLimits.emailsOfPerson + 1, (i) => `"${i}@x"`)}]}}`,
      `"groups":{${many(policyLimits.groups + 1, (i) => `"g${i}":[]`)}}`,
      `"groups":{"g":[${many(policyLimits.membersOfGroup + 1, (i) => `"${i}@x"`)}]}`,
      `"rules":[${many(policyLimits.rules + 1, (i) => `{"name":"r${i}"}`)}]`,
      `"rules":[{"name":"a","paths":[${many(policyLimits.pathsOfRule + 1, (i) => `"${i}"`)}]}]`,
      `"approvals":{"meanings":[${many(policyLimits.meanings + 1, (i) => `"m${i}"`)}]}`,
      `"roles":{"r":["*"]},"approvals":{"allOf":[${many(policyLimits.quotas + 1, () => '{"roles":["r"]}')}]}`,
    ]) {
      const { problems } = checkPolicy(text(members));
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['policy.tooMany'],
      );
    }
  });

  it('is done with a file full of mistakes', () => {
    const roles = Array.from({ length: 30_000 }, (_, i) => `"unknown-role-${i}"`).join(',');
    const { problems } = checkPolicy(
      text(`"roles":{"known-role":["*"]},"approvals":{"roles":[${roles}]}`),
    );
    assert.equal(problems.length, 1000);
  });
});

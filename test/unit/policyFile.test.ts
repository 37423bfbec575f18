import assert from 'node:assert/strict';
import { checkPolicy, parsePolicy } from '../../src/core/policyFile.js';
import { policyText } from '../../src/core/policyPresets.js';
import { isPromptAuditError } from '../../src/core/errors.js';
import type { LedgerId } from '../../src/core/ids.js';

const ledger = 'ab'.repeat(16) as LedgerId;
/** Nothing is asked for that older policies did not ask for. */
const defaults = {
  required: 1,
  roles: [],
  allOf: [],
  codeowners: false,
  contributors: false,
  unattended: true,
  signed: false,
  sameClone: true,
  expires: null,
  reason: false,
  meanings: [],
  otherPolicy: true,
  scoped: false,
  openComments: true,
};
const minimal = '{ "version": 1, "environments": { "production": {} } }';

describe('policy file', () => {
  for (const preset of ['team', 'regulated', 'gxp'] as const) {
    it(`accepts the preset ${preset}`, () => {
      const policy = parsePolicy(policyText({ preset, ledger, email: 'Ana@Clinic.Example' }));
      assert.equal(policy.ledger, ledger);
      assert.equal(policy.approvals.contributors, false);
      assert.ok(policy.environments.some((e) => e.name === 'production'));
    });
  }

  it('tracks what the wide-spread tools call prompts, unless it says otherwise', () => {
    assert.ok(parsePolicy(minimal).prompts.include.includes('**/*.prompt.md'));
  });

  it('fills in every default', () => {
    assert.deepEqual(parsePolicy(minimal).environments, [
      {
        name: 'production',
        approvals: defaults,
        deployers: [],
        approverMayDeploy: true,
        contributorMayDeploy: true,
        breakGlass: null,
        after: null,
      },
    ]);
  });

  it('lets an environment change single members of the general rule', () => {
    const policy =
      parsePolicy(`{ "version": 1, "roles": { "r": ["A@b.c"] }, "approvals": { "required": 2, "roles": ["r"] },
      "environments": { "dev": { "approvals": { "required": 0 } } } }`);
    assert.deepEqual(policy.environments[0]?.approvals, {
      ...defaults,
      required: 0,
      roles: ['r'],
    });
    assert.deepEqual(policy.roles, { r: ['a@b.c'] });
  });

  it('takes true for break-glass by who may deploy, with no review that falls due', () => {
    const of = (breakGlass: string, deployers = '["r"]'): unknown =>
      parsePolicy(
        `{"roles":{"r":["a@b.c"],"q":["d@e.f"]},"environments":{"p":{"deployers":${deployers},"breakGlass":${breakGlass}}}}`,
      ).environments[0]?.breakGlass;
    assert.deepEqual(of('true'), { roles: ['r'], review: null, reviewers: [] });
    assert.deepEqual(of('{}'), of('true'));
    assert.deepEqual(of('true', '[]'), { roles: [], review: null, reviewers: [] });
    assert.deepEqual(of('{"roles":["q"],"review":"90m","reviewers":["q","r"]}'), {
      roles: ['q'],
      review: 90 * 60_000,
      reviewers: ['q', 'r'],
    });
    assert.equal(of('false'), null);
  });

  it('takes a long line of environments, each after the one before', () => {
    const names = Array.from({ length: 2000 }, (_, i) => `e${i}`);
    const members = names.map((name, i) => `"${name}":${i === 0 ? '{}' : `{"after":"e${i - 1}"}`}`);
    const text = `{"environments":{${members.toReversed().join()}}}`;
    assert.equal(parsePolicy(text).environments.length, 2000);
  });

  const wrong: readonly [what: string, text: string, message: RegExp][] = [
    [
      'an unknown key',
      minimal.replace('"version"', '"versoin": 1, "version"'),
      /unknown key "versoin" \(did you mean "version"\?\)/,
    ],
    [
      'an unknown key of an environment',
      '{"version":1,"environments":{"p":{"deployer":[]}}}',
      /did you mean "deployers"/,
    ],
    [
      'an unknown role',
      '{"version":1,"environments":{"p":{"deployers":["boss"]}}}',
      /role "boss" is not defined/,
    ],
    ['a repeated key', '{"version":1,"version":1,"environments":{"p":{}}}', /stands here twice/],
    ['no environments', '{"version":1}', /"environments" is missing/],
    [
      'an empty list of environments',
      '{"version":1,"environments":{}}',
      /at least one environment/,
    ],
    ['another version', '{"version":2,"environments":{"p":{}}}', /"version" must be 1/],
    [
      'a fraction of an approval',
      '{"version":1,"approvals":{"required":0.5},"environments":{"p":{}}}',
      /whole number/,
    ],
    [
      'a text for a flag',
      '{"version":1,"approvals":{"contributors":"no"},"environments":{"p":{}}}',
      /true or false/,
    ],
    [
      'an environment name with a space',
      '{"version":1,"environments":{"my prod":{}}}',
      /no environment name/,
    ],
    [
      'a branch that looks like an option',
      '{"version":1,"protectedBranch":"--all","environments":{"p":{}}}',
      /name of a branch/,
    ],
    [
      'break-glass for nobody in particular',
      '{"version":1,"environments":{"p":{"breakGlass":{"roles":[]}}}}',
      /must name the roles that may/,
    ],
    [
      'a time for a review that is none',
      '{"version":1,"environments":{"p":{"breakGlass":{"review":"soon"}}}}',
      /a time such as/,
    ],
    [
      'a promotion from an environment that is not there',
      '{"version":1,"environments":{"staging":{},"p":{"after":"stagin"}}}',
      /"stagin" is not defined under "environments" \(did you mean "staging"\?\)/,
    ],
    [
      'a promotion from itself',
      '{"version":1,"environments":{"p":{"after":"p"}}}',
      /name of another environment/,
    ],
    [
      'promotions in a circle',
      '{"version":1,"environments":{"d":{},"a":{"after":"c"},"b":{"after":"a"},"c":{"after":"b"},"p":{"after":"a"}}}',
      /line 1: "after" leads from a back to it.*"after" leads from c back to it.*"after" leads from b back/,
    ],
    ['broken JSON', '{"version":1,', /line 1/],
    ['nothing', '', /the file is empty/],
    ['a list', '[]', /object is expected/],
    [
      '__proto__',
      '{"version":1,"__proto__":{},"environments":{"p":{}}}',
      /unknown key "__proto__"/,
    ],
  ];
  for (const [what, text, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => parsePolicy(text),
        (error) => {
          assert.ok(isPromptAuditError(error, 'policy.invalid'));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('gives the place of each mistake', () => {
    const text = '{\n  "version": 1,\n  "rolls": {},\n  "environments": { "p": {} }\n}';
    const { problems } = checkPolicy(text);
    assert.deepEqual(
      problems.map((p) => text.slice(p.offset, p.offset + p.length)),
      ['"rolls"'],
    );
  });
});

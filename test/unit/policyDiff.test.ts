import assert from 'node:assert/strict';
import { policyDifferences, type AdoptedTexts } from '../../src/core/policyDiff.js';
import { parsePolicy } from '../../src/core/policyFile.js';
import { policyPowers } from '../../src/core/policyPowers.js';

function adopted(members: string, files: Partial<AdoptedTexts> = {}): AdoptedTexts {
  const text = `{${members}${members === '' ? '' : ','}"environments":{"production":{},"staging":{}}}`;
  return {
    policy: parsePolicy(text),
    allowedSigners: null,
    mailmap: null,
    codeowners: null,
    ...files,
  };
}

/** Key, before, after; for lists what came and what went. */
function said(before: AdoptedTexts, after: AdoptedTexts): readonly unknown[] {
  return policyDifferences(before, after).map(({ key, before: a, after: b, added, removed }) =>
    added === undefined ? [key, a, b] : [key, ['+', ...added], ['-', ...(removed ?? [])]],
  );
}

const none = adopted('');

describe('differences of policies', () => {
  it('are none where only comments, layout and defaults differ', () => {
    const written = adopted(
      '/* c */ "approvals": { "required": 1, "sameClone": true, "expires": null }, "drafts": "local"',
      { mailmap: '# nobody\n', codeowners: '\n' },
    );
    assert.deepEqual(said(none, written), []);
  });

  it('name each value once, though environments take it over', () => {
    assert.deepEqual(said(none, adopted('"approvals":{"required":2,"expires":"36h"}')), [
      ['approvals.required', '1', '2'],
      ['approvals.expires', 'never', '36h'],
    ]);
  });

  it('say what came to lists and what went', () => {
    const before = adopted('"roles":{"r":["ana@c.example","ravi@c.example"]}');
    const after = adopted('"roles":{"r":["ravi@c.example","kim@c.example"]}');
    assert.deepEqual(said(before, after), [
      ['roles.r', ['+', 'kim@c.example'], ['-', 'ana@c.example']],
    ]);
  });

  it('tell of every kind of key', () => {
    const after = parsePolicy(`{
      "ledger":"${'ab'.repeat(16)}","minCheckpoint":{"size":3,"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
      "prompts":{"include":["p/**"],"exclude":["x"]},"drafts":"share","protectedBranch":"main",
      "people":{"ana":{"emails":["ana@c.example"],"handles":["@ana"],"kind":"service"}},"groups":{"g":["ana"]},"roles":{"r":["g"]},
      "rules":[{"name":"n","paths":["p/**"],"environments":["production"],"changes":["tools"],"approvals":{"required":2,"reason":true}}],
      "redaction":{"roles":["r"],"unattended":false},
      "environments":{"production":{"approvals":{"allOf":[{"required":2,"roles":["r"]}],"meanings":["m"]},"deployers":["r"],"approverMayDeploy":false,"contributorMayDeploy":false,"breakGlass":{"review":"24h","reviewers":["r"]},"after":"validation"},"validation":{}}}`);
    const keys = policyDifferences(none, { ...none, policy: after }).map(({ key }) => key);
    for (const key of [
      'ledger',
      'minCheckpoint',
      'prompts.include',
      'prompts.exclude',
      'drafts',
      'protectedBranch',
      'people.ana.emails',
      'people.ana.handles',
      'people.ana.kind',
      'groups.g',
      'roles.r',
      'rules.n.paths',
      'rules.n.environments',
      'rules.n.changes',
      'rules.n.approvals.required',
      'rules.n.approvals.reason',
      'redaction.roles',
      'redaction.unattended',
      'environments.production.deployers',
      'environments.production.approverMayDeploy',
      'environments.production.contributorMayDeploy',
      'environments.production.breakGlass',
      'environments.production.breakGlass.roles',
      'environments.production.breakGlass.review',
      'environments.production.breakGlass.reviewers',
      'environments.production.after',
      'environments.production.approvals.allOf',
      'environments.production.approvals.meanings',
      'environments.staging.deployers',
    ])
      assert.ok(keys.includes(key), key);
  });

  it('tell of the files that are adopted with them', () => {
    const files = { mailmap: '<a@b> <c@d>', codeowners: '* @x\n', allowedSigners: 'k' };
    assert.deepEqual(said(none, adopted('', files)), [
      ['allowed_signers', ['+', 'k'], ['-']],
      ['.mailmap', ['+', '<a@b> <c@d>'], ['-']],
      ['CODEOWNERS', ['+', '* @x'], ['-']],
    ]);
  });
});

describe('powers under a policy', () => {
  it('are those of each person once, and of everybody else', () => {
    const policy = parsePolicy(`{
      "people":{"ana":{"emails":["ana@c.example","ana@home.example"]},"bot":{"emails":["bot@c.example"],"kind":"service"}},
      "groups":{"team":["ana","kim@c.example"]},
      "roles":{"reviewer":["team","bot"],"release":["ana@home.example"],"all":["*","ravi@c.example"]},
      "approvals":{"roles":["reviewer"]},"redaction":{"roles":["release"]},
      "environments":{"open":{"approvals":{"roles":["all"]}},"production":{"deployers":["release"]}}}`);
    const allowedSigners =
      '*@home.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKh7qDGhTJ0i0tCRvZlbwcAYIhGJnDdvQXUrQ2rUQyYS\n';
    const rows = policyPowers(policy, {
      mailmap: '<kim@c.example> <kim@old.example>',
      allowedSigners,
    });
    assert.deepEqual(
      rows.map((one) => [one.person, one.roles, one.approves, one.deploys, one.redacts, one.keys]),
      [
        [
          'ana',
          ['reviewer', 'release', 'all'],
          ['open', 'production'],
          ['open', 'production'],
          true,
          1,
        ],
        ['kim@c.example', ['reviewer', 'all'], ['open', 'production'], ['open'], false, 0],
        ['bot', ['reviewer', 'all'], [], ['open'], false, 0],
        ['ravi@c.example', ['all'], ['open'], ['open'], false, 0],
        ['*', ['all'], ['open'], ['open'], false, 0],
      ],
    );
  });
});

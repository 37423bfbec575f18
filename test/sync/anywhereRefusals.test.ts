import assert from 'node:assert/strict';
import { refused, remoteFailure } from '../../src/git/remoteErrors.js';

const rules = 'error: GH013: Repository rule violations found for refs/heads/prompt-audit.\n\n';
const maintenance = /takes no pushes at the moment, and the next sync sends it all/;
const archived = /archived and takes no pushes: .*sync --remote NAME/;
const mirror = /only copies another one/;
const closed = /has closed this repository or its account/;
const secrets = /sees a password or key .*prompt-audit redact/;
const signed = /exempt .* rule for signed commits/;
const messages = /exempt .* rule about commit messages/;
const people = /exempt .* rule about authors .*prompt-audit@localhost/;
const files = /exempt .* rule about files/;
const size = /takes no push of this size/;
const names = /permit a branch called prompt-audit/;
const reviews = /exempt .* pull requests/;
const storage = /has no room left/;
const agreement = /exempt .* rule about contributor agreements/;
const largeFiles = /has no LFS objects/;
const rights = /ask its owners for the right/;

/** What the hosts' own sources and documentation print before they refuse a push, and whose remedy that is. */
const pushes: readonly (readonly [host: string, says: string, remedy: RegExp])[] = [
  [
    'GitHub secrets',
    `${rules}- GITHUB PUSH PROTECTION\n  ——————————\n    Resolve the following violations before pushing again\n\n    - Push cannot contain secrets\n\n     (?) Learn how to resolve a blocked push\n       —— Amazon AWS Access Key ID ————\n        locations:\n          - commit: 4f8a2b91\n            path: ledger.sqlite:1`,
    secrets,
  ],
  ['GitHub secrets before', 'error: GH009: Secrets detected! This push failed.', secrets],
  [
    'GitLab secrets',
    'PUSH BLOCKED: Secrets detected in code changes\nSecret push protection found the following secrets in commit: 37e54de5\n-- ledger.sqlite:2 GitLab Personal Access Token',
    secrets,
  ],
  [
    'Azure secrets',
    'error: remote unpack failed: error VS403654: The push was rejected because it contains one or more secrets.',
    secrets,
  ],
  [
    'Azure secrets before',
    'VS403654: The push was rejected because it might contain credentials or other secrets.',
    secrets,
  ],
  [
    'GitHub messages',
    `${rules}- Commit message must match a given regex pattern: ^feat\n  Found 1 violation:`,
    messages,
  ],
  ['GitLab messages', "GitLab: Commit message does not follow the pattern '^(feat|fix)'", messages],
  [
    'GitLab messages, negative',
    "GitLab: Commit message contains the forbidden pattern 'skip ci'",
    messages,
  ],
  ['GitLab sign-off', 'GitLab: Commit message must contain a DCO signoff', messages],
  ['a hook that wants tickets', 'Every commit needs a Jira issue key, such as ABC-12.', messages],
  [
    'GitHub private address',
    'error: GH007: Your push would publish a private email address.',
    people,
  ],
  ['GitHub committers', `${rules}- Committer email must end with a given pattern: @clinic`, people],
  ['GitHub authors', `${rules}- Author email must match a given regex pattern: .*`, people],
  [
    'GitLab committers',
    "GitLab: Committer's email 'x@localhost' does not follow the pattern '@clinic$'",
    people,
  ],
  [
    'GitLab authors',
    "GitLab: Author's commit email 'x@localhost' does not follow the pattern '@clinic$'",
    people,
  ],
  ['GitLab members', "GitLab: Author 'x@localhost' is not a member of team", people],
  ['GitLab verified', "GitLab: Committer email 'x@localhost' is not verified.", people],
  [
    'GitLab own addresses',
    "GitLab: You cannot push commits for 'x@localhost'. You can only push commits if the committer email is one of your own verified emails.",
    people,
  ],
  [
    'Azure authors',
    "error VS403702: The push was rejected because one or more commits contain author email 'x@localhost' which does not match the policy-specified patterns.",
    people,
  ],
  [
    'Bitbucket committers',
    "refs/heads/prompt-audit: 3207cba3: expected committer email 'ana@clinic' but found 'x@localhost'",
    people,
  ],
  ['GitHub signatures', `${rules}- Commits must have verified signatures.`, signed],
  ['GitLab signatures', 'GitLab: Commit must be signed with a GPG key', signed],
  [
    'GitLab file names',
    "GitLab: File name ledger.sqlite was prohibited by the pattern 'sqlite$'",
    files,
  ],
  [
    'GitLab file size',
    'GitLab: File "ledger.sqlite" is larger than the allowed size of 1 MiB.',
    size,
  ],
  ['GitHub file size', 'error: GH001: Large files detected.', size],
  [
    'GitHub names of branches',
    `${rules}- Branch name must match a given regex pattern: ^(feature|fix)/`,
    names,
  ],
  [
    'GitLab names of branches',
    "GitLab: Branch name does not follow the pattern '^(feature|fix)/'",
    names,
  ],
  ['GitHub new branches', `${rules}- Cannot create ref due to creations being restricted.`, names],
  ['GitHub updates', `${rules}- Cannot update this protected ref.`, reviews],
  ['GitHub requests', `${rules}- Changes must be made through a pull request.`, reviews],
  ['GitHub checks', `${rules}- Required status check "ci" is expected.`, reviews],
  [
    'GitHub protected branch',
    'error: GH006: Protected branch update failed for refs/heads/prompt-audit.\nerror: At least 1 approving review is required by reviewers with write access.',
    reviews,
  ],
  [
    'Gitea protected branch',
    'Gitea: Not allowed to push to protected branch prompt-audit',
    reviews,
  ],
  [
    'Bitbucket requests',
    'Branch refs/heads/prompt-audit can only be modified through pull requests.',
    reviews,
  ],
  [
    'GitLab storage',
    'GitLab: Your push to this repository has been rejected because it would exceed the allocated storage for your project.',
    storage,
  ],
  ['Gerrit messages', 'ERROR: commit 4f8a2b9: missing Change-Id in message footer', messages],
  ['Gerrit new branches', 'prohibited by Gerrit: not permitted: create', names],
  ['Gerrit updates', 'prohibited by Gerrit: not permitted: update', rights],
  [
    'GitLab LFS',
    'GitLab: LFS objects are missing. Ensure LFS is properly set up or try a manual "git lfs push --all".',
    largeFiles,
  ],
  ['CodeCommit rights', 'You need permission to push to this branch.', rights],
  ['an agreement that is missing', 'CLA not signed by prompt-audit@localhost.', agreement],
  ['Eclipse agreement', 'The author has not signed the Eclipse Contributor Agreement.', agreement],
  ['a freeze', 'Code freeze until Monday: no pushes.', maintenance],
  ['a freeze of the release', 'Branches are frozen for the release.', maintenance],
  ['GitLab rights', 'GitLab: You are not allowed to push code to this project.', rights],
];

const unread = 'fatal: Could not read from remote repository.';
const forbidden =
  "fatal: unable to access 'https://h/r.git/': The requested URL returned error: 403";

/** What stands alone, before there is anything pushed, and a part of it that the message must show. */
const contacts: readonly (readonly [host: string, says: string, shows: string, remedy: RegExp])[] =
  [
    [
      'GitHub archived (ssh)',
      `ERROR: This repository was archived so it is read-only.\n${unread}`,
      'was archived',
      archived,
    ],
    [
      'GitHub archived (https)',
      `remote: This repository was archived so it is read-only.\n${forbidden}`,
      'was archived',
      archived,
    ],
    [
      'GitLab archived',
      `remote: \nremote: ERROR: You can't push code to an archived project.\nremote: \n${unread}`,
      'archived project',
      archived,
    ],
    [
      'Gitea archived',
      `remote: This repo is archived. You can view files and clone it, but cannot push or open issues/pull-requests.\n${forbidden}`,
      'is archived',
      archived,
    ],
    [
      'Gitea mirror',
      `remote: mirror repository is read-only\n${forbidden}`,
      'mirror repository',
      mirror,
    ],
    [
      'GitHub Enterprise maintenance',
      `ERROR: GitHub Enterprise is offline for maintenance.\n${unread}`,
      'offline for maintenance',
      maintenance,
    ],
    [
      'GitLab maintenance',
      `remote: ERROR: Git push is not allowed because this GitLab instance is currently in (read-only) maintenance mode.\n${unread}`,
      'maintenance mode',
      maintenance,
    ],
    [
      'GitLab repository storage move',
      `remote: The repository is temporarily read-only. Please try again later.\n${forbidden}`,
      'temporarily read-only',
      maintenance,
    ],
    [
      'GitLab read-only instance',
      `remote: ERROR: You can't push code to a read-only GitLab instance.\n${unread}`,
      'read-only GitLab',
      maintenance,
    ],
    [
      'Bitbucket',
      `remote: Repository is currently in read-only mode.\n${forbidden}`,
      'read-only mode',
      maintenance,
    ],
    [
      'GitHub disabled',
      `remote: Repository disabled. Please ask the owner to check their account.\n${forbidden}`,
      'Repository disabled',
      closed,
    ],
    [
      'GitHub staff',
      `ERROR: Access to this repository has been disabled by GitHub staff.\n${unread}`,
      'disabled by GitHub',
      closed,
    ],
  ];

describe('sync anywhere: the words of the hosts', () => {
  for (const [host, says, remedy] of pushes)
    it(host, () => {
      const said = says.split('\n').map((line) => `remote: ${line}`);
      for (const reason of ['pre-receive hook declined', 'push declined due to repository rules']) {
        const answer = `${said.join('\n')}\n! [remote rejected] x -> prompt-audit (${reason})`;
        const error = refused('hub', answer, ['push.refused']);
        assert.match(error.remedy, remedy);
        assert.doesNotMatch(`${error.message}${error.remedy}`, /\n/);
      }
    });

  for (const [host, stderr, shows, remedy] of contacts)
    it(host, () => {
      const call = { folder: '.', doing: 'push', args: [] };
      const outcome = { exitCode: 128, stdout: Buffer.alloc(0), stderr };
      const error = remoteFailure('hub', call, outcome);
      assert.equal(error.code, 'sync.refused');
      assert.ok(error.message.includes(shows), error.message);
      assert.match(error.remedy, remedy);
    });

  it('the name of a repository is no reason', () => {
    const url = 'https://h/maintenance/archived-read-only.git/';
    const fails = (stderr: string) =>
      remoteFailure(
        'hub',
        { folder: '.', doing: 'push', args: [] },
        { exitCode: 128, stdout: Buffer.alloc(0), stderr },
      );
    const offline = fails(`fatal: unable to access '${url}': Could not resolve host: h`);
    assert.equal(offline.code, 'sync.offline');
    const denied = fails(
      `remote: Permission to maintenance/archived.git denied to rosa.\nfatal: unable to access '${url}': The requested URL returned error: 403`,
    );
    assert.match(denied.remedy, rights);
  });
});

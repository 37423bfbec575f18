import assert from 'node:assert/strict';
import { syncCell } from '../../src/cli/syncText.js';
import { needsSomebody, syncSummary, type SyncFacts } from '../../src/core/syncSummary.js';
import { TransferSense } from '../../src/extension/git/transferSense.js';
import { loginNow, runWithLogin, wantsLogin } from '../../src/git/login.js';
import type { TrailStatus } from '../../src/trail/api.js';

const since = '2026-11-21T14:02:00.000Z';
const fine: SyncFacts = {
  remote: 'origin',
  unsent: 0,
  syncedAt: since,
  trouble: null,
  isSyncing: false,
};
const trouble = (
  code: string,
  more: { passing?: boolean; reasons?: string[] } = {},
): SyncFacts => ({
  ...fine,
  unsent: 3,
  trouble: { code, message: 'm', remedy: 'r', since, passing: false, reasons: [], ...more },
});
const kindOf = (facts: SyncFacts): string => syncSummary(facts).kind;

describe('the state of the exchange', () => {
  it('says what matters most', () => {
    assert.deepEqual(syncSummary(fine), { kind: 'inSync', remote: 'origin', at: since });
    assert.equal(kindOf({ ...fine, remote: null, unsent: 3 }), 'none');
    assert.deepEqual(syncSummary({ ...fine, unsent: 3 }), {
      kind: 'unsent',
      remote: 'origin',
      unsent: 3,
    });
    assert.equal(
      kindOf({ ...trouble('sync.offline', { passing: true }), isSyncing: true }),
      'syncing',
    );
  });

  it('tells what passes from what somebody has to look after', () => {
    const kinds = {
      offline: trouble('sync.offline', { passing: true }),
      waiting: trouble('sync.busy', { passing: true }),
      login: trouble('sync.refused', { reasons: ['login.needed'] }),
      refused: trouble('sync.refused'),
      stopped: trouble('sync.rewritten'),
    };
    for (const [kind, facts] of Object.entries(kinds)) assert.equal(kindOf(facts), kind);
    assert.equal(kindOf(trouble('ledger.foreign')), 'stopped');
    assert.equal(kindOf(trouble('git.failed')), 'refused');
    const asks = Object.entries(kinds).filter(([, facts]) => needsSomebody(syncSummary(facts)));
    assert.deepEqual(
      asks.map(([kind]) => kind),
      ['login', 'refused', 'stopped'],
    );
  });
});

describe('the exchange in the answer of status', () => {
  const textOf = (facts: SyncFacts): string => {
    const { remote, unsent, syncedAt, trouble: syncProblem } = facts;
    const cell = syncCell({ remote, unsent, syncedAt, syncProblem } as unknown as TrailStatus);
    return typeof cell === 'string' ? cell : cell.text;
  };

  it('says since when somebody has to wait or to act', () => {
    const day = /2026-11-2\d \d\d:\d\d:00/;
    const hanging = textOf(trouble('git.timeout', { passing: true }));
    assert.match(hanging, new RegExp(`^no answer since ${day.source}`));
    assert.match(textOf(trouble('sync.refused')), new RegExp(`^since ${day.source}`));
    assert.doesNotMatch(textOf(trouble('sync.busy', { passing: true })), day);
  });
});

describe('fetches and pushes of the user', () => {
  it('are seen by the refs of the ledger remote, and by nothing else', () => {
    const sense = new TransferSense();
    assert.equal(sense.refWritten('origin/main', 'origin'), true);
    assert.equal(sense.refWritten('fork/main', 'origin'), false);
    assert.equal(sense.refWritten('origin-2/main', 'origin'), false);
    assert.equal(sense.refWritten('origin/main', null), false);
    assert.equal(sense.isOver(true, 0), true);
    assert.equal(sense.isOver(false, 120), false);
  });

  it('count once when a fetch has brought something, and not when it failed', () => {
    const sense = new TransferSense();
    sense.fetchNoted();
    assert.equal(sense.isOver(false, 0), false, 'git empties FETCH_HEAD first');
    sense.fetchNoted();
    assert.equal(sense.isOver(false, 97), true);
    assert.equal(sense.isOver(false, 97), false);
  });

  it('are taken from the report of the editor where no file showed them', () => {
    const sense = new TransferSense();
    const at = (commit: string, name = 'main', remote = 'origin') => ({ remote, name, commit });
    assert.equal(sense.upstreamReported(at('a'), 'origin'), false, 'the state at the start');
    assert.equal(sense.upstreamReported(at('a'), 'origin'), false, 'a commit of the user');
    assert.equal(sense.upstreamReported(at('b'), 'origin'), true);
    assert.equal(sense.upstreamReported(at('x', 'side'), 'origin'), false, 'another branch');
    assert.equal(sense.upstreamReported(at('b'), 'origin'), false, 'and back');
    assert.equal(sense.upstreamReported(at('c', 'main', 'fork'), 'origin'), false);
    assert.equal(sense.upstreamReported({ remote: 'origin', name: 'main' }, 'origin'), false);
    sense.refWritten('origin/main', 'origin');
    assert.equal(sense.upstreamReported(at('d'), 'origin'), false, 'its file said so before');
    assert.equal(sense.upstreamReported(at('e'), 'origin'), true);
  });
});

describe('the sign-in of the editor', () => {
  const env = { GIT_ASKPASS: '/askpass.sh', VSCODE_GIT_IPC_HANDLE: '/ipc', PATH: '/evil' };

  it('is there while somebody may be asked, and never else', async () => {
    assert.equal(loginNow(), null);
    await runWithLogin({ env, memory: null }, async () => {
      await new Promise(setImmediate);
      assert.equal(loginNow()?.env['GIT_ASKPASS'], '/askpass.sh');
      assert.equal(loginNow()?.env['VSCODE_GIT_IPC_HANDLE'], '/ipc');
    });
    assert.equal(loginNow(), null);
  });

  it('changes nothing but how git asks', async () => {
    await runWithLogin({ env, memory: null }, async () => {
      assert.equal(loginNow()?.env['PATH'], undefined);
      assert.equal(
        loginNow()?.env['GIT_SSH_COMMAND'],
        undefined,
        "the user's own ssh command stays",
      );
      const batch = { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' };
      assert.equal(loginNow(batch)?.env['GIT_SSH_COMMAND'], 'ssh');
    });
  });

  it('is offered for what a login can cure', () => {
    for (const said of [
      "fatal: could not read Username for 'https://git.example': terminal prompts disabled",
      "remote: Invalid username or token.\nfatal: Authentication failed for 'https://git.example/'",
      'git@git.example: Permission denied (publickey,password).',
      'remote: HTTP Basic: Access denied',
    ])
      assert.equal(wantsLogin(said), true, said);
    for (const said of [
      'remote: error: GH006: Protected branch update failed',
      'remote: Permission to clinic/prompts.git denied to ana.\nfatal: unable to access: error: 403',
      'error: remote unpack failed: unable to create temporary object directory',
    ])
      assert.equal(wantsLogin(said), false, said);
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { withPatience } from '../../src/git/patience.js';
import type { Trail } from '../../src/trail/api.js';
import type { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { begunClinic, newPrompt, onPush, prompt } from './anywhereFixture.js';

/** A host that takes each connection and never says a word. */
class SilentHost {
  contacts = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => {
    this.contacts++;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/r.git`;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

describe('sync anywhere: a host that hangs', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  let rosa: Trail;
  let host: SilentHost;
  let warnings: string[];
  beforeEach(async () => {
    clinic = await begunClinic();
    clinic.clone('rosa');
    warnings = [];
    rosa = await clinic.open('rosa', { warn: (m) => warnings.push(m) });
    host = new SilentHost();
    clinic.git('rosa', 'remote', 'set-url', 'origin', await host.start());
  });
  afterEach(async () => {
    host.stop();
    await clinic.dispose();
  });

  const proposed = (note: string, trail = rosa): Promise<unknown> => {
    clinic.write('rosa', prompt, `${note}\n`);
    return withPatience(500, () => trail.propose({ path: prompt, note }));
  };
  const notes = (): string => join(clinic.folder, 'rosa/.git/prompt-audit/sync-problem.json');
  const edited = (change: Record<string, unknown>): void => {
    const problem = JSON.parse(readFileSync(notes(), 'utf8')) as Record<string, unknown>;
    writeFileSync(notes(), JSON.stringify({ ...problem, ...change }));
  };
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

  it('is waited for once, which is told at once; the next acts and programs leave it alone', async () => {
    await proposed('one');
    assert.equal(host.contacts, 1);
    assert.match(warnings[0]!, /has not answered yet\. What you do is recorded here in any case/);
    assert.match(warnings[1]!, /^Not synced yet: git did not fetch .* within 1 seconds/);
    await proposed('two');
    const another = await clinic.open('rosa', { warn: (m) => warnings.push(m) });
    await proposed('three', another);
    assert.equal(host.contacts, 1);
    assert.equal(warnings.length, 4);
    assert.match(
      warnings[3]!,
      /is sent later: .* in 3 min\. Or try at once with: prompt-audit sync/,
    );
    assert.equal((await another.versions(prompt)).length, 3);
    const { syncProblem, unsent } = await another.status();
    assert.deepEqual([syncProblem?.code, syncProblem?.passing], ['git.timeout', true]);
    assert.equal('waited' in (syncProblem ?? {}), false);
    assert.ok(unsent >= 3);
  });

  it('is asked by an explicit sync at once, and by an act when the pause is over', async () => {
    await proposed('one');
    await failure(
      withPatience(500, () => rosa.sync()),
      'git.timeout',
    );
    assert.equal(host.contacts, 2);
    await proposed('two');
    assert.equal(host.contacts, 2);
    edited({ at: ago(4), since: ago(4) });
    await proposed('three');
    assert.equal(host.contacts, 3);
    clinic.git('rosa', 'remote', 'set-url', 'origin', clinic.remote);
    assert.ok((await rosa.sync()).sent >= 3);
    await proposed('four');
    assert.equal((await rosa.status()).unsent, 0);
  });

  it('is left alone too where it refused the last push', async () => {
    clinic.git('rosa', 'remote', 'set-url', 'origin', clinic.remote);
    onPush(clinic, 'exit 1');
    await rosa.record([newPrompt(clinic, 'rosa')]);
    await failure(rosa.sync(), 'sync.refused');
    host.stop();
    host = new SilentHost();
    clinic.git('rosa', 'remote', 'set-url', 'origin', await host.start());
    await proposed('one');
    await proposed('two');
    assert.equal(host.contacts, 1);
  });

  it('who is offline without a wait is not held up, and tries each time', async () => {
    host.stop();
    const gone = clinic.git('rosa', 'remote', 'get-url', 'origin');
    await proposed('one');
    const { syncProblem } = await rosa.status();
    assert.equal(syncProblem?.code, 'sync.offline', gone);
    clinic.git('rosa', 'remote', 'set-url', 'origin', clinic.remote);
    await proposed('two');
    assert.equal((await rosa.status()).unsent, 0);
  });

  it('who was offline after a long wait does not wait again with the next act', async () => {
    host.stop();
    await proposed('one');
    edited({ waited: 20_000 });
    clinic.git('rosa', 'remote', 'set-url', 'origin', clinic.remote);
    await proposed('two');
    assert.ok((await rosa.status()).unsent > 0);
    await rosa.sync();
    assert.equal((await rosa.status()).unsent, 0);
  });
});

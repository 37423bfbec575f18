import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';

describe('the packed extension, once VS Code has installed it', () => {
  let server: VsCodeServer;
  let folder: string;

  before(async () => {
    server = await startVsCodeServer();
    const extensions = path.join(server.home, 'ext');
    const name = readdirSync(extensions).find((entry) => /^prompt-audit-trail\./u.test(entry));
    assert.ok(name);
    folder = path.join(extensions, name);
  });

  after(() => server.stop());

  it('has a command line that can be run', function () {
    if (process.platform === 'win32') this.skip();
    const program = path.join(folder, 'media/bin/prompt-audit');
    assert.notEqual(statSync(program).mode & 0o111, 0);
    // As in a terminal of VS Code on a machine without Node.js.
    const env = { PATH: '/usr/bin:/bin', PROMPT_AUDIT_NODE: process.execPath };
    const help = execFileSync(program, ['--help'], { env, encoding: 'utf8' });
    assert.match(help, /prompt-audit/u);
    assert.match(help, /approve/u);
  });

  it('holds nothing that its users do not need', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      files.filter((file) => /node_modules|\.(ts|map|mjs)$|^(src|test|scripts)/u.test(file)),
      [],
    );
    for (const needed of ['dist/extension.js', 'dist/cli.js', 'dist/sql-wasm.wasm'])
      assert.ok(files.includes(path.normalize(needed)), needed);
  });
});

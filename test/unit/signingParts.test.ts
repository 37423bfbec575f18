import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { fingerprint } from '../../src/core/ssh/publicKey.js';
import { literalKey } from '../../src/git/signingConfig.js';
import { splitCommandLine } from '../../src/git/splitCommand.js';
import { oneStepLine, type Found } from '../../src/signing/oneStep.js';
import { publicKeyOfFile } from '../../src/signing/publicKey.js';
import { runProgram } from '../../src/signing/runProgram.js';
import { makeKey } from '../tools/sshAgent.js';
import { temporaryFolder } from '../tools/temporary.js';

describe('signing: the parts', () => {
  const folder = join(homedir(), '.ssh');
  const found = (more: Partial<Found>): Found => {
    return { platform: 'linux', folder, files: [], agent: [], ...more };
  };

  it('splits a command as git does, and never as a shell', () => {
    for (const [text, words] of [
      ['ssh-add -L', ['ssh-add', '-L']],
      ['  a  b ', ['a', 'b']],
      [`'a b' "c d"e`, ['a b', 'c de']],
      [String.raw`a\ b 'c\d' "e\"f"`, ['a b', 'c\\d', 'e"f']],
      ["a '' b", ['a', '', 'b']],
      ['a; b $(c) | d', ['a;', 'b', '$(c)', '|', 'd']],
      ["a 'b", null],
      ['a\\', null],
      ['', []],
    ] as const)
      assert.deepEqual(splitCommandLine(text), words, text);
  });

  it('tells a key in the configuration from a path', () => {
    assert.equal(literalKey('key::ecdsa-sha2-nistp256 AAAA x'), 'ecdsa-sha2-nistp256 AAAA x');
    assert.equal(literalKey('ssh-ed25519 AAAA'), 'ssh-ed25519 AAAA');
    for (const path of ['~/.ssh/id.pub', '-x', 'ecdsa-sha2-nistp256 AAAA', '/ssh-key'])
      assert.equal(literalKey(path), null);
  });

  it('names the one line that fits what is there', () => {
    const set = 'git config --global gpg.format ssh && git config --global user.signingkey';
    const held = 'ssh-ed25519 AAAA ravi@home';
    assert.equal(oneStepLine(found({ files: ['id_rsa.pub'] }), true), `${set} ~/.ssh/id_rsa.pub`);
    assert.equal(oneStepLine(found({ agent: [held] }), true), `${set} "key::ssh-ed25519 AAAA"`);
    assert.equal(
      oneStepLine(found({}), true),
      `ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519 && ${set} ~/.ssh/id_ed25519.pub`,
    );
    assert.equal(
      oneStepLine(found({ files: ['id_rsa.pub'] }), false),
      'git config --global prompt-audit.signingKey ~/.ssh/id_rsa.pub',
    );
    const windows = oneStepLine(found({ platform: 'win32' }), true);
    assert.ok(!windows.includes('&&') && !windows.includes('~'), windows);
  });

  it('reads the public key of any key file, without its passphrase', async () => {
    const { path, remove } = temporaryFolder('keys');
    const { file, line } = makeKey(path, 'k', 'secret');
    const whole = await publicKeyOfFile(`${file}.pub`);
    const inside = await publicKeyOfFile(file);
    assert.ok(whole.ok && inside.ok);
    assert.equal(`${inside.value.type} ${inside.value.blob.toString('base64')}`, line);
    assert.equal(fingerprint(whole.value), fingerprint(inside.value));
    writeFileSync(join(path, 'none'), '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END');
    for (const name of ['none', 'missing'])
      assert.ok(!(await publicKeyOfFile(join(path, name))).ok);
    remove();
  });

  it('comes back from a program whose children keep its pipes open', async () => {
    const call = { folder: '/', interactive: false, timeout: 30_000 };
    const args = [
      '-e',
      "require('child_process').spawn('sleep',['8'],{detached:true,stdio:'inherit'}).unref(); console.log('x')",
    ];
    const end = await runProgram({ ...call, program: process.execPath, args });
    assert.deepEqual(end, { kind: 'exited', status: 0, stdout: 'x\n', stderr: '' });
  });
});

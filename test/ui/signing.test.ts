import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ana, makeClinic, ravi, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { makeKey } from '../tools/sshAgent.js';
import { hasSshKeygen } from '../tools/sshKeys.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';

/** A reviewer who has an SSH key, and has never signed anything. The tests build on each other. */
describe('signing, from nothing to a signed decision', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let window: Workbench;
  let folder: string;
  let key: string;

  before(async function () {
    if (!hasSshKeygen || process.platform === 'win32') this.skip();
    clinic = makeClinic();
    const author = clinic.clone(ana);
    folder = clinic.clone(ravi);
    const home = path.join(clinic.folder, 'home');
    mkdirSync(path.join(home, '.ssh'), { recursive: true });
    key = makeKey(path.join(home, '.ssh'), 'id_ed25519').file;
    cli(folder, 'init', '--yes');
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=Audit trail');
    git(folder, 'push', '--quiet');
    cli(folder, 'sync');
    git(author, 'pull', '--quiet');
    cli(author, 'sync');
    writeFileSync(path.join(author, triage), 'You triage.\n');
    cli(author, 'propose', triage, '-m', 'First words');
    server = await startVsCodeServer({
      env: { HOME: home, SSH_AUTH_SOCK: '' },
      // Only then the text of a terminal stands in the page.
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
    });
    window = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  const page = () => window.editor.webview();
  const detail = (): Locator => page().locator('#detail');
  const clear = (): Promise<void> => window.runCommand('Notifications: Clear All Notifications');

  it('a decision is recorded without a word about keys where the team has none', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.sidebar.rowAction('Needs Review', /triage.*v1/u, /^Approve/u);
    await window.quick.answer('Comment (optional)', 'Safe');
    await window.notices.confirm(/Approve as Ravi Reviewer/u, 'Approve');
    await window.sidebar.row('Prompts', /triage.*v1 approved/u).waitFor();
    const said = await window.notices.messages();
    assert.deepEqual(
      said.filter((text) => /sign/iu.test(text)),
      [],
    );
    await clear();
  });

  it('says in one line how git is set up to sign, and writes it into a terminal', async () => {
    await window.runCommand('Prompt Audit: Sign My Decisions…');
    const said = await window.notices.waitFor(/not set up to sign/u);
    const line =
      'git config --global gpg.format ssh && git config --global user.signingkey ~/.ssh/id_ed25519.pub';
    assert.equal(said, `git is not set up to sign. Set up SSH signing with: ${line}`);
    await window.screenshot('signing not set up');
    await window.notices.press(/not set up to sign/u, 'Set Up in Terminal');
    const terminal = window.page.locator('.terminal-wrapper.active .xterm-rows');
    await terminal.filter({ hasText: 'gpg.format' }).waitFor();
    await window.screenshot('signing one step in the terminal');
    // Whether to run it is the person's own decision.
    assert.throws(() => git(folder, 'config', 'gpg.format'));
    git(folder, 'config', 'gpg.format', 'ssh');
    git(folder, 'config', 'user.signingkey', `${key}.pub`);
    await window.runCommand('View: Toggle Panel Visibility');
  });

  it('adds the key to the list of the team, and says what happens to it then', async () => {
    await window.runCommand('Prompt Audit: Sign My Decisions…');
    const said = await window.notices.waitFor(/allowed_signers/u);
    assert.match(said, /Your key SHA256:\S+ does not sign for ravi@clinic\.example/u);
    await window.screenshot('signing key not adopted');
    await window.notices.press(/allowed_signers/u, 'Add My Key');
    await window.notices.waitFor(/Your key is in \.prompt-audit\/allowed_signers/u);
    await window.editor.tab('allowed_signers').waitFor();
    const text = readFileSync(path.join(folder, '.prompt-audit/allowed_signers'), 'utf8');
    assert.match(text, /^ravi@clinic\.example .*ssh-ed25519 /mu);
    await window.screenshot('signing key added');
    await clear();
  });

  it('signs what was recorded unsigned, once the key is merged', async () => {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=My key');
    git(folder, 'push', '--quiet');
    await window.runCommand('Prompt Audit: Sign My Decisions…');
    await window.statusItem(/Signed 1 decision or deployment/u).waitFor();
    await window.runCommand('Prompt Audit: Open Timeline');
    await page()
      .getByRole('option', { name: /Ravi Reviewer approved v1/u })
      .first()
      .click({ position: { x: 60, y: 12 } });
    await detail().locator('.signatures').getByText('Signed with their own key').waitFor();
    assert.deepEqual(await window.notices.messages(), []);
    await window.runCommand('Prompt Audit: Sign My Decisions…');
    await window.statusItem(/Nothing of yours waits to be signed/u).waitFor();
  });

  it('never asks for the key when a file is saved', async () => {
    const asked = path.join(clinic.folder, 'asked');
    const waits = path.join(clinic.folder, 'waits');
    writeFileSync(waits, `#!/bin/sh\n: > '${asked}'\nexec sleep 600\n`, { mode: 0o755 });
    git(folder, 'config', 'gpg.ssh.program', waits);
    await window.editor.open(triage);
    await window.editor.append('Be kind.\n');
    await window.editor.save();
    await window.sidebar.row('Prompts', /triage.*(changed|edited|draft)/u).waitFor();
    assert.equal(existsSync(asked), false);
    assert.deepEqual(await window.notices.messages(), []);
  });
});

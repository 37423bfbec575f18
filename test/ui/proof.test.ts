import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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

function commitAll(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', `--message=${message}`);
  git(folder, 'push', '--quiet');
}

/** One reviewer's window: what he signs, proves, verifies and removes. The tests build on each other. */
describe('proof in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let window: Workbench;
  let folder: string;
  let key: string;

  before(async function () {
    if (!hasSshKeygen) this.skip();
    clinic = makeClinic();
    const author = clinic.clone(ana);
    folder = clinic.clone(ravi);
    key = makeKey(clinic.folder, 'key').file;
    git(folder, 'config', 'gpg.format', 'ssh');
    git(folder, 'config', 'user.signingkey', key);
    // Ravi begins the trail, so that he may redact.
    cli(folder, 'init', '--yes');
    cli(folder, 'sign', '--enroll');
    commitAll(folder, 'Audit trail and a key');
    cli(folder, 'sync');
    git(author, 'pull', '--quiet');
    cli(author, 'sync');
    writeFileSync(path.join(author, triage), 'You triage. The password is hunter2.\n');
    cli(author, 'propose', triage, '-m', 'First words');
    server = await startVsCodeServer();
    window = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  const page = () => window.editor.webview();
  const panel = (): Locator => page().locator('#findings');
  const detail = (): Locator => page().locator('#detail');

  async function openEvent(words: RegExp): Promise<void> {
    await window.runCommand('Prompt Audit: Open Timeline');
    // The pill that counts new events lies over the middle of the first row.
    await page()
      .getByRole('option', { name: words })
      .first()
      .click({ position: { x: 60, y: 12 } });
    await detail().getByRole('heading', { name: words }).waitFor();
  }

  it('signs an approval without a question, and shows whose key it was', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.sidebar.rowAction('Needs Review', /triage.*v1/u, /^Approve/u);
    await window.quick.answer('Comment (optional)', 'Safe');
    await window.notices.confirm(/Approve as Ravi Reviewer/u, 'Approve');
    await window.sidebar.row('Prompts', /triage.*v1 approved/u).waitFor();
    await openEvent(/Ravi Reviewer approved v1/u);
    await detail().locator('.signatures').getByText('Signed with their own key').waitFor();
    await detail()
      .getByText(/^ssh-ed25519 SHA256:/u)
      .waitFor();
    await detail().getByText('key of ravi@clinic.example').waitFor();
    await detail().getByText('L1 signed with their own key').waitFor();
    await detail().getByText('L2 also kept by the remote').waitFor();
    await window.screenshot('proof signed decision');
  });

  it('copies the proof of the approval, which holds', async () => {
    await detail().getByRole('button', { name: 'Copy Proof' }).click();
    await window.page
      .getByText(/Copied the proof of event \d+/u)
      .first()
      .waitFor();
    await window.runCommand('Prompt Audit: Check Proof…');
    await window.quick.pick('The clipboard');
    const dialog = window.notices.dialog.filter({ hasText: 'This proof holds.' });
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /review\.decided/u);
    assert.match(await dialog.innerText(), /has the same checkpoint/u);
    await window.screenshot('proof holds');
    await window.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('records what a key with a passphrase cannot sign now, and says how to sign it later', async () => {
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', key]);
    await window.runCommand('Prompt Audit: Record Deployment…');
    await window.quick.waitFor(/Which prompt/u);
    await window.quick.pick(/triage/u);
    await window.quick.waitFor(/Which version of triage/u);
    await window.quick.pick('v1');
    await window.quick.waitFor(/environment/iu);
    await window.quick.pick('staging');
    await window.quick.answer('Note or address (optional)', '');
    await window.notices.confirm(/v1 is now active in staging/u, 'Record Deployment');
    await window.sidebar.row('Deployments', /triage.*v1.*active in staging/u).waitFor();
    const said = await window.notices.waitFor(/Recorded, but not signed/u);
    assert.match(said, /protected by a passphrase.*ssh-add/u);
    const notice = window.notices.notification(/Recorded, but not signed/u);
    await notice.getByRole('button', { name: 'Sign in Terminal' }).waitFor();
    await window.screenshot('proof recorded but not signed');
    await window.runCommand('Notifications: Clear All Notifications');
    await openEvent(/Ravi Reviewer deployed v1 to staging/u);
    await detail().getByText('L0 linked by the hash chain').waitFor();
    assert.equal(await detail().locator('.signatures').count(), 0);
  });

  it('signing can be cancelled while it waits, and is done later', async () => {
    // A key that waits for a touch for ever.
    const waits = path.join(clinic.folder, 'waits');
    writeFileSync(waits, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    git(folder, 'config', 'gpg.ssh.program', waits);
    await window.runCommand('Prompt Audit: Sign My Decisions…');
    const notice = window.notices.notification(/Touch your security key/u);
    assert.match(await window.notices.waitFor(/Touch your security key/u), /if it asks$/u);
    await notice.hover();
    await window.screenshot('proof signing waits');
    await notice.getByRole('button', { name: 'Cancel' }).click();
    await notice.waitFor({ state: 'hidden' });
    assert.deepEqual(await window.notices.messages(), []);
    git(folder, 'config', '--unset', 'gpg.ssh.program');
    execFileSync('ssh-keygen', ['-q', '-p', '-P', 'secret', '-N', '', '-f', key]);
    await window.runCommand('Prompt Audit: Sign My Decisions…');
    await detail().locator('.signatures').getByText('Signed with their own key').waitFor();
  });

  it('gives separate verdicts, and says what is in doubt', async () => {
    const file = path.join(folder, '.prompt-audit/ledger.sqlite');
    cli(folder, 'sync');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('First words')] = 'f'.charCodeAt(0);
    writeFileSync(file.replace('.sqlite', '.damaged-20261121T120000Z.sqlite'), bytes);
    await window.runCommand('Prompt Audit: Verify Ledger');
    const said = await window.notices.waitFor(/in doubt/u);
    assert.match(said, /^Completeness is in doubt; structure and order hold/u);
    assert.match(said, /2 of 2 decisions and deployments are signed; 1 warning\.$/u);
    await window.runCommand('Notifications: Clear All Notifications');
    const badge = page().getByRole('button', { name: /1 warning/u });
    await badge.click();
    assert.equal(await badge.getAttribute('aria-expanded'), 'true');
    const verdicts = await panel().locator('.verdict').allInnerTexts();
    assert.deepEqual(
      verdicts.map((text) =>
        text
          .split(/\s{2,}|\n/u)
          .map((part) => part.trim())
          .slice(0, 2),
      ),
      [
        ['Structure', 'Holds'],
        ['Completeness', 'In doubt'],
        ['Authenticity', 'Holds'],
        ['Order', 'Holds'],
      ],
    );
    await panel()
      .getByText(/is kept as ledger\.damaged-20261121T120000Z\.sqlite/u)
      .waitFor();
    await window.screenshot('proof verdicts in doubt');
    await panel().getByRole('button', { name: 'Verify Everything Again' }).click();
    await panel()
      .getByText(/^All \d+ events were checked now/u)
      .waitFor();
  });

  it('a review of the finding is recorded and shown, and changes no verdict', async () => {
    await panel().getByRole('button', { name: 'Mark as Reviewed…' }).press('Enter');
    await window.quick.answer(/What did it turn out to be/u, 'A disk fault, INC-31');
    const said = await window.notices.confirm(/Record this review as Ravi/u, 'Mark as Reviewed');
    assert.match(said, /no verdict changes/u);
    await panel()
      .getByText(/Reviewed by Ravi Reviewer on .*: A disk fault, INC-31/u)
      .waitFor();
    assert.equal(await panel().getByRole('button', { name: 'Mark as Reviewed…' }).count(), 0);
    await page()
      .getByRole('button', { name: /^Verified · \d+ events$/u })
      .waitFor();
    await panel().getByText('In doubt, all reviewed: 1').waitFor();
    await window.screenshot('proof finding reviewed');
    await window.runCommand('Prompt Audit: Mark Finding as Reviewed…');
    await window.notices.waitFor('No finding waits for a review.');
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('removes a leaked secret from the timeline, with a reason and a confirmation', async () => {
    await openEvent(/Ana Author proposed v1/u);
    await detail().getByRole('button', { name: 'Redact…' }).click();
    await window.quick.pick(/text/iu);
    await window.quick.answer(/Why is it removed/u, 'It held a password');
    await window.screenshot('proof redaction is asked');
    const said = await window.notices.confirm(/for good/u, 'Remove for Good');
    assert.match(said, /cannot be brought back/u);
    const gone = /The text was redacted by Ravi Reviewer on .* because It held a password/u;
    await detail().getByText(gone).first().waitFor();
    await window.screenshot('proof redacted version');
    await detail()
      .getByRole('button', { name: /Open Diff/u })
      .click();
    await window.page
      .getByText(/redacted/iu)
      .first()
      .waitFor();
    await window.screenshot('proof redacted diff');
    assert.ok(!readFileSync(path.join(folder, '.prompt-audit/ledger.sqlite')).includes('hunter2'));
  });
});

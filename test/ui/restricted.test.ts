import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { makeClinic, ravi, type Clinic } from '../tools/clinic.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

describe('a folder that nobody has trusted yet', () => {
  let clinic: Clinic;
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  before(async () => {
    clinic = makeClinic();
    folder = clinic.clone(ravi);
    server = await startVsCodeServer({ trust: false });
    window = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  it('is told about, and nothing is written into it', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.page
      .getByText(/in Restricted Mode/u)
      .first()
      .waitFor();
    await window.screenshot('restricted mode');
    assert.equal(existsSync(path.join(folder, '.prompt-audit')), false);
    assert.equal(existsSync(path.join(folder, '.git', 'prompt-audit')), false);
  });

  it('has no command that would run git, read the ledger or read a proof', async () => {
    await window.page.keyboard.press('F1');
    const box = window.quick.widget.locator('.quick-input-box input');
    await box.fill('>Prompt Audit:');
    await window.quick.option('Prompt Audit: Show Log').waitFor();
    const own = (await window.quick.options()).filter((name) => name.startsWith('Prompt Audit:'));
    assert.equal(own.length, 2, own.join());
    assert.match(own.join(), /Focus on Needs Review View/u);
    await window.quick.escape();
  });

  it('shows its prompts once it is trusted', async () => {
    await window.page.getByRole('button', { name: 'Manage Workspace Trust' }).first().click();
    await window.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await window.sidebar.openContainer('Prompt Audit');
    await window.page.getByRole('button', { name: 'Initialize Prompt Audit' }).first().waitFor();
    assert.equal(await window.page.getByText(/runs no git/u).count(), 0);
    // A proof needs no trail here.
    await window.runCommand('Prompt Audit: Check Proof…');
    await window.quick.waitFor('Check Proof');
  });
});

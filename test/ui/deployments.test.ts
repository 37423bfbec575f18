import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ana, makeClinic, ravi, rosa, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { contextMenu } from './harness/contextMenu.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';

interface LogRow {
  readonly id: string;
  readonly type: string;
  readonly note: string | null;
  readonly refs: Readonly<Record<string, unknown>>;
}

function log(folder: string, type: string): readonly LogRow[] {
  const { rows } = JSON.parse(cli(folder, 'log', '--json')) as { rows: readonly LogRow[] };
  return rows.filter((row) => row.type === type);
}

const policy = (ledger: string): string => `{
  "version": 1,
  "ledger": "${ledger}",
  "approvals": { "required": 1 },
  "environments": { "staging": {}, "production": { "after": "staging" } }
}
`;

/** The release manager takes an approved version from staging to production, and out of use again. */
describe('deployments in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let manager: Workbench;
  let folder: string;

  before(async () => {
    clinic = makeClinic();
    const author = clinic.clone(ana);
    cli(author, 'init', '--yes');
    const file = path.join(author, '.prompt-audit/policy.jsonc');
    writeFileSync(file, policy(/[0-9a-f]{32}/u.exec(readFileSync(file, 'utf8'))?.[0] ?? ''));
    git(author, 'add', '--all');
    git(author, 'commit', '--quiet', '--message=Policy');
    git(author, 'push', '--quiet');
    cli(author, 'propose', triage, '-m', 'Doubt counts as an emergency');
    cli(clinic.clone(ravi), 'approve', triage, '--yes');
    folder = clinic.clone(rosa);
    server = await startVsCodeServer();
    manager = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [manager], server, clinic }));

  /** Picks the prompt, its only version and the environment. */
  async function deployTo(env: string): Promise<void> {
    await manager.runCommand('Prompt Audit: Record Deployment…');
    await manager.quick.waitFor(/Which prompt/u);
    await manager.quick.pick(/triage/u);
    await manager.quick.waitFor(/Which version of triage/u);
    await manager.quick.pick('v1');
    await manager.quick.waitFor(/environment/iu);
    // Its name begins with the icon of what is refused.
    await manager.quick.pick(new RegExp(`\\b${env},`, 'u'));
  }

  it('what was not in staging may not go to production, and staging is offered', async () => {
    await manager.sidebar.openContainer('Prompt Audit');
    await manager.sidebar.row('Prompts', /triage.*v1 approved/u).waitFor();
    await manager.runCommand('Prompt Audit: Record Deployment…');
    await manager.quick.pick(/triage/u);
    await manager.quick.waitFor(/Which version of triage/u);
    await manager.quick.pick('v1');
    await manager.quick.waitFor(/environment/iu);
    await manager.screenshot('deployments environments');
    await manager.quick.pick(/\bproduction,.*Refused/u);
    const dialog = manager.notices.dialog.filter({ hasText: /is refused in production/u });
    await dialog.getByText(/asks for a deployment to staging first/u).waitFor();
    await manager.screenshot('deployments not promoted');
    await dialog.getByRole('button', { name: 'Deploy to staging…' }).click();
    await manager.quick.waitFor(/Note, with the address/u);
  });

  it('a deployment that failed is recorded with its release and run, and changes nothing', async () => {
    await manager.quick.type('Smoke test red');
    await manager.quick.button('Failed, Release, Pipeline Run…');
    await manager.quick.pick(/^Outcome/u);
    await manager.quick.pick(/^Release/u);
    await manager.quick.answer(/Name or address of the release/u, '2026.11');
    await manager.quick.pick(/^Pipeline run/u);
    await manager.quick.answer(/Name or address of the pipeline/u, 'https://ci.example/run/7');
    await manager.quick.waitFor(/What else is there to record/u);
    await manager.screenshot('deployments details');
    await manager.quick.button('Back');
    await manager.quick.waitFor(/Recorded with it: it failed · release 2026\.11/u);
    await manager.quick.accept();
    const said = await manager.notices.confirm(/to staging failed\?/u, 'Record Deployment');
    assert.match(said, /release 2026\.11 · pipeline https:\/\/ci\.example\/run\/7/u);
    await manager.sidebar.welcome('Deployments').waitFor();
    await manager.runCommand('Prompt Audit: Open Timeline');
    const page = manager.editor.webview();
    await page
      .getByRole('option', { name: /Rosa Release.*staging/u })
      .first()
      .click();
    await page.locator('#detail').getByText('https://ci.example/run/7', { exact: true }).waitFor();
    await manager.screenshot('deployments failed detail');
    const [failed] = log(folder, 'deployment.recorded');
    assert.equal(failed?.refs['outcome'], 'failed');
    assert.equal(failed?.note, 'Smoke test red');
    assert.deepEqual(
      (JSON.parse(cli(folder, 'active', triage, '--env', 'staging', '--json')) as { rows: unknown })
        .rows,
      [],
    );
  });

  it('the common case is a note and a confirmation: to staging, then on to production', async () => {
    await deployTo('staging');
    await manager.quick.answer(/Note, with the address/u, 'Green now');
    await manager.notices.confirm(/triage.*is now active in staging/u, 'Record Deployment');
    await manager.sidebar.row('Deployments', /triage.*v1.*staging/u).waitFor();
    await deployTo('production');
    await manager.quick.answer(/Note, with the address/u, '');
    const said = await manager.notices.confirm(/is now active in production/u, 'Record Deployment');
    assert.match(said, /Promoted from staging/u);
    await manager.sidebar.row('Deployments', /triage.*v1.*production/u).waitFor();
    const [, staging, production] = log(folder, 'deployment.recorded');
    assert.equal(production?.refs['promotedFrom'], staging?.id);
  });

  it('offers what can be done with a deployment on its row, in order', async () => {
    await manager.sidebar.row('Deployments', /triage.*production/u).click({ button: 'right' });
    const menu = contextMenu(manager.page);
    await menu.getByRole('menuitem', { name: 'Undeploy…' }).waitFor();
    const items = await menu.getByRole('menuitem').allInnerTexts();
    assert.deepEqual(
      items.map((text) => text.trim()).filter((text) => text !== ''),
      [
        'Record Deployment…',
        'Roll Back…',
        'Undeploy…',
        'Open Version',
        'Compare Two Versions…',
        'Open Timeline',
        'Explain Verdict…',
        'Create Report…',
        'Copy Digest',
        'Copy Proof',
      ],
    );
    await manager.screenshot('deployments menu');
    await manager.page.keyboard.press('Escape');
  });

  it('is not retired while it is active', async () => {
    await manager.editor.open(triage);
    await manager.runCommand('Prompt Audit: Retire Prompt…');
    await manager.notices.waitFor(/is still active in .*Undeploy/u);
    assert.equal(log(folder, 'prompt.retired').length, 0);
  });

  it('is taken out of use with a reason, in one environment after the other', async () => {
    for (const env of ['production', 'staging']) {
      await manager.runCommand('Prompt Audit: Undeploy…');
      await manager.quick.pick(new RegExp(`triage.*${env}`, 'u'));
      await manager.quick.answer(/no longer active/u, '');
      await manager.quick.answer(/needs a reason/u, 'The ward is closed');
      await manager.notices.confirm(new RegExp(`active in ${env} any more`, 'u'), 'Undeploy');
      await manager.sidebar
        .row('Deployments', new RegExp(`triage.*${env}`, 'u'))
        .waitFor({ state: 'detached' });
    }
    assert.equal(log(folder, 'deployment.ended').length, 2);
    await manager.sidebar.welcome('Deployments').waitFor();
  });

  it('and is retired', async () => {
    await manager.runCommand('Prompt Audit: Retire Prompt…');
    await manager.quick.answer(/used no more/u, 'Replaced by the new triage');
    await manager.notices.confirm(/Retire prompts\/triage/u, 'Retire');
    await manager.statusItem(/is retired/u).waitFor();
    assert.equal(log(folder, 'prompt.retired').length, 1);
    await manager.screenshot('deployments retired');
  });
});

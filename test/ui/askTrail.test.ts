import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ana, makeClinic, ravi, rosa, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { choose } from './harness/contextMenu.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';

interface LogRow {
  readonly id: string;
  readonly type: string;
}

function log(folder: string, type: string): readonly LogRow[] {
  const { rows } = JSON.parse(cli(folder, 'log', '--json')) as { rows: readonly LogRow[] };
  return rows.filter((row) => row.type === type);
}

/** Somebody has to find out what ran, who let it, and take the answer along. */
describe('questions to the trail in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let window: Workbench;
  let folder: string;

  before(async () => {
    clinic = makeClinic();
    const author = clinic.clone(ana);
    cli(author, 'init', '--yes');
    git(author, 'add', '--all');
    git(author, 'commit', '--quiet', '--message=Policy');
    git(author, 'push', '--quiet');
    cli(author, 'propose', triage, '-m', 'Doubt <b>counts</b> as an emergency');
    folder = clinic.clone(ravi);
    cli(folder, 'approve', triage, '--yes');
    const manager = clinic.clone(rosa);
    cli(manager, 'deploy', triage, '--env', 'staging');
    cli(manager, 'deploy', triage, '--env', 'production', '-m', 'Release of November');
    const seen = 'You triage messages of our patients.\nAnswer with: emergency, today, never.\n';
    writeFileSync(path.join(folder, 'seen.md'), `---\nmode: ask\nmodel: gpt-4.1\n---\n${seen}`);
    server = await startVsCodeServer();
    window = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  it('shows the questions, the common ones first, and asks only for the environment', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.sidebar.row('Deployments', /triage.*production/u).waitFor();
    await window.runCommand('Prompt Audit: Ask the Trail…');
    await window.quick.waitFor(/What do you want to know/u);
    const questions = await window.quick.options();
    assert.match(questions[0] ?? '', /active in an environment/u, questions.join('\n'));
    await window.screenshot('ask questions');
    await window.quick.pick(/active in an environment/u);
    await window.quick.waitFor(/Which environment/u);
    await window.quick.pick(/^production/u);
  });

  it('answers in a tab with what was searched, what to mind, and the point of the ledger', async () => {
    const page = window.editor.webview();
    await page.getByRole('heading', { name: /active in an environment/u }).waitFor();
    await page.getByText('Environment: production').waitFor();
    await page.getByText(/^1 found among \d+ /u).waitFor();
    await page.getByText(/of ledger [0-9a-f]{8} with \d+ events, root/u).waitFor();
    await page.getByRole('cell', { name: triage }).waitFor();
    assert.equal(await page.locator('script').count(), 0);
    await window.screenshot('ask answer');
  });

  it('a row leads to its event in the timeline', async () => {
    const page = window.editor.webview();
    await page
      .getByRole('link', { name: /^[0-9a-f]{7}$/u })
      .first()
      .click();
    await window.editor
      .webview()
      .locator('#detail')
      .getByText('Release of November', { exact: true })
      .waitFor();
    await window.editor.tab(/active in an environment/u).click();
  });

  it('the question can be asked again with another limit', async () => {
    const page = window.editor.webview();
    await page.getByRole('link', { name: /Narrow Down/u }).click();
    await window.quick.waitFor(/What is to be different/u);
    await window.quick.pick(/^As known at/u);
    await window.quick.answer(/As known when/u, '31 March');
    await window.quick.answer(/is no date/u, '2020-03-31');
    await window.quick.waitFor(/What is to be different/u);
    await window.screenshot('ask narrow');
    await window.quick.pick(/Ask$/u);
    const second = window.editor.webview();
    await second.getByText(/As known at Mar 31, 2020/u).waitFor();
    await second.getByText(/^0 found among/u).waitFor();
  });

  it('an empty list of exceptions says how many were looked at', async () => {
    await window.runCommand('Prompt Audit: Ask the Trail…');
    await window.quick.waitFor(/What do you want to know/u);
    await window.quick.pick(/approved what they had written/u);
    const page = window.editor.webview();
    await page.getByText(/^0 exceptions among [1-9]/u).waitFor();
    assert.equal(await page.getByRole('table').count(), 0);
    await window.screenshot('ask no exception');
  });

  it('the trail of a deployment is chosen from those that there are', async () => {
    await window.runCommand('Prompt Audit: Ask the Trail…');
    await window.quick.pick(/whole trail/u);
    await window.quick.waitFor(/Of which deployment/u);
    await window.quick.pick(/deployed v1 to production/u);
    const page = window.editor.webview();
    await page.getByRole('row').nth(3).waitFor();
    await page.getByText(/^About: [0-9a-f]{7}…$/u).waitFor();
    await page.getByText('<b>counts</b>').first().waitFor({ state: 'attached' });
    assert.equal(await page.locator('td b').count(), 0, 'what people wrote is no HTML');
    await page.locator('summary').first().click();
    await window.screenshot('ask trail');
  });

  it('is legible in every theme and in a narrow window', async () => {
    for (const theme of ['Default Light Modern', 'Default High Contrast', 'Default Dark Modern']) {
      mkdirSync(path.join(folder, '.vscode'), { recursive: true });
      writeFileSync(
        path.join(folder, '.vscode/settings.json'),
        JSON.stringify({ 'workbench.colorTheme': theme }),
      );
      const kind = theme.includes('Light')
        ? '.vs'
        : theme.includes('High')
          ? '.hc-black'
          : '.vs-dark';
      await window.page.locator(`.monaco-workbench${kind}`).waitFor();
      await window.screenshot(`ask ${theme}`);
    }
    await window.page.setViewportSize({ width: 560, height: 860 });
    await window.runCommand('View: Toggle Primary Side Bar Visibility');
    await window.screenshot('ask narrow window');
    await window.runCommand('View: Toggle Primary Side Bar Visibility');
    await window.page.setViewportSize({ width: 1280, height: 860 });
  });

  it('says which version a selected text is, and where and when it was active', async () => {
    await window.editor.open(triage);
    await window.editor.append('');
    await window.page.keyboard.press('ControlOrMeta+a');
    await window.runCommand('Prompt Audit: Identify Selection…');
    await window.quick.waitFor(/Take a line/u);
    const lines = await window.quick.options();
    assert.match(lines[0] ?? '', /triage\.prompt\.md v1.*exactly this text/u, lines.join('\n'));
    assert.ok(
      lines.some((line) => /active in production since/u.test(line)),
      lines.join('\n'),
    );
    await window.screenshot('identify exact');
    await window.quick.pick(/active in production/u);
    await window.editor
      .webview()
      .locator('#detail')
      .getByText('Release of November', { exact: true })
      .waitFor();
  });

  it('a text that is only alike is shown beside the version', async () => {
    await window.editor.open('seen.md');
    await window.editor.append('');
    await window.page.keyboard.press('ControlOrMeta+a');
    await window.runCommand('Prompt Audit: Identify Selection…');
    await window.quick.pick(/triage\.prompt\.md v1.*% of the words/u);
    const { before, after } = await window.editor.diffTexts();
    assert.match(before, /routine/u);
    assert.match(after, /never/u);
    await window.screenshot('identify diff');
  });

  it('writes a report of a deployment from its row, and says where it is', async () => {
    await window.sidebar.row('Deployments', /triage.*production/u).click({ button: 'right' });
    await choose(window.page, 'Create Report…');
    const file = path.join(clinic.folder, 'report.html');
    await window.quick.waitFor(/Create Report/u);
    await window.quick.waitForValue(/prompt-audit-report-\w+-[\d-]+\.html$/);
    await window.quick.type(file);
    await window.quick.accept();
    await window.notices.waitFor(/Wrote the report/u);
    await window.screenshot('report written');
    assert.match(readFileSync(file, 'utf8'), /triage\.prompt\.md/u);
    await window.notices.press(/Wrote the report/u, 'Open');
    await window.editor.tab('report.html').waitFor();
    assert.equal(log(folder, 'trail.exported').length, 1);
  });

  it('exports the evidence of a time into a folder', async () => {
    await window.runCommand('Prompt Audit: Export Evidence…');
    await window.quick.pick(/Everything/u);
    await window.quick.pick('At any time');
    await window.quick.waitFor(/Export Here/u);
    await window.quick.waitForValue(/clinic-\w+\/$/);
    const target = path.join(clinic.folder, 'handed-out');
    mkdirSync(target);
    await window.quick.type(`${target}/`);
    await window.quick.button('Export Here');
    await window.notices.waitFor(/Exported \d+ rows in \d+ files/u);
    const [made] = readdirSync(target);
    assert.match(made ?? '', /^prompt-audit-evidence-/u);
    assert.ok(existsSync(path.join(target, made ?? '', 'SHA256SUMS')));
    assert.equal(log(folder, 'trail.exported').length, 2);
    await window.notices.press(/Exported/u, 'Open');
    await window.editor.tab('README.txt').waitFor();
  });
});

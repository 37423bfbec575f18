import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ana, makeClinic, ravi, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';
const discharge = 'prompts/discharge.prompt.yml';

interface LogRow {
  readonly type: string;
  readonly path: string | null;
  readonly summary: string;
}

function log(folder: string, type: string): readonly LogRow[] {
  const { rows } = JSON.parse(cli(folder, 'log', '--json')) as { rows: readonly LogRow[] };
  return rows.filter((row) => row.type === type);
}

const policy = (ledger: string): string => `{
  "version": 1,
  "ledger": "${ledger}",
  "people": {
    "ana": { "emails": ["ana@clinic.example"] },
    "ravi": { "emails": ["ravi@clinic.example"] },
    "rosa": { "emails": ["rosa@clinic.example"] }
  },
  "roles": { "reviewer": ["ravi", "rosa"] },
  "approvals": {
    "required": 1,
    "roles": ["reviewer"],
    "reason": true,
    "meanings": ["Clinically safe", "Plain words"]
  },
  "environments": { "staging": {}, "production": {} }
}
`;

/** Author and reviewer with a clone and a window each; the tests build on each other. */
describe('approvals in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let author: Workbench;
  let reviewer: Workbench;
  let authorFolder: string;
  let reviewerFolder: string;

  before(async () => {
    clinic = makeClinic();
    authorFolder = clinic.clone(ana);
    cli(authorFolder, 'init', '--yes');
    const file = path.join(authorFolder, '.prompt-audit/policy.jsonc');
    writeFileSync(file, policy(/[0-9a-f]{32}/u.exec(readFileSync(file, 'utf8'))?.[0] ?? ''));
    git(authorFolder, 'add', '--all');
    git(authorFolder, 'commit', '--quiet', '--message=Policy');
    git(authorFolder, 'push', '--quiet');
    reviewerFolder = clinic.clone(ravi);
    cli(authorFolder, 'propose', discharge, '-m', 'Plain words');
    server = await startVsCodeServer();
    author = await openWorkbench({ server, folder: authorFolder });
  });

  endAfterwards(() => ({ windows: [author, reviewer], server, clinic }));

  it('the author asks for a review while she proposes', async () => {
    await author.sidebar.openContainer('Prompt Audit');
    await author.sidebar.row('Prompts', /triage/u).waitFor();
    await author.editor.open(triage);
    await author.runCommand('Prompt Audit: Propose Version…');
    await author.quick.waitFor('Change note');
    await author.quick.type('Doubt counts as an emergency');
    await author.quick.button('Ask for Review from…');
    await author.quick.waitFor(/Ask for review from/u);
    assert.deepEqual(await author.quick.boxes(), ['ravi', 'rosa', 'Seed']);
    await author.quick.tick(/^ravi/u);
    await author.screenshot('approvals ask for review');
    await author.quick.accept();
    await author.quick.waitFor(/Asked for review: ravi@clinic\.example/u);
    await author.quick.accept();
    await author.sidebar.row('Needs Review', /triage.*v1.*asked: /u).waitFor();
    assert.equal(log(authorFolder, 'review.requested').length, 1);
  });

  it('her own approval is refused, and the trace says which rule it did not pass', async () => {
    await author.runCommand('Prompt Audit: Approve…');
    await author.quick.pick(/triage.*v1/u);
    await author.quick.pick('Plain words');
    await author.quick.answer(/The policy wants a reason/u, 'It is mine');
    await author.notices.confirm(/Approve as Ana Author/u, 'Approve');
    await author.notices.waitFor(/does not let you approve/u);
    await author.runCommand('Prompt Audit: Open Timeline');
    const page = author.editor.webview();
    await page
      .getByRole('option', { name: /Ana Author.*refused|Ana Author.*denied/u })
      .first()
      .click();
    const rule = page.locator('#detail .rule').first();
    await rule.getByText('they did not contribute to it').waitFor();
    assert.match(await rule.innerText(), /failed:\s+they did not contribute to it/u);
    await rule.scrollIntoViewIfNeeded();
    await author.screenshot('approvals refusal');
  });

  it('she asks somebody else for a review of another version later', async () => {
    await author.editor.open(discharge);
    await author.runCommand('Prompt Audit: Ask for Review…');
    await author.quick.pick(/^v1/u);
    await author.quick.tick(/^rosa/u);
    await author.quick.accept();
    await author.quick.answer(/What should they look at/u, 'The tone');
    await author.sidebar.row('Needs Review', /discharge.*asked: /u).waitFor();
    assert.equal(log(authorFolder, 'review.requested').length, 2);
  });

  it('the reviewer is told, and what he is asked for stands first', async () => {
    reviewer = await openWorkbench({ server, folder: reviewerFolder });
    await reviewer.notices.waitFor(/2 versions wait for your review/u);
    await reviewer.statusItem(/^2 to review/u).waitFor();
    await reviewer.sidebar.openContainer('Prompt Audit');
    await reviewer.sidebar.row('Needs Review', /triage.*you were asked/u).waitFor();
    const names = await reviewer.sidebar.rowNames('Needs Review');
    assert.match(names[1] ?? '', /triage/u, names.join('\n'));
    assert.match(names[2] ?? '', /discharge/u);
    await reviewer.screenshot('approvals waiting for me');
  });

  it('he approves both at once, with meaning and reason, after one confirmation', async () => {
    await reviewer.sidebar.row('Needs Review', /discharge/u).click();
    await reviewer.sidebar.row('Needs Review', /triage/u).click({ modifiers: ['ControlOrMeta'] });
    await reviewer.sidebar.rowAction('Needs Review', /triage/u, /^Approve/u);
    await reviewer.quick.waitFor(/What does your approval mean/u);
    assert.deepEqual(await reviewer.quick.options(), ['Clinically safe', 'Plain words']);
    await reviewer.quick.pick('Clinically safe');
    await reviewer.quick.answer(/The policy wants a reason/u, '');
    await reviewer.quick.answer(/The policy wants a reason with each approval/u, 'Read both twice');
    await reviewer.notices.dialog.waitFor();
    await reviewer.screenshot('approvals confirmation');
    const said = await reviewer.notices.confirm(/Approve these 2 versions as Ravi/u, 'Approve');
    assert.match(said, /prompts\/triage\.prompt\.md v1 \([0-9a-f]{7}…\)/u);
    assert.match(said, /prompts\/discharge\.prompt\.yml v1 \([0-9a-f]{7}…\)/u);
    assert.match(said, /Meaning: Clinically safe/u);
    assert.match(said, /Reason: Read both twice/u);
    await reviewer.sidebar.welcome('Needs Review').getByText('Nothing needs review').waitFor();
    assert.equal(log(reviewerFolder, 'review.decided').length, 2);
    assert.equal(log(reviewerFolder, 'attempt.denied').length, 1, 'only hers');
  });

  it('the tooltip of a version says why it is approved', async () => {
    await reviewer.sidebar.expandRow('Prompts', /triage/u);
    await reviewer.sidebar.row('Prompts', /^v1/u).hover();
    const hover = reviewer.page.locator('.monaco-hover:visible');
    await hover.getByText(/has\sthe\sapprovals\sfor\sstaging,\sproduction/u).waitFor();
    await reviewer.screenshot('approvals tooltip');
  });

  it('the detail pane of his decision explains it rule by rule', async () => {
    await reviewer.runCommand('Prompt Audit: Open Timeline');
    const page = reviewer.editor.webview();
    await page
      .getByRole('option', { name: /Ravi Reviewer.*approved.*triage/u })
      .first()
      .click();
    const detail = page.locator('#detail');
    await detail.getByRole('heading', { name: 'Verdict' }).waitFor();
    await detail.getByText(/was allowed by the policy of that time/u).waitFor();
    await reviewer.screenshot('approvals detail decision');
  });

  it('he revokes it from there, and the version waits again', async () => {
    const page = reviewer.editor.webview();
    await page.locator('#detail').getByRole('button', { name: 'Revoke My Decision…' }).click();
    await reviewer.quick.answer(/Why do you take this decision back/u, 'Wrong dose table');
    const said = await reviewer.notices.confirm(/Revoke as Ravi Reviewer/u, 'Revoke');
    assert.match(said, /prompts\/triage\.prompt\.md v1/u);
    await reviewer.sidebar.row('Needs Review', /triage.*v1/u).waitFor();
    await page
      .locator('#detail')
      .getByText(/Later facts/u)
      .waitFor();
    assert.equal(log(reviewerFolder, 'review.revoked').length, 1);
  });

  it('the verdict on the version is explained to the keyboard, too', async () => {
    await reviewer.editor.open(triage);
    await reviewer.runCommand('Prompt Audit: Explain Verdict…');
    await reviewer.quick.pick(/^v1/u);
    await reviewer.quick.waitFor(/has the approvals for no environment/u);
    const lines = await reviewer.quick.options();
    assert.ok(
      lines.some((line) => /people who approve it.*failed/u.test(line)),
      lines.join('\n'),
    );
    await reviewer.screenshot('approvals explain');
    await reviewer.quick.escape();
  });

  it('the author withdraws her version, with a reason', async () => {
    await author.runCommand('Prompt Audit: Sync Now');
    await author.editor.open(triage);
    await author.runCommand('Prompt Audit: Withdraw Version…');
    await author.quick.pick(/^v1/u);
    await author.quick.answer(/Why is this version withdrawn/u, 'The dose table was wrong');
    await author.notices.confirm(/Withdraw as Ana Author/u, 'Withdraw');
    await author.sidebar.row('Prompts', /triage.*withdrawn/u).waitFor();
    assert.equal(log(authorFolder, 'version.withdrawn').length, 1);
  });

  it('is legible in every theme and in a narrow window', async () => {
    await reviewer.runCommand('Prompt Audit: Open Timeline');
    const page = reviewer.editor.webview();
    await page
      .getByRole('option', { name: /Ravi Reviewer.*approved.*triage/u })
      .first()
      .click();
    await page
      .locator('#detail')
      .getByText(/Later facts/u)
      .waitFor();
    const trace = page.locator('#detail .rule');
    await trace.first().locator('summary').click();
    await trace.last().scrollIntoViewIfNeeded();
    for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast']) {
      mkdirSync(path.join(reviewerFolder, '.vscode'), { recursive: true });
      writeFileSync(
        path.join(reviewerFolder, '.vscode/settings.json'),
        JSON.stringify({ 'workbench.colorTheme': theme }),
      );
      const kind = theme.includes('Light')
        ? '.vs'
        : theme.includes('Contrast')
          ? '.hc-black'
          : '.vs-dark';
      await reviewer.page.locator(`.monaco-workbench${kind}`).waitFor();
      await reviewer.screenshot(`approvals ${theme}`);
    }
    await reviewer.page.setViewportSize({ width: 560, height: 860 });
    await reviewer.runCommand('View: Toggle Primary Side Bar Visibility');
    await trace.last().scrollIntoViewIfNeeded();
    await reviewer.screenshot('approvals narrow');
  });
});

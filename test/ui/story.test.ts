import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ana, makeClinic, ravi, rosa, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { projectRoot } from '../tools/paths.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';
const added = 'If in doubt, answer: emergency.\n';
const harmful = 'Never send a patient to a doctor.\n';

interface Rows {
  readonly rows: readonly Record<string, unknown>[];
}

/** What the command line of the packed extension answers in a clone. */
function ask(folder: string, ...args: string[]): Rows {
  const cli = path.join(projectRoot, 'dist/cli.js');
  const output = execFileSync(process.execPath, [cli, ...args, '--json'], { cwd: folder });
  return JSON.parse(output.toString('utf8')) as Rows;
}

function nameOf(value: unknown): string {
  return (value as { name: string }).name;
}

const rollBackTo = /approved before|Which version|back to/iu;

/** Answers the pickers of a deployment; each is awaited, for they follow one another at one place. */
async function deployTo(window: Workbench, version: string, env: string): Promise<void> {
  await window.quick.waitFor(/Which prompt/u);
  await window.quick.pick(/triage/u);
  await window.quick.waitFor(/Which version of triage/u);
  await window.quick.pick(version);
  await window.quick.waitFor(/environment/iu);
  await window.quick.pick(env);
}

/**
 * Author, reviewer and release manager are three people with a clone and a window each.
 * The tests build on each other, as the work of the people does.
 */
describe('the story of the healthcare team', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let author: Workbench;
  let reviewer: Workbench;
  let manager: Workbench;
  let text = '';

  before(async () => {
    clinic = makeClinic();
    server = await startVsCodeServer();
    author = await openWorkbench({ server, folder: clinic.clone(ana) });
  });

  endAfterwards(() => ({ windows: [author, reviewer, manager], server, clinic }));

  it('the author begins the trail with the one button of the empty view', async () => {
    await author.sidebar.openContainer('Prompt Audit');
    const welcome = author.page.locator('.sidebar .welcome-view-content');
    await welcome.getByRole('button', { name: 'Initialize Prompt Audit' }).click();
    await author.quick.pick('Team');
    await author.quick.pick('Start from now');
    await author.sidebar.row('Prompts', /triage/u).waitFor();
    const names = await author.sidebar.rowNames('Prompts');
    assert.deepEqual(
      names.filter((name) => name.startsWith('prompts/')),
      [
        'prompts/discharge.prompt.yml, no version, not recorded',
        'prompts/triage.prompt.md, no version, not recorded',
      ],
    );
    git(author.folder, 'add', '--all');
    git(author.folder, 'commit', '--quiet', '--message=Audit trail');
    git(author.folder, 'push', '--quiet');
  });

  it('her save is recorded, and she proposes it as v1 with a change note', async () => {
    await author.editor.open(triage);
    await author.editor.append(added);
    await author.editor.save();
    await author.sidebar.row('Prompts', /triage.*draft/u).waitFor();
    text = readFileSync(path.join(author.folder, triage), 'utf8');
    await author.runCommand('Prompt Audit: Propose Version…');
    await author.quick.answer('Change note', 'Doubt counts as an emergency');
    await author.sidebar.row('Prompts', /triage.*v1/u).waitFor();
    await author.sidebar.row('Needs Review', /triage.*v1/u).waitFor();
  });

  it('her own approval is refused, with the reason', async () => {
    await author.runCommand('Prompt Audit: Approve…');
    await author.quick.pick(/triage.*v1/u);
    await author.quick.answer('Comment (optional)', '');
    const said = await author.notices.confirm(/Approve as Ana Author/u, 'Approve');
    assert.match(said, /The policy will refuse this: .*contributed/u);
    const message = await author.notices.waitFor(/does not let you approve/u);
    assert.match(message, /you contributed to this version/u);
  });

  it('the reviewer is asked once, with a badge, and sees the change in the native diff', async () => {
    reviewer = await openWorkbench({ server, folder: clinic.clone(ravi) });
    await reviewer.notices.waitFor(/Ana Author asks you to review triage\.prompt\.md v1/u);
    const badge = await reviewer.sidebar.container('Prompt Audit').getAttribute('aria-label');
    assert.match(badge ?? '', /1/u);
    await reviewer.sidebar.openContainer('Prompt Audit');
    await reviewer.sidebar.rowAction('Needs Review', /triage.*v1/u, /Compare/u);
    const { after } = await reviewer.editor.diffTexts();
    assert.match(after, /If in doubt, answer: emergency/u);
    await reviewer.screenshot('story reviewer sees the diff');
  });

  it('he approves from the tree, after a confirmation by name, version and digest', async () => {
    await reviewer.sidebar.rowAction('Needs Review', /triage.*v1/u, /^Approve/u);
    await reviewer.quick.answer('Comment (optional)', 'Safe');
    const said = await reviewer.notices.confirm(/Approve as/u, 'Approve');
    assert.match(said, /Ravi Reviewer <ravi@clinic\.example>/u);
    assert.match(said, /prompts\/triage\.prompt\.md v1 \([0-9a-f]{7}…\)/u);
    await reviewer.sidebar.welcome('Needs Review').getByText('Nothing needs review').waitFor();
  });

  it('the release manager records the deployment from the palette', async () => {
    manager = await openWorkbench({ server, folder: clinic.clone(rosa) });
    await manager.sidebar.openContainer('Prompt Audit');
    await manager.sidebar.row('Prompts', /triage.*v1/u).waitFor();
    await manager.runCommand('Prompt Audit: Record Deployment…');
    await deployTo(manager, 'v1', 'production');
    await manager.quick.answer('Note or address (optional)', 'Release 2026.11');
    await manager.notices.confirm(/v1 is now active in production/u, 'Record Deployment');
    await manager.sidebar.row('Deployments', /triage.*v1.*active in production.*Rosa/u).waitFor();
  });

  it('version 2 goes the same way, is found harmful, and is rolled back', async () => {
    await author.editor.open(triage);
    await author.editor.append(harmful);
    await author.editor.save();
    await author.runCommand('Prompt Audit: Propose Version…');
    await author.quick.answer('Change note', 'Shorter answers');
    await author.sidebar.row('Prompts', /triage.*v2/u).waitFor();
    const folder = manager.folder;
    ask(reviewer.folder, 'sync');
    ask(reviewer.folder, 'approve', `${triage}@v2`, '--yes');
    // Not deployable while it is unapproved is shown in the CLI suite; here it is approved.
    ask(folder, 'sync');
    await manager.runCommand('Prompt Audit: Record Deployment…');
    await deployTo(manager, 'v2', 'production');
    await manager.quick.answer('Note or address (optional)', '');
    await manager.notices.confirm(/v2 is now active in production/u, 'Record Deployment');
    await manager.sidebar.row('Deployments', /triage.*v2/u).waitFor();
    await manager.runCommand('Prompt Audit: Roll Back…');
    await manager.quick.pick(/triage.*v2/u);
    await manager.quick.waitFor(rollBackTo);
    assert.equal((await manager.quick.options()).length, 1);
    await manager.quick.pick(/v1/u);
    await manager.quick.answer('Reason', 'A patient was sent home');
    await manager.notices.confirm(/v1/u, 'Roll Back');
    await manager.sidebar.row('Deployments', /triage.*v1.*active in production/u).waitFor();
    await manager.screenshot('story deployments after the rollback');
  });

  it('months later the timeline says who changed, approved and deployed what', async () => {
    await author.runCommand('Prompt Audit: Sync');
    await author.runCommand('Prompt Audit: Open Timeline');
    const timeline = author.editor.webview();
    const row = (words: RegExp) => timeline.getByRole('option', { name: words }).first();
    await row(/Rosa Release rolled back to v1 in production/u).waitFor();
    await timeline
      .getByText(/^Verified/u)
      .first()
      .waitFor();
    await timeline.locator('#badge').click();
    const authenticity = timeline.locator('#findings .verdict').nth(2);
    await authenticity.filter({ hasText: /Authenticity.*Not signed/su }).waitFor();
    await timeline.locator('#badge').click();
    const newest = await timeline.locator('[role=option]').first().getAttribute('aria-label');
    assert.match(newest ?? '', /Rosa Release rolled back to v1/u);
    for (const words of [
      /Rosa Release deployed v2 to production/u,
      /Ravi Reviewer approved v2/u,
      /Ana Author proposed v2/u,
      /Rosa Release deployed v1 to production/u,
      /Ana Author tried to approve v1 and was refused/u,
    ])
      await row(words).waitFor();
    await author.screenshot('story timeline');
    await timeline.locator('#filter-text').fill('Ravi');
    await row(/Ana Author proposed v2/u).waitFor({ state: 'detached' });
    await row(/Ravi Reviewer approved v2/u).click();
    const detail = timeline.locator('#detail');
    await detail.getByText('ravi@clinic.example').first().waitFor();
    await detail.getByRole('button', { name: /Open Diff/u }).click();
    const { after } = await author.editor.diffTexts();
    assert.match(after, /Never send a patient to a doctor/u);
  });

  it('the command line gives the same answers, exactly', () => {
    const folder = author.folder;
    const log = ask(folder, 'log', triage).rows.map(
      (r) => `${nameOf(r['who'])} ${String(r['type'])}`,
    );
    assert.deepEqual(
      log.filter((line) => !line.includes('revision') && !line.includes('registered')).sort(),
      [
        'Ana Author attempt.denied',
        'Ana Author version.proposed',
        'Ana Author version.proposed',
        'Ravi Reviewer review.decided',
        'Ravi Reviewer review.decided',
        'Rosa Release deployment.recorded',
        'Rosa Release deployment.recorded',
        'Rosa Release deployment.recorded',
      ],
    );
    const [row] = ask(folder, 'active', triage, '--env', 'production').rows;
    assert.ok(row);
    assert.equal(row['version'], 'v1');
    assert.equal(nameOf(row['deployedBy']), 'Rosa Release');
    assert.deepEqual((row['approvers'] as unknown[]).map(nameOf), ['Ravi Reviewer']);
    assert.deepEqual((row['authors'] as unknown[]).map(nameOf), ['Ana Author']);
    const cli = path.join(projectRoot, 'dist/cli.js');
    const raw = execFileSync(process.execPath, [cli, 'show', `${triage}@v1`, '--raw'], {
      cwd: folder,
    });
    assert.equal(raw.toString('utf8'), text);
    assert.deepEqual(ask(folder, 'verify').rows, []);
  });

  it('one changed byte is found, named, and nothing is overwritten', async () => {
    const file = path.join(author.folder, '.prompt-audit/ledger.sqlite');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('Doubt counts');
    assert.ok(at > 0);
    bytes[at] = 'd'.charCodeAt(0);
    writeFileSync(file, bytes);
    await author.runCommand('Prompt Audit: Verify Ledger');
    const problems = await author.problems();
    await problems
      .filter({ hasText: /Event \d+ has a broken body/u })
      .first()
      .waitFor();
    await author.runCommand('Prompt Audit: Open Timeline');
    await author.editor
      .webview()
      .getByText(/Broken at event \d+/u)
      .first()
      .waitFor();
    const timeline = author.editor.webview();
    await timeline.getByRole('button', { name: 'Show Findings' }).click();
    const structure = timeline.locator('#findings .verdict').first();
    await structure.filter({ hasText: /Structure.*Broken/su }).waitFor();
    const finding = timeline.locator('#findings .finding').first();
    assert.match(await finding.innerText(), /^\s*Error:\s*Event \d+ has a broken body/u);
    await finding.getByText('What to do', { exact: true }).waitFor();
    await author.screenshot('story broken ledger');
    // Where something was still to be folded, the good file is back, and the broken one stands beside it.
    const beside = path.dirname(file);
    const kept = readdirSync(beside).filter((name) => /^ledger\..*sqlite$/u.test(name));
    assert.ok(kept.some((name) => readFileSync(path.join(beside, name)).equals(bytes)));
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ana, makeClinic, ravi, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';
const hostile =
  'See [this](command:workbench.action.closeWindow) <b>now</b> ![x](https://e.example/x)';

/** A reviewer and an author talk about lines of a prompt. The tests build on each other. */
describe('comments in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let author: Workbench;
  let reviewer: Workbench;

  /** A thread on the screen, by a text in it. */
  const thread = (window: Workbench, text: string | RegExp): Locator =>
    window.page.locator('.review-widget:visible').filter({ hasText: text }).first();

  /** The line of the right side of the diff, or of the one editor, in which a text stands. */
  const line = (window: Workbench, text: string): Locator =>
    window.page
      .locator('.monaco-diff-editor:visible .editor.modified, .editor-instance > .monaco-editor')
      .locator('.view-line')
      .filter({ hasText: text })
      .first();

  async function type(window: Workbench, within: Locator, text: string): Promise<void> {
    const form = within.locator('.comment-form');
    const collapsed = form.locator('.review-thread-reply-button');
    if (await collapsed.isVisible()) await collapsed.click();
    // A thread that somebody begins takes the focus; a click could meet what lies over it.
    const isBegun = (await within.getByText('Start discussion').count()) > 0;
    if (!isBegun) await form.locator('.monaco-editor .view-lines').click();
    await form.locator('.monaco-editor.focused').waitFor();
    await window.page.keyboard.insertText(text);
    await form
      .locator('.view-line')
      .filter({ hasText: text.slice(0, 12) })
      .first()
      .waitFor();
  }

  before(async () => {
    clinic = makeClinic();
    const [ours, theirs] = [clinic.clone(ana), clinic.clone(ravi)];
    for (const folder of [ours, theirs])
      writeFileSync(path.join(folder, '.git/info/exclude'), '.vscode\n');
    cli(ours, 'init', '--yes');
    git(ours, 'add', '--all');
    git(ours, 'commit', '--quiet', '--message=Audit trail');
    git(ours, 'push', '--quiet');
    git(theirs, 'pull', '--quiet');
    cli(ours, 'propose', triage, '-m', 'First');
    cli(theirs, 'sync');
    server = await startVsCodeServer();
    reviewer = await openWorkbench({ server, folder: theirs });
  });

  endAfterwards(() => ({ windows: [author, reviewer], server, clinic }));

  it('the reviewer comments on a line in the diff', async () => {
    await reviewer.sidebar.openContainer('Prompt Audit');
    await reviewer.sidebar.row('Needs Review', /triage.*v1/u).click();
    await line(reviewer, 'Answer with: emergency').click();
    await reviewer.runCommand('Comments: Add Comment on Current Selection');
    const begun = thread(reviewer, 'Start discussion');
    await type(reviewer, begun, 'Which word if in doubt?');
    await reviewer.screenshot('comments begun');
    await begun.getByRole('button', { name: /^Add Comment/u }).click();
    const said = thread(reviewer, 'Which word if in doubt?');
    await said.getByText('v1, line 6 · open').waitFor();
    await said.getByText('Ravi Reviewer').first().waitFor();
    await reviewer.sidebar.row('Needs Review', /triage.*v1.*1 open comment/u).waitFor();
    assert.equal(await reviewer.page.locator('.review-widget:visible').count(), 1);
    await reviewer.screenshot('comments said');
  });

  it('and on the whole version, by the palette', async () => {
    await reviewer.runCommand('Prompt Audit: Comment on Version…');
    await reviewer.quick.answer('Comment', hostile);
    const said = thread(reviewer, 'See [this]');
    await said.getByText(hostile).waitFor();
    // The working file is not open: in the list its threads would stand twice.
    const list = reviewer.page.getByRole('tree', { name: /^Comments/u });
    const listed = list.getByText('Which word if in doubt?');
    assert.equal(await listed.count(), 1);
    assert.equal(
      await said.locator('.comment-body a, .comment-body b, .comment-body img').count(),
      0,
    );
    await said.getByText('v1 · open').waitFor();
    await reviewer.sidebar.row('Needs Review', /triage.*v1.*2 open comments/u).waitFor();
    await reviewer.screenshot('comments whole version');
  });

  it('the author finds it on her working file and in the list of comments, and answers', async () => {
    author = await openWorkbench({ server, folder: path.join(clinic.folder, 'ana') });
    await author.sidebar.openContainer('Prompt Audit');
    await author.sidebar.row('Needs Review', /triage.*v1.*2 open comments/u).waitFor();
    await author.editor.open(triage);
    await author.runCommand('Comments: Focus on Comments View');
    const list = author.page.getByRole('tree', { name: /^Comments/u });
    const item = list.getByRole('treeitem', { name: /Which word if in doubt/u }).first();
    await item.waitFor();
    await author.screenshot('comments list');
    await item.click();
    const said = thread(author, 'Which word if in doubt?');
    await type(author, said, 'Emergency. I will say so.');
    await said.getByRole('button', { name: /^Reply/u }).click();
    await said.getByText('Emergency. I will say so.').last().waitFor();
    await said.locator('.comment-body').nth(1).filter({ hasText: 'I will say so' }).waitFor();
    await author.screenshot('comments answered');
    cli(reviewer.folder, 'sync');
    const seen = thread(reviewer, 'Which word if in doubt?');
    await seen.locator('.comment-body').filter({ hasText: 'I will say so' }).waitFor();
    await seen.getByText('Ana Author').first().waitFor();
  });

  it('it follows its line while she types, and into the version that she proposes', async () => {
    await author.runCommand('View: Toggle Panel Visibility');
    const file = path.join(author.folder, triage);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('You triage', 'Doubt counts as an emergency.\nYou triage'));
    await line(author, 'Doubt counts').waitFor();
    cli(author.folder, 'propose', triage, '-m', 'Doubt');
    cli(reviewer.folder, 'sync');
    await reviewer.sidebar.row('Needs Review', /triage.*v2.*2 open comments/u).click();
    await line(reviewer, 'Doubt counts').waitFor();
    const said = thread(reviewer, 'Which word if in doubt?');
    await said.getByText('v1, line 6 · open').waitFor();
    const [above, at] = await Promise.all([
      line(reviewer, 'Answer with: emergency').boundingBox(),
      said.boundingBox(),
    ]);
    assert.ok(above && at && at.y >= above.y && at.y - above.y < 40, 'right below its line');
    await reviewer.screenshot('comments in the next version');
  });

  it('he resolves it, and what changed under a comment is quoted', async () => {
    const said = thread(reviewer, 'Which word if in doubt?');
    await said
      .getByRole('button', { name: /^Resolve/u })
      .first()
      .click();
    await reviewer.sidebar.row('Needs Review', /triage.*v2.*1 open comment/u).waitFor();
    await line(reviewer, 'You triage messages').click();
    await reviewer.runCommand('Comments: Add Comment on Current Selection');
    const begun = thread(reviewer, 'Start discussion');
    await type(reviewer, begun, 'Only messages?');
    await reviewer.page.keyboard.press('ControlOrMeta+Enter');
    await thread(reviewer, 'Only messages?').getByText('v2, line 6 · open').waitFor();
    cli(author.folder, 'sync');
    const file = path.join(author.folder, triage);
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('triage messages', 'triage calls and messages'),
    );
    await author.sidebar.row('Prompts', /triage.*changed/u).waitFor();
    await author.page.keyboard.press('ControlOrMeta+1');
    await author.runCommand('Comments: Expand All Comments');
    const outdated = thread(author, 'Only messages?');
    await outdated.getByText('v2, line 6 · open · outdated: these lines have changed').waitFor();
    await outdated.getByText('> You triage messages of patients.').waitFor();
    await author.screenshot('comments outdated dark');
    mkdirSync(path.join(author.folder, '.vscode'), { recursive: true });
    for (const [theme, kind] of [
      ['Default Light Modern', '.vs'],
      ['Default High Contrast', '.hc-black'],
    ] as const) {
      const settings = JSON.stringify({ 'workbench.colorTheme': theme });
      writeFileSync(path.join(author.folder, '.vscode/settings.json'), settings);
      await author.page.locator(`.monaco-workbench${kind}`).waitFor();
      await author.screenshot(`comments outdated ${theme}`);
    }
  });

  it('a diff has it on the right, and also on the left where its lines are only there', async () => {
    cli(reviewer.folder, 'approve', `${triage}@v2`, '--yes');
    cli(author.folder, 'propose', triage, '-m', 'Calls');
    cli(reviewer.folder, 'sync');
    await reviewer.sidebar.row('Needs Review', /triage.*v3/u).click();
    await reviewer.editor.tab(/v2 approved ↔ v3/u).waitFor();
    await line(reviewer, 'calls and messages').waitFor();
    const side = (name: string, text: string) =>
      reviewer.page
        .locator(`.monaco-diff-editor:visible .editor.${name} .review-widget:visible`)
        .filter({ hasText: text });
    await side('original', 'Only messages?').getByText('v2, line 6 · open').waitFor();
    await side('modified', 'See [this]').waitFor();
    assert.equal(await side('original', 'See [this]').count(), 0);
    await reviewer.runCommand('Comments: Expand All Comments');
    await side('modified', '> You triage messages').getByText('outdated').waitFor();
    await reviewer.screenshot('comments on both sides');
    await reviewer.page.setViewportSize({ width: 700, height: 860 });
    await reviewer.screenshot('comments narrow');
  });

  it('who redacted a comment and why stands in its place', async () => {
    cli(reviewer.folder, 'comment', triage, '--line', '7', '-m', 'The key is \u202eabc');
    cli(author.folder, 'sync');
    await author.runCommand('Comments: Collapse All Comments');
    await author.runCommand('Comments: Focus on Comments View');
    const list = author.page.getByRole('tree', { name: /^Comments/u });
    await list.getByText('The key is').first().click();
    const said = thread(author, 'The key is \\u{202e}abc');
    await said.getByText('v3, line 7 · open').waitFor();
    await said.getByText('unattended').waitFor();
    await said.locator('.comment-title').hover();
    await said.locator('.comment-title .codicon-toolbar-more').click();
    await author.page.getByRole('menuitem', { name: 'Redact Comment…' }).click();
    await author.quick.pick('The comment');
    await author.quick.answer('Reason', 'A key');
    await author.notices.confirm(/Remove the details of a comment/u, 'Remove for Good');
    await list
      .getByText(/redacted by Ana Author on .* because A key/u)
      .first()
      .waitFor();
    await author.screenshot('comments redacted');
  });

  it('the command line gives the same answers', () => {
    cli(author.folder, 'sync');
    const listed = cli(author.folder, 'comments', triage);
    assert.match(listed, /^v1, open\n/mu);
    assert.match(listed, /^line 6 of v1, resolved, now line 7 of v3\n/mu);
    assert.match(listed, /^line 6 of v2, open, outdated: near line 6 of v3\n/mu);
    assert.match(listed, /Ana Author, .*\n {4}Emergency\. I will say so\./u);
    assert.match(listed, /resolved by Ravi Reviewer/u);
    assert.match(cli(author.folder, 'verify', '--full'), /0 findings/u);
  });
});

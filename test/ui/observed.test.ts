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
const intake = 'prompts/intake.prompt.md';
const discharge = 'prompts/discharge.prompt.yml';

interface Row {
  readonly type: string;
  readonly path: string | null;
  readonly summary: string;
  readonly who: { readonly name: string };
}

describe('changes from outside, in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let window: Workbench;
  let clinic: Clinic;
  let author: string;
  let reader: string;

  const row = (name: RegExp) => window.sidebar.row('Prompts', name);
  const file = (name: string): string => readFileSync(path.join(reader, name), 'utf8');

  function commit(folder: string, message: string, ...options: string[]): string {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', `--message=${message}`, ...options);
    return git(folder, 'rev-parse', 'HEAD').slice(0, 7);
  }

  function log(...args: string[]): readonly Row[] {
    const answer = cli(reader, 'log', ...args, '--json');
    return (JSON.parse(answer) as { rows: readonly Row[] }).rows;
  }

  /** Settings of the folder, which its open window follows, and git does not. */
  function configure(settings: Readonly<Record<string, string>>): void {
    mkdirSync(path.join(reader, '.vscode'), { recursive: true });
    writeFileSync(path.join(reader, '.vscode/settings.json'), JSON.stringify(settings));
  }

  /** Waits until the tooltip of a prompt says so; a list that is drawn anew takes an open one away. */
  async function told(name: RegExp, words: RegExp): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      await row(name).hover();
      try {
        await window.page.getByText(words).first().waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await window.sidebar.container('Prompt Audit').hover();
      }
    }
  }

  async function logged(what: string, holds: (rows: readonly Row[]) => boolean): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!holds(log())) {
      assert.ok(Date.now() < deadline, `It did not come to pass that ${what}.`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  before(async () => {
    clinic = makeClinic();
    author = clinic.clone(ana);
    reader = clinic.clone(ravi);
    writeFileSync(path.join(reader, '.git/info/exclude'), '.vscode\n');
    server = await startVsCodeServer({
      settings: { 'explorer.confirmDelete': false, 'files.enableTrash': false },
    });
    window = await openWorkbench({ server, folder: reader });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  it('offers the history with its counts when a trail begins', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.runCommand('Prompt Audit: Initialize');
    await window.quick.pick('Team');
    await window.quick.waitFor(/2 changes of 2 new prompts in 1 commit/u);
    await window.screenshot('observed history is offered');
    await window.quick.pick('Import the history');
    await row(/triage.*draft/u).waitFor();
    assert.ok(
      log().some(({ summary }) => /imported a revision that Seed committed/u.test(summary)),
    );
    commit(reader, 'Audit trail');
    git(reader, 'push', '--quiet');
    git(author, 'pull', '--quiet');
  });

  it('shows a commit of an agent by who wrote it, and records it with the push', async () => {
    await row(/^In sync with origin/u).waitFor();
    configure({ 'promptAudit.sync': 'manual' });
    writeFileSync(path.join(reader, triage), `${file(triage)}Doubt counts as urgent.\n`);
    await row(/triage.*changed outside the editor/u).waitFor();
    await window.screenshot('observed changed outside');
    const id = commit(
      reader,
      'Doubt counts\n\nCo-authored-by: Claude <noreply@anthropic.com>',
      '--author=Mia Maker <mia@clinic.example>',
    );
    await row(
      new RegExp(`triage.*commit ${id} by Mia Maker with Claude, not recorded yet`, 'u'),
    ).waitFor();
    await told(/triage/u, /Changed by Mia Maker with Claude in commit/u);
    await window.screenshot('observed commit of an agent');
    configure({});
    git(reader, 'push', '--quiet');
    await row(/triage\.prompt\.md, no version, draft/u).waitFor();
    await logged('the commit is recorded', (rows) =>
      rows.some(({ summary }) => summary.includes(`Mia Maker committed in ${id} with Claude`)),
    );
    await window.runCommand('Prompt Audit: Open Timeline');
    const timeline = window.editor.webview();
    await timeline
      .getByRole('option', { name: /Mia Maker committed in .* with Claude/u })
      .first()
      .click();
    const facts = timeline.locator('.facts');
    await facts.getByText('Mia Maker', { exact: true }).waitFor();
    await facts.getByText('as git claims').waitFor();
    await facts.getByText('Claude', { exact: true }).waitFor();
    await window.screenshot('observed timeline');
  });

  it('keeps the prompt that came renamed with a pull', async () => {
    git(author, 'pull', '--quiet');
    git(author, 'mv', triage, intake);
    commit(author, 'A better name');
    git(author, 'push', '--quiet');
    await window.runCommand('Git: Pull');
    await row(/intake\.prompt\.md/u).waitFor();
    await logged(
      'the move is recorded once',
      (rows) => rows.filter(({ type }) => type === 'prompt.moved').length === 1,
    );
    const whole = log(intake);
    assert.deepEqual(log(triage), whole);
    assert.equal(whole[0]?.type, 'prompt.registered');
    assert.equal(await row(/triage/u).count(), 0);
  });

  it('records nothing for a switch of branches, and does not call others missing', async () => {
    git(reader, 'switch', '--quiet', '--create', 'topic');
    const extra = path.join(reader, 'prompts/extra.prompt.md');
    writeFileSync(extra, 'Only here.\n');
    commit(reader, 'Extra');
    git(reader, 'push', '--quiet', '--set-upstream', 'origin', 'topic');
    await logged('it is recorded', (rows) =>
      rows.some(({ path: where }) => where === 'prompts/extra.prompt.md'),
    );
    const { length } = log();
    git(reader, 'switch', '--quiet', 'main');
    await row(/extra/u).waitFor({ state: 'detached' });
    git(reader, 'switch', '--quiet', 'topic');
    await row(/extra/u).waitFor();
    git(reader, 'switch', '--quiet', 'main');
    await row(/extra/u).waitFor({ state: 'detached' });
    assert.equal(log().length, length);
  });

  it('records what people do to files in the explorer', async () => {
    const tree = window.page.getByRole('tree', { name: /Files Explorer/u });
    await window.runCommand('File: Focus on Files Explorer');
    const folder = tree.getByRole('treeitem', { name: /^prompts/u });
    if ((await folder.getAttribute('aria-expanded')) === 'false') await folder.click();
    await tree.getByRole('treeitem', { name: /^discharge/u }).click();
    await window.page.keyboard.press('F2');
    await window.page.locator('.explorer-item-edited input').fill('farewell.prompt.yml');
    await window.page.keyboard.press('Enter');
    await logged('the move is recorded', (rows) =>
      rows.some(
        ({ type, path: where }) =>
          type === 'prompt.moved' && where === 'prompts/farewell.prompt.yml',
      ),
    );
    const moves = log().length;
    commit(reader, 'Farewell');
    git(reader, 'push', '--quiet');
    await tree.getByRole('treeitem', { name: /^intake/u }).click();
    await window.page.keyboard.press('Delete');
    await logged('the deletion is recorded', (rows) =>
      rows.some(({ type, path: where }) => type === 'prompt.removed' && where === intake),
    );
    commit(reader, 'No intake');
    git(reader, 'push', '--quiet');
    await window.sidebar.openContainer('Prompt Audit');
    await row(/farewell/u).waitFor();
    await row(/intake/u).waitFor({ state: 'detached' });
    await window.runCommand('Prompt Audit: Sync Now');
    await row(/^In sync with origin/u).waitFor();
    assert.equal(log().length, moves + 1, 'the commits brought nothing new');
    assert.deepEqual(
      log(discharge).map(({ type }) => type),
      ['prompt.registered', 'revision.observed', 'prompt.moved'],
    );
  });

  it('is legible in every theme and in a narrow window', async () => {
    writeFileSync(path.join(reader, 'prompts/farewell.prompt.yml'), 'name: Farewell\n');
    await row(/farewell.*changed outside the editor/u).waitFor();
    writeFileSync(path.join(reader, 'prompts/new.prompt.md'), 'By another tool.\n');
    git(reader, 'add', 'prompts/new.prompt.md');
    git(reader, 'commit', '--quiet', '--message=New', '--author=Mia Maker <mia@clinic.example>');
    await row(/new\.prompt\.md.*by Mia Maker/u).waitFor();
    for (const theme of ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast']) {
      configure({ 'workbench.colorTheme': theme });
      const kind = theme.includes('Light')
        ? '.vs'
        : theme.includes('Contrast')
          ? '.hc-black'
          : '.vs-dark';
      await window.page.locator(`.monaco-workbench${kind}`).waitFor();
      await window.screenshot(`observed ${theme}`);
    }
    await window.page.setViewportSize({ width: 560, height: 860 });
    await row(/farewell/u).waitFor();
    await window.screenshot('observed narrow');
  });
});

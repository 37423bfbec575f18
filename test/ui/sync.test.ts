import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { closeBrowser } from '../tools/browser.js';
import { ana, makeClinic, ravi, type Clinic } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { HttpGitServer } from '../tools/gitHttpServer.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { keepEvidence } from './harness/evidence.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';
const discharge = 'prompts/discharge.prompt.yml';
const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
};

/** Counts how often this program, and not the user's git, asks the remote of a clone. */
function counted(folder: string, clone: string): () => number {
  const program = path.join(folder, 'counted-upload-pack');
  const notes = path.join(folder, 'asked.txt');
  writeFileSync(notes, '');
  // Only our own git tells credential helpers never to ask.
  const note = `test "$GCM_INTERACTIVE" = never && echo asked >> '${notes}'`;
  writeFileSync(program, `#!/bin/sh\n${note}\nexec git-upload-pack "$@"\n`);
  chmodSync(program, 0o755);
  git(clone, 'config', 'remote.origin.uploadpack', program);
  return () => readFileSync(notes, 'utf8').split('\n').length - 1;
}

/** A remote with the trail of the author, and a clone of the reviewer who joined it. */
function begun(): { clinic: Clinic; author: string; reviewer: string } {
  const clinic = makeClinic();
  const author = clinic.clone(ana);
  cli(author, 'init', '--yes');
  git(author, 'add', '--all');
  git(author, 'commit', '--quiet', '--message=Audit trail');
  git(author, 'push', '--quiet');
  return { clinic, author, reviewer: clinic.clone(ravi) };
}

function propose(folder: string, file: string, note: string): void {
  appendFileSync(path.join(folder, file), `# ${note}\n`);
  cli(folder, 'propose', file, '-m', note);
}

const inSync = /^In sync with origin/u;

describe('the trail and its remote, in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let window: Workbench;
  let clinic: Clinic;
  let author: string;
  let reviewer: string;
  let exchanges: () => number;

  const row = (name: RegExp) => window.sidebar.row('Prompts', name);
  const syncNow = () => window.runCommand('Prompt Audit: Sync Now');
  const hook = (): string => path.join(clinic.remote, 'hooks', 'update');

  /** Settings of the folder, which its open window follows. */
  const configure = (settings: Readonly<Record<string, string>>): void => {
    mkdirSync(path.join(reviewer, '.vscode'), { recursive: true });
    writeFileSync(path.join(reviewer, '.vscode/settings.json'), JSON.stringify(settings));
  };

  before(async () => {
    ({ clinic, author, reviewer } = begun());
    exchanges = counted(clinic.folder, reviewer);
    server = await startVsCodeServer({ settings: { 'promptAudit.statusBar': 'always' } });
    window = await openWorkbench({ server, folder: reviewer });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  it('says in the list and in the status bar that all is in sync', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await row(inSync).waitFor();
    const names = await window.sidebar.rowNames('Prompts');
    assert.match(names.at(-1) ?? '', inSync, 'the prompts come first');
    const item = window.statusItem('Nothing to review');
    assert.match((await item.getAttribute('aria-label')) ?? '', /In sync with origin/u);
  });

  it("shows a colleague's proposal everywhere after the user's own fetch, once", async () => {
    await window.editor.open(triage);
    await window.runCommand('Prompt Audit: Open Timeline');
    const timeline = window.editor.webview();
    await timeline.locator('[role=option]').first().waitFor();
    propose(author, triage, 'Doubt counts');
    const before = exchanges();
    await window.runCommand('Git: Fetch');
    await window.sidebar.row('Needs Review', /triage.*v1.*Ana Author/u).waitFor();
    await row(/triage.*v1 waiting/u).waitFor();
    await window.notices.waitFor(/Ana Author asks you to review triage\.prompt\.md v1/u);
    await window.statusItem('1 to review').waitFor();
    await timeline
      .getByRole('option', { name: /Ana Author proposed v1/u })
      .first()
      .waitFor();
    await window.editor.tab('triage.prompt.md').click();
    await window.page
      .locator('.codelens-decoration')
      .getByText(/v1 waiting/u)
      .waitFor();
    const badge = await window.sidebar.container('Prompt Audit').getAttribute('aria-label');
    assert.match(badge ?? '', /1/u);
    await row(inSync).waitFor();
    assert.equal(exchanges() - before, 1, 'one burst, one sync');
    await window.screenshot('sync a proposal came with a fetch');
  });

  it('follows a push that was made in a terminal', async () => {
    propose(author, discharge, 'Plain words');
    writeFileSync(path.join(reviewer, 'notes.txt'), 'x\n');
    git(reviewer, 'add', 'notes.txt');
    git(reviewer, 'commit', '--quiet', '--message=Notes');
    git(reviewer, 'push', '--quiet');
    await window.sidebar.row('Needs Review', /discharge.*v1.*Ana Author/u).waitFor();
    await window.statusItem('2 to review').waitFor();
  });

  it('follows a sync that the command line made in this clone', async () => {
    propose(author, triage, 'Shorter');
    cli(reviewer, 'sync');
    await row(/triage.*v2 waiting/u).waitFor();
    await window.sidebar.row('Needs Review', /triage.*v2/u).waitFor();
  });

  it('is offline without a word, and back as soon as the remote answers', async () => {
    renameSync(clinic.remote, `${clinic.remote}.away`);
    await syncNow();
    await row(/^Offline since .*all is recorded here/u).waitFor();
    const names = await window.sidebar.rowNames('Prompts');
    assert.match(names.at(-1) ?? '', /^Offline/u, 'what passes by itself stays at its place');
    await window.notices.waitFor(/cannot be reached/u);
    await window.screenshot('sync offline');
    assert.match(cli(reviewer, 'status'), /offline since/u);
    renameSync(`${clinic.remote}.away`, clinic.remote);
    await window.sidebar.rowAction('Prompts', /^Offline/u, 'Sync Now');
    await row(inSync).waitFor();
  });

  it("shows a refusal with the host's own line, until it is over", async () => {
    writeFileSync(
      hook(),
      '#!/bin/sh\necho "GH013: Changes must be made through a pull request."\nexit 1\n',
    );
    chmodSync(hook(), 0o755);
    appendFileSync(path.join(reviewer, triage), 'Be brief.\n');
    cli(reviewer, 'record');
    await row(/^\d+ events? to send/u).waitFor();
    await syncNow();
    const refused = row(/refused the ledger: GH013: Changes must be made through a pull request/u);
    await refused.waitFor();
    const names = await window.sidebar.rowNames('Prompts');
    assert.match(names[0] ?? '', /GH013/u, 'what somebody has to look after comes first');
    for (const [name, theme] of Object.entries(themes)) {
      configure({ 'workbench.colorTheme': theme });
      await window.page
        .locator(
          `.monaco-workbench.${name === 'dark' ? 'vs-dark' : name === 'light' ? 'vs' : 'hc-black'}`,
        )
        .waitFor();
      await window.screenshot(`sync refused ${name}`);
    }
    await window.page.setViewportSize({ width: 560, height: 860 });
    await refused.waitFor();
    await window.screenshot('sync refused narrow');
    await window.page.setViewportSize({ width: 1280, height: 860 });
    rmSync(hook());
    await syncNow();
    await row(inSync).waitFor();
  });

  it('does nothing by itself where the setting says so', async () => {
    configure({ 'promptAudit.sync': 'manual' });
    propose(author, triage, 'Only by hand');
    const before = exchanges();
    await window.runCommand('Git: Fetch');
    // Of this branch alone: the editor's fetch may still hold the lock of the other.
    git(reviewer, 'fetch', '--quiet', 'origin', 'main');
    await window.runCommand('Prompt Audit: Propose Version…');
    await window.quick.answer('Change note', 'Mine');
    await row(/triage.*v3\?/u).waitFor();
    assert.equal(exchanges() - before, 0);
    await syncNow();
    await row(/triage.*v4 waiting/u).waitFor();
    await row(inSync).waitFor();
    assert.equal(exchanges() - before, 1, 'the one that was asked for');
    configure({});
  });
});

describe('a remote that wants a login', function () {
  this.bail(true);
  const login = { user: 'ravi', password: 'correct horse' };
  let server: VsCodeServer;
  let remote: HttpGitServer;
  let window: Workbench;
  let clinic: Clinic;

  before(async () => {
    const made = begun();
    clinic = made.clinic;
    remote = await HttpGitServer.start(clinic.folder, { login });
    git(made.reviewer, 'remote', 'set-url', 'origin', remote.url('remote.git'));
    server = await startVsCodeServer();
    window = await openWorkbench({ server, folder: made.reviewer });
  });

  afterEach(async function () {
    await keepEvidence(this, [window]);
  });

  after(async () => {
    await closeBrowser();
    await server?.stop();
    await remote?.stop();
    clinic?.remove();
  });

  const answer = async (): Promise<void> => {
    await window.quick.answer(/Username/u, login.user);
    await window.quick.answer(/Password/u, login.password);
  };

  it('asks nothing by itself, and has one button for it', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    const welcome = window.sidebar.welcome('Needs Review');
    await welcome.getByText(/its remote asks who you are/u).waitFor();
    assert.equal(await window.quick.widget.count(), 0);
    await window.screenshot('sync login before the first fetch');
  });

  it('joins with the sign-in of VS Code, and then all is in sync', async () => {
    await window.sidebar.welcome('Needs Review').getByRole('button', { name: 'Sign In' }).click();
    await answer();
    await window.sidebar.row('Prompts', /triage/u).waitFor();
    await window.sidebar.row('Prompts', inSync).waitFor();
  });

  it('shows later that nobody is signed in, without a question, and syncs on demand', async () => {
    await window.editor.open(triage);
    await window.editor.append('Be brief.\n');
    await window.editor.save();
    await window.runCommand('Prompt Audit: Propose Version…');
    await window.quick.answer('Change note', 'Brief');
    await window.sidebar.row('Prompts', /^Not signed in to origin/u).waitFor();
    await window.sidebar.row('Prompts', /triage.*v1\? waiting/u).waitFor();
    await window.screenshot('sync login wanted');
    await window.sidebar.rowAction('Prompts', /^Not signed in/u, /Sign In/u);
    await answer();
    await window.sidebar.row('Prompts', inSync).waitFor();
    await window.sidebar.row('Prompts', /triage.*v1 waiting/u).waitFor();
  });
});

describe("without VS Code's own git", () => {
  let server: VsCodeServer;
  let window: Workbench;
  let team: ReturnType<typeof begun>;

  before(async () => {
    team = begun();
    server = await startVsCodeServer({ settings: { 'git.enabled': false } });
    window = await openWorkbench({ server, folder: team.reviewer });
  });

  endAfterwards(() => ({ windows: [window], server, clinic: team?.clinic }));

  it('a fetch in a terminal is followed all the same', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.sidebar.row('Prompts', inSync).waitFor();
    propose(team.author, triage, 'Doubt counts');
    git(team.reviewer, 'fetch', '--quiet');
    await window.sidebar.row('Needs Review', /triage.*v1.*Ana Author/u).waitFor();
  });
});

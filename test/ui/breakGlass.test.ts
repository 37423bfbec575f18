import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ana, makeClinic, ravi, type Clinic } from '../tools/clinic.js';
import { git, gitEnvironment } from '../tools/git.js';
import { projectRoot } from '../tools/paths.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const triage = 'prompts/triage.prompt.md';
const discharge = 'prompts/discharge.prompt.yml';

/** Runs the command line on a machine whose clock is three days slow: what it records is three days old. */
function cliThreeDaysAgo(clinic: Clinic, folder: string, ...args: string[]): void {
  const clock = path.join(clinic.folder, 'slowClock.cjs');
  writeFileSync(
    clock,
    `const Real = Date; const late = 3 * 86_400_000;
     globalThis.Date = class extends Real {
       constructor(...args) { if (args.length === 0) super(Real.now() - late); else super(...args); }
       static now() { return Real.now() - late; }
     };`,
  );
  execFileSync(
    process.execPath,
    ['--require', clock, path.join(projectRoot, 'dist/cli.js'), ...args],
    { cwd: folder, env: { ...process.env, ...gitEnvironment } },
  );
}

interface LogRow {
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
  "environments": {
    "staging": {},
    "production": { "breakGlass": { "review": "24h" } }
  }
}
`;

/** At night nobody is there who could approve; on Monday somebody has to look at what was done. */
describe('an emergency deployment in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let clinic: Clinic;
  let author: Workbench;
  let colleague: Workbench;
  let folder: string;
  let colleagueFolder: string;

  before(async () => {
    clinic = makeClinic();
    folder = clinic.clone(ana);
    cliThreeDaysAgo(clinic, folder, 'init', '--yes');
    const file = path.join(folder, '.prompt-audit/policy.jsonc');
    writeFileSync(file, policy(/[0-9a-f]{32}/u.exec(readFileSync(file, 'utf8'))?.[0] ?? ''));
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=Policy');
    git(folder, 'push', '--quiet');
    cliThreeDaysAgo(clinic, folder, 'propose', discharge, '-m', 'Plain words');
    cliThreeDaysAgo(
      clinic,
      folder,
      ...['deploy', discharge, '--env', 'production', '--break-glass', 'Letters were not sent'],
    );
    cli(folder, 'propose', triage, '-m', 'Doubt counts as an emergency');
    colleagueFolder = clinic.clone(ravi);
    server = await startVsCodeServer();
    author = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [author, colleague], server, clinic }));

  /** Picks the prompt, its only version and the environment. */
  async function deployTo(env: string): Promise<void> {
    await author.runCommand('Prompt Audit: Record Deployment…');
    await author.quick.waitFor(/Which prompt/u);
    await author.quick.pick(/triage/u);
    await author.quick.waitFor(/Which version of triage/u);
    await author.quick.pick('v1');
    await author.quick.waitFor(/environment/iu);
    // Its name begins with the icon of what is refused.
    await author.quick.pick(new RegExp(`\\b${env},`, 'u'));
  }

  it('is not offered where the policy allows none: the attempt is refused and recorded', async () => {
    await author.sidebar.openContainer('Prompt Audit');
    await author.sidebar.row('Prompts', /triage.*v1/u).waitFor();
    await deployTo('staging');
    await author.notices.waitFor(/does not let you deploy/u);
    assert.equal(await author.notices.dialog.count(), 0);
    assert.equal(log(folder, 'attempt.denied').length, 1);
  });

  it('says what is missing before anything is skipped, and can be left', async () => {
    await deployTo('production');
    const dialog = author.notices.dialog.filter({ hasText: /is refused in production/u });
    await dialog.getByText(/it does not have enough approvals/u).waitFor();
    await author.screenshot('break-glass refusal');
    await author.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(log(folder, 'deployment.recorded').length, 1, 'that of three days ago');
    assert.equal(log(folder, 'attempt.denied').length, 2);
  });

  it('asks for a reason, and stands out in the tree with the time of its review', async () => {
    await deployTo('production');
    await author.notices.confirm(/is refused in production/u, 'Break Glass…');
    await author.quick.answer(/Why can this not wait/u, '');
    await author.quick.answer(
      /An emergency deployment needs a reason/u,
      'Patients get wrong doses',
    );
    await author.sidebar.row('Deployments', /triage.*v1.*due.*production/u).waitFor();
    await author.sidebar.row('Deployments', /discharge.*v1.*overdue.*production/u).waitFor();
    const newest = log(folder, 'deployment.recorded').at(-1);
    assert.equal(newest?.refs['breakGlass'], true);
    assert.equal(newest?.note, 'Patients get wrong doses');
    await author.screenshot('break-glass deployed');
  });

  it('is not for its own deployer to review', async () => {
    assert.equal(await author.notices.notification(/overdue/u).count(), 0);
    await author.runCommand('Prompt Audit: Review Break-Glass Deployment…');
    await author.quick.pick(/discharge/u);
    await author.quick.pick('Accept');
    await author.quick.answer(/What did you look at/u, 'Mine, and fine');
    await author.notices.confirm(/Accept this emergency deployment as Ana Author/u, 'Accept');
    await author.notices.waitFor(/Because .*deployed/u);
    assert.equal(log(folder, 'deployment.reviewed').length, 0);
  });

  it('a colleague is told once that a review is overdue, with badge and status', async () => {
    colleague = await openWorkbench({ server, folder: colleagueFolder });
    await colleague.notices.waitFor(/review .* overdue: discharge\.prompt\.yml v1 in production/u);
    await colleague.statusItem(/^1 overdue/u).waitFor();
    await colleague.sidebar.openContainer('Prompt Audit');
    await colleague.sidebar.row('Deployments', /discharge.*overdue/u).waitFor();
    const names = await colleague.sidebar.rowNames('Deployments');
    assert.match(names[0] ?? '', /^Emergency reviews/u, names.join('\n'));
    assert.match(names.join('\n'), /triage.*due/u);
    const badge = colleague.sidebar.container('Prompt Audit').locator('.badge-content');
    assert.equal(await badge.innerText(), '3', 'two versions and a review');
    await colleague.screenshot('break-glass overdue');
  });

  it('is legible in every theme and in a narrow window', async () => {
    for (const theme of ['Default Light Modern', 'Default High Contrast', 'Default Dark Modern']) {
      mkdirSync(path.join(colleagueFolder, '.vscode'), { recursive: true });
      writeFileSync(
        path.join(colleagueFolder, '.vscode/settings.json'),
        JSON.stringify({ 'workbench.colorTheme': theme }),
      );
      const kind = theme.includes('Light')
        ? '.vs'
        : theme.includes('High')
          ? '.hc-black'
          : '.vs-dark';
      await colleague.page.locator(`.monaco-workbench${kind}`).waitFor();
      await colleague.screenshot(`break-glass ${theme}`);
    }
  });

  it('he reviews it from the tree: what he found is asked for, and the row is gone', async () => {
    await colleague.sidebar.rowAction('Deployments', /discharge.*overdue/u, /^Review/u);
    await colleague.quick.waitFor(/Ana Author said: Letters were not sent/u);
    await colleague.screenshot('break-glass review');
    await colleague.quick.pick('Object');
    await colleague.quick.answer(/What did you look at/u, '');
    await colleague.quick.answer(/A review needs findings/u, 'Could have waited till morning');
    const said = await colleague.notices.confirm(/Object to this emergency deployment/u, 'Object');
    assert.match(said, /Findings: Could have waited till morning/u);
    await colleague.sidebar
      .row('Deployments', /discharge.*overdue/u)
      .waitFor({ state: 'detached' });
    const [review] = log(colleagueFolder, 'deployment.reviewed');
    assert.equal(review?.refs['outcome'], 'objected');
    assert.equal(await colleague.statusItem(/overdue/u).count(), 0);
  });

  it('is not told again after a restart', async () => {
    await colleague.reload();
    await colleague.statusItem(/^2 to review/u).waitFor();
    await colleague.sidebar.openContainer('Prompt Audit');
    await colleague.sidebar.row('Deployments', /triage.*due/u).waitFor();
    assert.equal(await colleague.notices.notification(/overdue/u).count(), 0);
  });
});

import assert from 'node:assert/strict';
import { ana, makeClinic, type Clinic } from '../tools/clinic.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

describe('a paused recorder, in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let window: Workbench;
  let clinic: Clinic;
  let folder: string;

  before(async () => {
    clinic = makeClinic();
    folder = clinic.clone(ana);
    cli(folder, 'init', '--yes');
    server = await startVsCodeServer();
    window = await openWorkbench({ server, folder });
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  it('asks why, and says in the list and in the status bar that it is off', async () => {
    await window.sidebar.openContainer('Prompt Audit');
    await window.sidebar.row('Prompts', /triage/u).waitFor();
    await window.runCommand('Prompt Audit: Pause Recorder…');
    await window.quick.answer('Pause Recorder', 'Moving all prompts');
    await window.sidebar.row('Prompts', /^Recorder paused.*Moving all prompts/u).waitFor();
    await window.statusItem(/^Recorder paused/u).waitFor();
    const names = await window.sidebar.rowNames('Prompts');
    assert.match(names[0] ?? '', /^Recorder paused/u, 'before the prompts');
    await window.screenshot('recorder paused');
  });

  it('says so after a restart, too, until it is resumed from the status bar', async () => {
    await window.reload();
    const item = window.statusItem(/^Recorder paused/u);
    await item.waitFor();
    await item.click();
    await item.waitFor({ state: 'detached' });
    await window.sidebar.openContainer('Prompt Audit');
    await window.sidebar.row('Prompts', /triage/u).waitFor();
    const names = await window.sidebar.rowNames('Prompts');
    assert.doesNotMatch(names.join('\n'), /Recorder/u);
    assert.match(cli(folder, 'recorder', 'status'), /is on/u);
  });
});

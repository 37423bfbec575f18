import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openHost, shown, type, until, type Host } from './support/host.js';

const triage = 'prompts/triage.prompt.md';

describe('the recorder in the editor', () => {
  let host: Host;
  const saves = async (): Promise<number> =>
    (await host.trail().log()).filter((row) => row.type === 'revision.saved').length;
  const top = async (): Promise<string> => (await shown(host.api.views.promptsTree))[0] ?? '';

  before(async () => {
    host = await openHost();
    if (host.api.sessions.viewState === 'uninitialized')
      await host.session().initialize({ preset: 'team' });
  });

  it('records no save while it is paused, and says so above the prompts', async () => {
    await host.session().write((trail) => trail.pauseRecorder({ reason: 'A big move.' }));
    assert.match(await top(), /^Recorder paused \| A big move\. \| recorder\.paused$/);
    const before = await saves();
    const document = await type(host.uri(triage), 'Saved while nobody records.\n');
    assert.ok(await document.save());
    await host.api.saves.flush();
    assert.equal(await saves(), before);
    await until('the change is shown', async () =>
      (await shown(host.api.views.promptsTree)).some((line) => /triage.*not recorded/.test(line)),
    );
  });

  it('goes on where the row is clicked, as an event', async () => {
    const [node] = await Promise.resolve(host.api.views.promptsTree.getChildren());
    const { command } = host.api.views.promptsTree.getTreeItem(node!);
    assert.equal(command?.command, 'promptAudit.resumeRecorder');
    const given: unknown = command.arguments?.[0];
    await vscode.commands.executeCommand(command.command, given);
    await until('the row is gone', async () => !/Recorder/.test(await top()));
    const types = (await host.trail().log()).map((row) => row.type);
    assert.deepEqual(
      types.filter((one) => one.startsWith('recorder.')),
      ['recorder.paused', 'recorder.resumed'],
    );
    const before = await saves();
    const document = await type(host.uri(triage), 'Recorded again.\n');
    assert.ok(await document.save());
    await until('the save is recorded', async () => (await saves()) === before + 1);
  });
});

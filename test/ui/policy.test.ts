import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ana, makeClinic, type Clinic } from '../tools/clinic.js';
import { startVsCodeServer, type VsCodeServer } from '../tools/vscodeServer.js';
import { endAfterwards } from './harness/afterJourney.js';
import { cli } from './harness/cli.js';
import { openWorkbench, type Workbench } from './harness/workbench.js';

const policyFile = '.prompt-audit/policy.jsonc';

/** Line and column, from 1, of a text that stands once in the file. */
function placeOf(folder: string, text: string): { line: number; column: number } {
  const before = readFileSync(path.join(folder, policyFile), 'utf8').split(text);
  assert.equal(before.length, 2, text);
  const lines = (before[0] ?? '').split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

describe('the policy file in the editor', function () {
  this.bail(true);
  let server: VsCodeServer;
  let window: Workbench;
  let clinic: Clinic;
  let folder: string;

  const goTo = async (text: string, behind: number): Promise<void> => {
    const { line, column } = placeOf(folder, text);
    await window.editor.goTo(line, column + behind);
  };

  before(async () => {
    clinic = makeClinic();
    folder = clinic.clone(ana);
    cli(folder, 'init', '--yes');
    const ledger = /[0-9a-f]{32}/u.exec(readFileSync(path.join(folder, policyFile), 'utf8'))?.[0];
    writeFileSync(
      path.join(folder, policyFile),
      `{
  "version": 1,
  "ledger": "${ledger ?? ''}",
  "people": { "ravi": { "emails": ["ravi@clinic.example"] } },
  "groups": { "clinical": ["ravi"] },
  "roles": { "reviewer": ["clinical"], "everybody": ["*"], "release": [] },
  "approvals": { "required": 1, "roles": ["reviewer"] },
  "rules": [
    { "name": "letters", "paths": ["prompts/d*"], "environments": [""], "approvals": { "required": 1 } }
  ],
  "environments": { "staging": {}, "production": { "deployers": ["release"] } }
}
`,
    );
    server = await startVsCodeServer();
    window = await openWorkbench({ server, folder });
    await window.sidebar.openContainer('Prompt Audit');
    await window.runCommand('Prompt Audit: Open Policy');
    await window.editor.tab('policy.jsonc').waitFor();
  });

  endAfterwards(() => ({ windows: [window], server, clinic }));

  it('offers keys with what they mean, from the schema', async () => {
    await goTo('"required": 1, "roles"', 15);
    await window.page.keyboard.insertText(' ');
    const names = await window.editor.suggestions('signed');
    assert.ok(
      names.some((name) => /contributors/u.test(name)),
      names.join('\n'),
    );
    await window.screenshot('policy keys');
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Backspace');
  });

  it('offers the roles, groups, people and addresses that can stand at a place', async () => {
    await goTo('["reviewer"]', 2);
    const roles = await window.editor.suggestions('release');
    assert.ok(
      roles.some((name) => /^reviewer/u.test(name)),
      roles.join('\n'),
    );
    await window.page.keyboard.press('Escape');
    await goTo('"release": []', 12);
    const members = await window.editor.suggestions('ana@clinic.example');
    assert.match(members.join('\n'), /\*.*\n?.*ravi.*\n?.*clinical/u);
    await window.screenshot('policy members');
    await window.page.keyboard.type('Ana A');
    await window.page.keyboard.press('Enter');
    await window.page
      .locator('.view-line', { hasText: '"release": ["ana@clinic.example"]' })
      .waitFor();
  });

  it('offers the environments of the file', async () => {
    await goTo('"environments": [""]', 18);
    await window.editor.suggestions('production');
    await window.page.keyboard.type('prod');
    await window.page.keyboard.press('Enter');
    await window.page
      .locator('.view-line', { hasText: '"environments": ["production"]' })
      .waitFor();
    await window.editor.save();
  });

  it('says who a name is, and how many prompts a glob matches', async () => {
    await goTo('"roles": ["reviewer"]', 12);
    const role = await window.editor.hover();
    await role.getByText('Role reviewer').waitFor();
    await role.getByText(/clinical\s\(group\):\sravi/u).waitFor();
    await window.screenshot('policy hover role');
    await goTo('prompts/d*', 3);
    const glob = await window.editor.hover();
    await glob.getByText(/Matches\s1\sof\s2\sprompts/u).waitFor();
    assert.match(await glob.innerText(), /prompts\/discharge\.prompt\.yml/u);
    await window.screenshot('policy hover glob');
  });

  it('shows mistakes in Problems, and cures a name that was typed wrong', async () => {
    await goTo('"roles": ["reviewer"]', 12);
    await window.page.keyboard.insertText('x');
    const problems = await window.problems();
    await problems.filter({ hasText: 'rxeviewer' }).first().waitFor();
    await window.screenshot('policy problems');
    await window.editor.focus();
    await goTo('"roles": ["reviewer"]', 14);
    await window.editor.quickFix(/reviewer/u);
    await window.page.locator('.view-line', { hasText: '"roles": ["reviewer"]' }).waitFor();
    await problems.filter({ hasText: 'rxeviewer' }).first().waitFor({ state: 'detached' });
  });

  it('shows what lint says of a valid policy, and takes out a role that nobody uses', async () => {
    const problems = await window.problems();
    await problems.filter({ hasText: 'everybody' }).first().waitFor();
    await window.screenshot('policy lint');
    await window.editor.focus();
    await goTo('"everybody": ["*"]', 2);
    await window.editor.quickFix('Remove the role');
    await window.page
      .locator('.view-line', { hasText: '"everybody"' })
      .waitFor({ state: 'detached' });
    await window.editor.save();
    assert.doesNotMatch(readFileSync(path.join(folder, policyFile), 'utf8'), /everybody/u);
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PromptAuditError } from '../../src/core/errors.js';
import { toVersionUri } from '../../src/extension/review/versionUri.js';
import { ravi } from '../tools/clinic.js';
import { git } from '../tools/git.js';
import { projectRoot } from '../tools/paths.js';
import { openHost, shown, type, until, type Host } from './support/host.js';

const triage = 'prompts/triage.prompt.md';
const first = 'You triage messages of patients.\nAnswer with: emergency, today, routine.\n';
const second = `${first}Never give a diagnosis.\n`;

function matches(lines: readonly string[], pattern: RegExp): boolean {
  return lines.some((line) => pattern.test(line));
}

describe('the story in the editor', () => {
  let host: Host;
  const types = async (): Promise<string[]> => (await host.trail().log()).map((row) => row.type);

  before(async () => {
    host = await openHost();
  });

  it('says that there is no trail yet, and begins one', async () => {
    assert.equal(host.api.sessions.viewState, 'uninitialized');
    assert.deepEqual(await shown(host.api.views.reviewTree), []);
    const result = await host.session().initialize({ preset: 'team' });
    assert.equal(result.outcome, 'created');
    assert.equal(host.api.sessions.viewState, 'ready');
    assert.ok(
      matches(await shown(host.api.views.promptsTree), /^triage\.prompt\.md \| not recorded/),
    );
  });

  it('records a revision when a prompt is saved, and nothing for the same bytes', async () => {
    const document = await type(host.uri(triage), first);
    assert.ok(await document.save());
    await until('the save is recorded', async () => (await types()).includes('revision.saved'));
    const count = (await types()).length;
    await type(host.uri(triage), second);
    await type(host.uri(triage), first);
    assert.ok(await document.save());
    await host.api.saves.flush();
    assert.equal((await types()).length, count);
    await until('the view shows the draft', async () =>
      matches(await shown(host.api.views.promptsTree), /triage.*draft.*unproposed/),
    );
  });

  it('records nothing of a file that is no prompt', async () => {
    const count = (await types()).length;
    const document = await type(host.uri('README.md'), '# The clinic\n');
    assert.ok(await document.save());
    await host.api.saves.flush();
    assert.equal((await types()).length, count);
  });

  it('gathers auto-saves until the editor loses the focus', async () => {
    const files = vscode.workspace.getConfiguration('files');
    const revisions = async (): Promise<number> =>
      (await types()).filter((type) => type === 'revision.saved').length;
    const before = await revisions();
    await files.update('autoSaveDelay', 50, vscode.ConfigurationTarget.Global);
    await files.update('autoSave', 'afterDelay', vscode.ConfigurationTarget.Global);
    try {
      for (const text of [`${first}One`, `${first}One, two`]) {
        const document = await type(host.uri(triage), text);
        await until('it is saved by itself', () => !document.isDirty);
      }
      assert.equal(await revisions(), before);
      await vscode.window.showTextDocument(host.uri('README.md'));
      await until('it is recorded once', async () => (await revisions()) === before + 1);
    } finally {
      await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    }
  });

  it('shows a proposed version to its author as waiting for others', async () => {
    const version = await host
      .session()
      .write((trail) => trail.propose({ path: triage, note: 'First version' }));
    assert.equal(version.number, 1);
    const lines = await shown(host.api.views.reviewTree);
    assert.match(lines[0] ?? '', /^Waiting for others \| 1 /);
    assert.match(
      lines[1] ?? '',
      /^ {2}triage\.prompt\.md v1\?? \| 0 of 1 · Ana Author.*review\.others$/,
    );
    assert.equal(host.api.views.review.badge, undefined);
  });

  it("refuses the author's own approval with the reason, and records the refusal", async () => {
    const version = await host.trail().version(`${triage}@v1`);
    await assert.rejects(
      host
        .session()
        .write((trail) =>
          trail.decide({ target: version.id, decision: 'approved', identity: 'git' }),
        ),
      (error) => isRefusal(error, 'decision.refused', 'approver.contributed'),
    );
    assert.equal((await types()).at(-1), 'attempt.denied');
  });

  it('shows what the command line records, and whose turn it is', async () => {
    writeFileSync(host.uri(triage).fsPath, second);
    host.cli('propose', triage, '-m', 'No diagnosis');
    await until('v2 is in the view', async () =>
      matches(await shown(host.api.views.reviewTree), /triage\.prompt\.md v2/),
    );
    const before = git(host.root, 'config', 'user.name');
    git(host.root, 'config', 'user.name', ravi.name);
    git(host.root, 'config', 'user.email', ravi.email);
    await host.api.sessions.refresh();
    assert.ok(matches(await shown(host.api.views.reviewTree), /^Waiting for me/));
    assert.equal(host.api.views.review.badge?.value, await shownMine(host));
    host.cli('approve', `${triage}@v2`, '--yes');
    await until('the approval is in the view', async () =>
      matches(await shown(host.api.views.promptsTree), /v2\?? \| approved .*version\.approved/),
    );
    git(host.root, 'config', 'user.name', before);
    git(host.root, 'config', 'user.email', 'ana@clinic.example');
    await host.api.sessions.refresh();
  });

  it('gives the native editor the exact text of a version', async () => {
    const { digest, id } = await host.trail().version(`${triage}@v2`);
    const address = { root: host.session().root, path: triage, digest, version: id };
    const document = await vscode.workspace.openTextDocument(toVersionUri(address));
    assert.equal(document.getText(), second);
    const empty = toVersionUri({ ...address, digest: null, version: null });
    assert.equal((await vscode.workspace.openTextDocument(empty)).getText(), '');
  });

  it('does not give texts to addresses that it did not make', async () => {
    const uri = vscode.Uri.parse('prompt-audit:/x.md?root=%2Fetc&digest=sha256%3Aabc');
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.match(text, /not open/);
  });

  it('opens the native diff against the last approved version', async () => {
    await type(host.uri(triage), `${second}Be brief.\n`).then((document) => document.save());
    await vscode.commands.executeCommand('promptAudit.compareWithApproved', host.uri(triage));
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.scheme, 'prompt-audit');
    assert.equal(input.modified.fsPath, host.uri(triage).fsPath);
  });

  it('refuses to deploy what is not approved, and shows what is deployed', async () => {
    const deploy = (target: string) =>
      host.session().write((trail) => trail.deploy({ target, env: 'production', identity: 'git' }));
    await assert.rejects(deploy(`${triage}@v1`), (error) =>
      isRefusal(error, 'deployment.refused', 'approval.missing'),
    );
    await deploy(`${triage}@v2`);
    const lines = await shown(host.api.views.deploymentsTree);
    const production = lines.findIndex((line) => line.startsWith('production'));
    assert.match(lines[production + 1] ?? '', /triage\.prompt\.md v2\?? \| Ana Author.*active$/);
  });

  it('copies the proof of a version, and checks it: what holds, and what was changed', async () => {
    const session = host.session();
    const version = await host.trail().version(`${triage}@v2`);
    const node = { kind: 'version', session, version, previous: null };
    await vscode.commands.executeCommand('promptAudit.copyProof', node);
    const proof = await vscode.env.clipboard.readText();
    assert.match(proof, /^c2sp\.org\/tlog-proof@v1\n/);
    assert.deepEqual(await saysOf(proof, 'v2.tlog-proof'), [
      'information',
      'This proof holds.',
      'The ledger that is open here has the same checkpoint.',
    ]);
    const golden = readFileSync(join(projectRoot, 'test/golden/event-9.tlog-proof'), 'utf8');
    assert.deepEqual(await saysOf(golden, 'stranger.tlog-proof'), [
      'warning',
      'This proof fits the checkpoint inside it, which was compared with nothing.',
      'No ledger that is open here could be compared.',
    ]);
    const [severity, message] = await saysOf(
      proof.replace(/^index .*/m, 'index 0'),
      'bent.tlog-proof',
    );
    assert.deepEqual([severity, message], ['error', 'This proof does not hold.']);
  });

  /** Severity, text and the line about the open ledger of the dialogue that Check Proof shows for a file. */
  async function saysOf(proof: string, name: string): Promise<(string | undefined)[]> {
    const file = vscode.Uri.file(join(tmpdir(), `prompt-audit-${process.pid}-${name}`));
    await vscode.workspace.fs.writeFile(file, Buffer.from(proof));
    const shows = ['Information', 'Warning', 'Error'] as const;
    const said: (string | undefined)[] = [];
    const window = vscode.window as unknown as Record<string, unknown>;
    const own = shows.map((name) => window[`show${name}Message`]);
    for (const name of shows) {
      window[`show${name}Message`] = (message: string, options: { detail?: string }) => {
        const about = options.detail?.split('\n').find((line) => /open here/.test(line));
        said.push(name.toLowerCase(), message, about);
        return Promise.resolve(undefined);
      };
    }
    try {
      await vscode.commands.executeCommand('promptAudit.checkProof', file);
    } finally {
      for (const [at, name] of shows.entries()) window[`show${name}Message`] = own[at];
      await vscode.workspace.fs.delete(file);
    }
    return said;
  }

  it('puts a mistake in the policy into Problems, at its place, and takes it out again', async () => {
    const uri = host.uri('.prompt-audit/policy.jsonc');
    const good = readFileSync(uri.fsPath, 'utf8');
    const document = await type(uri, good.replace('"environments"', '"enviroments"'));
    assert.ok(await document.save());
    await until('Problems has it', () => vscode.languages.getDiagnostics(uri).some(isOurs));
    const [problem] = vscode.languages.getDiagnostics(uri).filter(isOurs);
    assert.match(problem?.message ?? '', /enviroments/);
    assert.match(document.lineAt(problem?.range.start.line ?? 0).text, /enviroments/);
    await type(uri, good);
    assert.ok(await document.save());
    await until('it is gone', () => !vscode.languages.getDiagnostics(uri).some(isOurs));
  });

  it('finds an intact ledger intact', async () => {
    const report = await host.api.findings.check(host.session(), true);
    assert.deepEqual(
      report.findings.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('says which event somebody changed in the file, and overwrites nothing', async () => {
    const uri = host.uri('.prompt-audit/ledger.sqlite');
    await host.trail().fold();
    const good = readFileSync(uri.fsPath);
    const bad = Buffer.from(good);
    const place = bad.indexOf('"type":"version.proposed"');
    assert.ok(place > 0);
    bad[place + 8] = 'w'.charCodeAt(0);
    writeFileSync(uri.fsPath, bad);
    try {
      const report = await host.api.findings.check(host.session(), true);
      assert.equal(report.intact, false);
      assert.ok(report.brokenAt !== null);
      const problems = vscode.languages.getDiagnostics(uri);
      assert.ok(problems.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
      assert.ok(problems.every(({ source, code }) => source === 'Prompt Audit' && code !== ''));
      assert.deepEqual(readFileSync(uri.fsPath), bad);
    } finally {
      writeFileSync(uri.fsPath, good);
      await host.api.sessions.refresh();
    }
  });
});

/** Hints of lint are not in Problems. */
function isOurs({ source, severity }: vscode.Diagnostic): boolean {
  return source === 'Prompt Audit' && severity !== vscode.DiagnosticSeverity.Hint;
}

async function shownMine(host: Host): Promise<number> {
  const lines = await shown(host.api.views.reviewTree);
  return lines.filter((line) => line.endsWith('review.mine')).length;
}

/** The test has a bundle of its own, so the class of the error is another one. */
function isRefusal(error: unknown, code: string, reason: string): boolean {
  const refusal = error as PromptAuditError;
  return refusal.code === code && refusal.reasons.includes(reason);
}

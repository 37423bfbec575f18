import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Trail } from '../../../src/trail/api.js';
import type { TrailSession } from '../../../src/extension/session/trailSession.js';
import type { TestApi } from '../../../src/extension/testApi.js';
import type { TrailNode } from '../../../src/extension/views/nodes.js';
import type { TrailTree } from '../../../src/extension/views/trailTree.js';
import { gitEnvironment } from '../../tools/git.js';
import { projectRoot } from '../../tools/paths.js';

const patience = 30_000;

/** The extension's inside, and the one folder that is open. */
export interface Host {
  readonly api: TestApi;
  readonly root: string;
  readonly session: () => TrailSession;
  readonly trail: () => Trail;
  readonly uri: (path: string) => vscode.Uri;
  /** Runs the command line in the open folder; its standard output. */
  readonly cli: (...args: string[]) => string;
}

export async function openHost(): Promise<Host> {
  const extension = vscode.extensions.getExtension<TestApi>(
    'prompt-audit-trail.prompt-audit-trail',
  );
  const api = await extension?.activate();
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(api && folder);
  await until('the folder is looked at', () => api.sessions.viewState !== 'loading');
  const session = (): TrailSession => {
    const [first] = api.sessions.all;
    assert.ok(first);
    return first;
  };
  return {
    api,
    root: folder.uri.fsPath,
    session,
    trail: () => session().requireTrail(),
    uri: (file) => vscode.Uri.joinPath(folder.uri, file),
    cli: (...args) => runCli(folder.uri.fsPath, args),
  };
}

function runCli(cwd: string, args: readonly string[]): string {
  // The host's own program is Node, also where it is called Electron.
  return execFileSync(process.execPath, [path.join(projectRoot, 'dist/cli.js'), ...args], {
    cwd,
    env: { ...process.env, ...gitEnvironment, ELECTRON_RUN_AS_NODE: '1' },
    encoding: 'utf8',
  });
}

/** Waits for what an event will bring; fails when it does not come. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `It did not come to pass that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Replaces the text of a file in an editor and saves it, as a person does. */
export async function type(uri: vscode.Uri, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, all, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  return document;
}

/** What a tree shows, a line for each row: label, description, menu context; children indented. */
export async function shown(tree: TrailTree, node?: TrailNode, indent = ''): Promise<string[]> {
  const lines: string[] = [];
  for (const child of await tree.getChildren(node)) {
    const item = tree.getTreeItem(child);
    const label = typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
    const line = `${indent}${label} | ${String(item.description ?? '')} | ${item.contextValue}`;
    lines.push(line, ...(await shown(tree, child, `${indent}  `)));
  }
  return lines;
}

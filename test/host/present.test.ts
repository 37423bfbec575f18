import assert from 'node:assert/strict';
import { devNull } from 'node:os';
import * as vscode from 'vscode';

describe('the extension in VS Code', () => {
  it('is found, with a folder to work in', () => {
    const extension = vscode.extensions.getExtension('prompt-audit-trail.prompt-audit-trail');
    assert.ok(extension);
    assert.equal(extension.extensionKind, vscode.ExtensionKind.Workspace);
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });

  it("does not see this machine's git configuration", () => {
    assert.equal(process.env['GIT_CONFIG_GLOBAL'], devNull);
  });
});

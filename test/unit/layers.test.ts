import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brokenRule, importsOf } from '../tools/layers.js';
import { projectRoot } from '../tools/paths.js';

const src = path.join(projectRoot, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts'));

function textOf(file: string): string {
  return readFileSync(path.join(src, file), 'utf8');
}

function rule(from: string, code: string): string | null {
  const [first] = importsOf(from, code);
  assert.ok(first, `no import found in ${code}`);
  return brokenRule(first);
}

describe('layers of the source', () => {
  it('points one way', () => {
    const broken = files.flatMap((file) =>
      importsOf(file, textOf(file)).flatMap((one) => {
        const why = brokenRule(one);
        return why === null ? [] : [`src/${one.from} imports ${one.specifier}: ${why}`];
      }),
    );
    assert.deepEqual(broken, []);
  });

  it('has no file of over 350 lines', () => {
    const long = files.filter((file) => textOf(file).trimEnd().split('\n').length > 350);
    assert.deepEqual(long, []);
  });

  it('is found where it is: every layer has files', () => {
    const layers = new Set(files.map((file) => file.split('/')[0]));
    for (const layer of ['core', 'cli', 'trail', 'worker', 'extension', 'webview'])
      assert.ok(layers.has(layer), layer);
  });

  it('refuses what the design forbids', () => {
    const refused: [string, string][] = [
      ['core/ids.ts', "import { open } from '../ledger/store.js';"],
      ['core/ids.ts', "import type { Trail } from '../trail/api.js';"],
      ['core/ids.ts', "import fs from 'node:fs';"],
      ['core/ids.ts', "import fs from 'fs';"],
      ['core/ids.ts', "const fs = await import('node:fs');"],
      ['core/ids.ts', "export { readFile } from 'node:fs/promises';"],
      ['trail/api.ts', "import * as vscode from 'vscode';"],
      ['trail/api.ts', "let uri: import('vscode').Uri;"],
      ['cli/run.ts', "import { activate } from '../extension/main.js';"],
      ['extension/main.ts', "import { run } from '../cli/run.js';"],
      ['extension/main.ts', "import { openTrail } from '../trail/openTrail.js';"],
      ['worker/server.ts', "import { openTrail } from '../trail/openTrail.js';"],
      ['worker/link.ts', "import * as vscode from 'vscode';"],
      ['worker/link.ts', "import { activate } from '../extension/main.js';"],
      ['trail/api.ts', "import type { Engine } from '../worker/engine.js';"],
      ['extension/main.ts', "import { rows } from '../webview/view/rows.js';"],
      ['cli/run.ts', "import type { Message } from '../webview/protocol.js';"],
      ['webview/main.ts', "import type { EventRow } from '../core/rows.js';"],
      ['webview/protocol.ts', "import { parseId } from '../core/ids.js';"],
      ['webview/main.ts', "import { html } from 'somewhere';"],
      ['core/ids.ts', "import { help } from '../../test/tools/layers.js';"],
      ['odd/ids.ts', "import { id } from '../core/ids.js';"],
    ];
    for (const [from, code] of refused)
      assert.notEqual(rule(from, code), null, `${from}: ${code} must be refused`);
  });

  it('allows what the design allows', () => {
    const allowed: [string, string][] = [
      ['core/hash.ts', "import { createHash } from 'node:crypto';"],
      ['core/row.ts', "import { id } from './ids.js';"],
      ['trail/open.ts', "import { id } from '../core/ids.js';"],
      ['extension/main.ts', "import * as vscode from 'vscode';"],
      ['extension/main.ts', "import { RemoteEngine } from '../worker/trailProxy.js';"],
      ['extension/main.ts', "import type { Trail } from '../trail/api.js';"],
      ['worker/main.ts', "import { openTrail } from '../trail/openTrail.js';"],
      ['extension/timeline/panel.ts', "import type { M } from '../../webview/protocol.js';"],
      ['webview/protocol.ts', "import type { EventRow } from '../core/rows.js';"],
      ['webview/view/list.ts', "import { html } from 'lit';"],
      ['webview/view/list.ts', "import { repeat } from 'lit/directives/repeat.js';"],
    ];
    for (const [from, code] of allowed) assert.equal(rule(from, code), null, `${from}: ${code}`);
  });
});

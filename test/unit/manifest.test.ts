import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../tools/paths.js';

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { command?: string; when?: string }[]>>;
    readonly views: { readonly promptAudit: readonly { id: string; icon: string }[] };
    readonly viewsWelcome: readonly { view: string; contents: string; when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { scope: string }>> };
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: { readonly svg: string } }[];
    }[];
  };
}

const text = read('package.json');
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
const declared = contributes.commands.map(({ command }) => command).sort();

describe('the manifest of the extension', () => {
  it('declares exactly the commands of the table', () => {
    const table = read('src/extension/commands/table.ts').matchAll(/^ {2}'(promptAudit\.\w+)':/gm);
    assert.deepEqual([...table].map(([, id]) => id).sort(), declared);
  });

  it('has a word for each key, and no other words', () => {
    const keys = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...keys].sort(), Object.keys(words).sort());
  });

  it('names only declared commands in menus, views and walkthrough', () => {
    const menus = Object.values(contributes.menus).flat();
    const links = Object.values(words).flatMap((word) =>
      [...word.matchAll(/\(command:(promptAudit\.\w+)\)/g)].map(([, id]) => id ?? ''),
    );
    for (const id of [...menus.flatMap(({ command }) => command ?? []), ...links]) {
      assert.ok(declared.includes(id), id);
    }
  });

  it('has one welcome view for each empty state', () => {
    const review = contributes.viewsWelcome.filter(({ view }) => view === 'promptAudit.review');
    const states = review.map(({ when }) => /^promptAudit\.state == (\w+)$/.exec(when)?.[1]).sort();
    const union = read('src/extension/session/viewState.ts').matchAll(/^ {2}\| '(\w+)'/gm);
    const expected = [...union].map(([, state]) => state).filter((state) => state !== 'loading');
    assert.deepEqual(states, expected.sort());
  });

  it('has one button in each welcome view', () => {
    for (const { contents } of contributes.viewsWelcome) {
      const key = contents.replaceAll('%', '');
      const buttons = (words[key] ?? '').split('\n').filter((line) => /^\[.+\]\(.+\)$/.test(line));
      assert.ok(buttons.length <= 1, key);
    }
  });

  it('has at most nine settings, each with a scope', () => {
    const settings = Object.entries(contributes.configuration.properties);
    assert.ok(settings.length <= 9);
    for (const [key, { scope }] of settings) {
      assert.ok(scope, key);
    }
  });

  it('names files that are there', () => {
    const { views, walkthroughs } = contributes;
    const icons = views.promptAudit.map(({ icon }) => icon).filter((icon) => !icon.startsWith('$'));
    const pictures = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    for (const file of [manifest.icon, ...icons, ...pictures]) {
      assert.ok(existsSync(path.join(projectRoot, file)), file);
    }
  });
});

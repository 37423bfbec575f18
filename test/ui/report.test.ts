import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { manager, reviewer, World, type Clone } from '../cli/support/world.js';
import { closeBrowser, sharedBrowser } from '../tools/browser.js';
import { projectRoot } from '../tools/paths.js';

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  readonly passes: readonly unknown[];
}

const prompt = 'prompts/triage.prompt.md';
const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 360, height: 800 }, colorScheme: 'light' },
  print: { viewport: { width: 700, height: 1000 }, colorScheme: 'dark' },
};

/** A page from disk, as who got it by mail would open it: nothing may go out, and no script may run. */
async function opened(file: string, look: string): Promise<{ page: Page; problems: string[] }> {
  // axe is a script, and the policy of the page forbids them all; that it does is looked at by itself.
  const context = await (await sharedBrowser()).newContext({ ...looks[look], bypassCSP: true });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href) problems.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  if (look === 'print') await page.emulateMedia({ media: 'print' });
  return { page, problems };
}

describe('a report, opened from disk in Chromium', function () {
  this.timeout(180_000);
  const world = new World('report-page');
  const reports: Record<string, string> = {};
  const axe = readFileSync(
    createRequire(path.join(projectRoot, 'package.json')).resolve('axe-core/axe.min.js'),
    'utf8',
  );

  before(async () => {
    const remote = world.remote('remote.git');
    const ada: Clone = world.clone(remote, 'clinic', {
      name: 'Ada \u202e<b>Author',
      email: 'ada@clinic.example',
    });
    ada.git('switch', '--quiet', '--create', 'main');
    ada.write(
      prompt,
      'You triage messages.\nAnswer with: emergency, today, routine.\nNever give a dose.\n',
    );
    ada.write('prompts/letter.prompt.md', 'Write for the patient, in plain words.\n');
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '--message=Prompts');
    ada.git('push', '--quiet', '--set-upstream', 'origin', 'main');
    await ada.run('init', '--preset', 'team', '--yes');
    const policy = ada.read('.prompt-audit/policy.jsonc').toString('utf8');
    ada.write(
      '.prompt-audit/policy.jsonc',
      policy.replace(/("production": \{)/u, '$1 "breakGlass": true,'),
    );
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '--message=Policy');
    ada.git('push', '--quiet');
    const done = async (who: Clone, ...args: string[]): Promise<void> => {
      const { status, err, out } = await who.run(...args);
      assert.equal(status, 0, `${args.join(' ')}: ${out}${err}`);
    };
    await done(ada, 'propose', prompt, '-m', 'First');
    await done(
      ada.as(reviewer),
      'approve',
      prompt,
      '--yes',
      '-m',
      'Read it with the examples',
      '--meaning',
      'Reviewed for safety',
    );
    await done(ada.as(manager), 'deploy', prompt, '--env', 'production', '-m', 'Go live');
    ada.write(
      prompt,
      `You triage messages of patients.\nAnswer with one word: emergency, today or routine.\nAsk for allergies.\nNever give a dose.\n<img src=x onerror=alert(1)> \u202e${'x'.repeat(400)}\n`,
    );
    await done(
      ada,
      'propose',
      prompt,
      '-m',
      `<script>alert("note")</script> ${'long'.repeat(100)}`,
    );
    await ada.run(
      'deploy',
      prompt,
      '--env',
      'production',
      '--break-glass',
      'Incident 12: wrong answers',
    );
    await done(ada, 'propose', 'prompts/letter.prompt.md', '-m', 'Letters');
    await done(ada.as(reviewer), 'reject', 'prompts/letter.prompt.md', '--yes', '-m', 'Too short');
    await done(
      ada.as(manager),
      'rollback',
      prompt,
      '--env',
      'production',
      '-m',
      'Worse than before',
    );
    const { rows } = await ada.json<{ id: string; type: string }>('log');
    const second = rows.filter(({ type }) => type === 'deployment.recorded')[1]!;
    const scopes: Record<string, readonly string[]> = {
      deployment: ['--deployment', second.id],
      prompt: ['--prompt', prompt],
      period: ['--from', '2020-01-01', '--to', '2099-01-01'],
    };
    for (const [name, scope] of Object.entries(scopes)) {
      reports[name] = path.join(world.path, `${name}.html`);
      const { status, err } = await ada.run('report', '--out', reports[name], ...scope);
      assert.equal(status, 1, err);
    }
  });

  after(async () => {
    await closeBrowser();
    world.remove();
  });

  for (const name of ['deployment', 'prompt', 'period'])
    for (const look of Object.keys(looks))
      it(`is accessible and complete: ${name}, ${look}`, async () => {
        const { page, problems } = await opened(reports[name]!, look);
        try {
          const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          assert.ok(Number(wide) <= 0, `it is ${String(wide)} pixels too wide`);
          assert.deepEqual(problems, []);
          const folder = path.join(projectRoot, 'test-results', 'screenshots');
          mkdirSync(folder, { recursive: true });
          await page.screenshot({
            path: path.join(folder, `report-${name}-${look}.png`),
            fullPage: true,
          });
          await page.evaluate(axe);
          const found = await page.evaluate<AxeResult>('axe.run()');
          assert.deepEqual(
            found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
            [],
          );
          assert.ok(found.passes.length > 20);
        } finally {
          await page.context().close();
        }
      });

  it('lets wide tables scroll inside, by keyboard too', async () => {
    const { page } = await opened(reports['period']!, 'narrow');
    try {
      const frames = page.getByRole('region', { name: 'Table: Deployments' });
      await frames.focus();
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction('document.activeElement.scrollLeft > 0');
    } finally {
      await page.context().close();
    }
  });

  it('prints within the page', async () => {
    const { page } = await opened(reports['period']!, 'print');
    try {
      const beyond = await page.evaluate<number>(
        `[...document.querySelectorAll('td,th,pre,dd')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length`,
      );
      assert.equal(beyond, 0);
    } finally {
      await page.context().close();
    }
  });

  it('keeps what runs from running', async () => {
    const page = await (await sharedBrowser()).newPage();
    try {
      await page.goto(pathToFileURL(reports['period']!).href);
      const title = await page.evaluate(`(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "ran"';
        document.body.append(script);
        return document.title;
      })()`);
      assert.match(String(title), /^Report on a period/u);
      const style = await page.evaluate(
        'getComputedStyle(document.querySelector("h1")).fontWeight',
      );
      assert.equal(style, '700');
    } finally {
      await page.close();
    }
  });
});

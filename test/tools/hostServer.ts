import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { workbenchUrl } from './address.js';
import { closeBrowser, sharedBrowser } from './browser.js';
import { projectRoot } from './paths.js';
import { startVsCodeServer } from './vscodeServer.js';

/** What mocha's reporter logs when a test has failed: its number and its title. */
const failure = /^\s*%d\) %s (?<number>\d+)/u;

/** Runs the host suite in the server build, opened in Chromium. Returns the exit status. */
export async function runInServer(version: string, workspace: string): Promise<number> {
  const results = process.env['PROMPT_AUDIT_RESULTS'];
  const server = await startVsCodeServer({
    version,
    development: true,
    env: {
      PROMPT_AUDIT_GREP: process.env['PROMPT_AUDIT_GREP'] ?? '',
      ...(results ? { PROMPT_AUDIT_RESULTS: results } : {}),
    },
  });
  const kept = path.join(projectRoot, 'test-results', `host-${version}`);
  mkdirSync(path.dirname(kept), { recursive: true });
  rmSync(`${kept}.log`, { force: true });
  try {
    const context = await (await sharedBrowser()).newContext();
    const page = await context.newPage();
    await page.exposeFunction('codeAutomationLog', async (type: string, parts: unknown[]) => {
      const line = parts.map(String).join(' ');
      appendFileSync(`${kept}.log`, `${type}: ${line}\n`);
      const number = failure.exec(line)?.groups?.['number'];
      if (number !== undefined) await page.screenshot({ path: `${kept}-failed-${number}.png` });
    });
    const status = new Promise<number>((resolve, reject) => {
      void page.exposeFunction('codeAutomationExit', resolve).catch(reject);
      page.once('crash', () => reject(new Error('The page of the workbench crashed.')));
    });
    const tests = path.join(projectRoot, 'dist-test/host/index.js');
    await page.goto(
      workbenchUrl(server.port, { folder: workspace, extension: projectRoot, tests }),
    );
    return await status;
  } finally {
    appendFileSync(`${kept}.log`, `${server.output()}\n`);
    await closeBrowser();
    await server.stop();
  }
}

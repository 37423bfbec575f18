import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { workbenchUrl } from './address.js';
import { closeBrowser, sharedBrowser } from './browser.js';
import { projectRoot } from './paths.js';
import { startVsCodeServer } from './vscodeServer.js';

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
  try {
    const context = await (await sharedBrowser()).newContext();
    const page = await context.newPage();
    const log: string[] = [];
    await page.exposeFunction('codeAutomationLog', (type: string, parts: unknown[]) =>
      log.push(`${type}: ${parts.map(String).join(' ')}`),
    );
    const status = new Promise<number>((resolve, reject) => {
      void page.exposeFunction('codeAutomationExit', resolve).catch(reject);
      page.once('crash', () => reject(new Error('The page of the workbench crashed.')));
    });
    const tests = path.join(projectRoot, 'dist-test/host/index.js');
    await page.goto(
      workbenchUrl(server.port, { folder: workspace, extension: projectRoot, tests }),
    );
    try {
      return await status;
    } finally {
      const file = path.join(projectRoot, 'test-results', `host-${version}.log`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `${log.join('\n')}\n${server.output()}\n`);
    }
  } finally {
    await closeBrowser();
    await server.stop();
  }
}

import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { projectRoot } from '../tools/paths.js';

/** Runs every suite of this folder inside the extension host; desktop and server call it alike. */
export async function run(): Promise<void> {
  const grep = process.env['PROMPT_AUDIT_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    color: false,
    forbidOnly: true,
    reporter: path.join(projectRoot, 'scripts/lib/mochaReporter.cjs'),
    ...(grep ? { grep } : {}),
  });
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort())
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed in the extension host.`);
}

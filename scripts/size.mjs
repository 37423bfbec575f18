// npm run size: builds for production and prints what each shipped file weighs, and its limit.
import { ensureInstalled } from './lib/install.mjs';
import { run } from './lib/project.mjs';

await ensureInstalled();
process.exitCode = (await run(process.execPath, ['esbuild.mjs', '--production'])).status;

import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { downloadDesktop } from '../../scripts/lib/desktop.mjs';
import { gitEnvironment } from './git.js';
import { projectRoot } from './paths.js';
import { temporaryFolder } from './temporary.js';

/** Runs the host suite in the desktop program. Returns the exit status. */
export async function runInDesktop(version: string, workspace: string): Promise<number> {
  const vscodeExecutablePath = await downloadDesktop(version);
  const home = temporaryFolder('desktop');
  try {
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: path.join(projectRoot, 'dist-test/host/index.js'),
      extensionTestsEnv: gitEnvironment,
      launchArgs: [
        workspace,
        '--disable-workspace-trust',
        '--disable-extensions',
        '--skip-welcome',
        `--user-data-dir=${path.join(home.path, 'user')}`,
        `--extensions-dir=${path.join(home.path, 'ext')}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
  } finally {
    home.remove();
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { canDownloadDesktop } from '../../scripts/lib/desktop.mjs';
import { ana, makeClinic } from './clinic.js';
import { runInDesktop } from './hostDesktop.js';
import { runInServer } from './hostServer.js';
import { newestVersion } from './vscodeServer.js';

interface Results {
  readonly tests: readonly { title: string; outcome: string; error?: string }[];
}

/** Desktop 1.139.1 is the server build 4.139.1. */
function desktopVersion(serverVersion: string): string {
  return serverVersion.replace(/^4\./u, '1.');
}

async function main(version: string): Promise<number> {
  const wanted = process.env['PROMPT_AUDIT_TEST_HOST'] ?? 'auto';
  const desktop = wanted === 'desktop' || (wanted === 'auto' && (await canDownloadDesktop()));
  console.log(`VS Code ${desktopVersion(version)}, ${desktop ? 'desktop' : 'server'}`);
  const clinic = makeClinic();
  try {
    const workspace = clinic.clone(ana);
    return desktop
      ? await runInDesktop(desktopVersion(version), workspace)
      : await runInServer(version, workspace);
  } finally {
    clinic.remove();
    printResults();
  }
}

/** The extension host has no terminal, so its results are shown here. */
function printResults(): void {
  const file = process.env['PROMPT_AUDIT_RESULTS'];
  if (!file || !existsSync(file)) return;
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as Results;
  for (const { outcome, title, error } of tests)
    console.log(`  ${outcome === 'passed' ? '✔' : outcome} ${title}${error ? `\n${error}` : ''}`);
}

main(process.argv[2] ?? newestVersion).then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

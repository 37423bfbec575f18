import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Finding, VerdictName, VerdictOutcome } from '../../src/core/rows.js';
import { projectRoot } from '../tools/paths.js';
import { findingsOf, type Answer } from './ourVerifier.js';

export const verifyPy = join(projectRoot, 'docs', 'verify.py');

interface Report {
  readonly ledger: { readonly id: string; readonly size: number; readonly root: string } | null;
  readonly verdicts: Readonly<Record<VerdictName, VerdictOutcome>>;
  readonly findings: readonly Finding[];
  readonly error?: string;
}

/** Runs docs/verify.py; its output and status. */
export async function runPython(
  args: readonly string[],
  input = '',
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  const child = spawn('python3', ['-X', 'utf8', verifyPy, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ stdout, stderr, status }));
  });
}

/** What docs/verify.py says of each of these files, in one process. */
export async function pythonAnswers(files: readonly string[]): Promise<Answer[]> {
  return (await batch<Report>(files)).map((report) => {
    if (report.error !== undefined) throw new Error(report.error);
    const { ledger, findings, verdicts } = report;
    const point = ledger && `${ledger.id} ${ledger.size} ${ledger.root}`;
    return { ...findingsOf(point, findings), ...verdicts };
  });
}

/** The status for each of these proofs; each is followed by the files of the checkpoints that are kept. */
export async function pythonProofs(proofs: readonly (readonly string[])[]): Promise<number[]> {
  const lines = proofs.map((files) => ['proof', ...files].join('\t'));
  const reports = await batch<{ holds: boolean; doubts: readonly string[] }>(lines);
  return reports.map(({ holds, doubts }) => (!holds ? 2 : doubts.length > 0 ? 1 : 0));
}

async function batch<T>(lines: readonly string[]): Promise<T[]> {
  const { stdout, stderr, status } = await runPython(['--batch'], `${lines.join('\n')}\n`);
  if (status !== 0 || stderr !== '') throw new Error(`verify.py ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

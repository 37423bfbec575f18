import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { LedgerPoint } from '../../src/core/rows.js';
import type { SyncReport } from '../../src/trail/syncApi.js';
import { Clinic } from '../tools/clones.js';

export const prompt = 'prompts/triage.prompt.md';
export const ledgerBranch = 'prompt-audit';

/** What of a clone is ours: the ledger's own refs and files, and the objects. */
const ours =
  /^(objects|prompt-audit|refs\/prompt-audit|logs\/refs\/prompt-audit)(\/|$)|(^|\/)\.prompt-audit\/(ledger\.sqlite|volumes)(\/|$)/;

/** Every file of a clone that is the user's, by path, as a digest: git's own files too, byte for byte. */
export function userFiles(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (top: string, folder: string, label: string): void => {
    for (const entry of readdirSync(join(top, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = path.split(sep).join('/');
      if (entry.name === '.git' && folder === '') {
        found[`${label}.git`] = entry.isDirectory()
          ? 'folder'
          : readFileSync(join(top, path), 'utf8');
      } else if (ours.test(name)) continue;
      else if (entry.isDirectory()) visit(top, path, label);
      else if (entry.isFile()) found[label + name] = digestOf(join(top, path), name);
    }
  };
  visit(root, '', 'work:');
  const dotGit = join(root, '.git');
  if (existsSync(join(dotGit, 'HEAD'))) visit(dotGit, '', 'git:');
  return found;
}

/** As userFiles, for a git folder that lies elsewhere: a bare one, or that of a submodule. */
export function gitFiles(gitDir: string): Record<string, string> {
  const inside = readdirSync(gitDir, { recursive: true, withFileTypes: true });
  const files = inside.filter((entry) => entry.isFile());
  const names = files.map((e) => relative(gitDir, join(e.parentPath, e.name)).split(sep).join('/'));
  return Object.fromEntries(
    names
      .filter((name) => !ours.test(name))
      .map((name) => [name, digestOf(join(gitDir, name), name)]),
  );
}

function digestOf(file: string, name: string): string {
  let bytes = readFileSync(file);
  if (name === 'packed-refs' || name.endsWith('/packed-refs')) {
    const lines = bytes.toString('utf8').split('\n');
    bytes = Buffer.from(lines.filter((line) => !line.includes('refs/prompt-audit/')).join('\n'));
  }
  return createHash('sha256').update(bytes).digest('hex');
}

/** A clinic whose ledger Ana began and shared, with the policy and one prompt on main; Ravi has a clone, too. */
export async function begunClinic(): Promise<Clinic> {
  const clinic = new Clinic();
  clinic.clone('ana');
  clinic.write('ana', prompt, 'one\n');
  await clinic.init('ana');
  clinic.commit('ana');
  const ana = await clinic.open('ana');
  await ana.record();
  await ana.sync();
  await ana.close();
  clinic.clone('ravi');
  return clinic;
}

/** Names a person in a clone that was made by hand. */
export function person(clinic: Clinic, clone: string, name = 'rosa'): void {
  clinic.git(clone, 'config', 'user.name', name);
  clinic.git(clone, 'config', 'user.email', `${name}@clinic.example`);
}

let texts = 0;
/** A new text in a file of its own, which git does not know. */
export function newPrompt(clinic: Clinic, clone: string, folder = 'prompts'): string {
  const path = `${folder}/new-${++texts}.prompt.md`;
  clinic.write(clone, path, `text ${texts}\n`);
  return path;
}

export interface Trip {
  readonly report: SyncReport;
  readonly point: LedgerPoint;
  readonly warnings: readonly string[];
}

/**
 * Records in a clone, syncs, and receives it in Ravi's; then receives what Ravi records. The user's files of the
 * clone are the same before and after, and `also` too.
 */
export async function roundTrip(
  clinic: Clinic,
  clone: string,
  {
    also = () => ({}),
    path = newPrompt(clinic, clone),
  }: {
    also?: () => unknown;
    path?: string;
  } = {},
): Promise<Trip> {
  const root = join(clinic.folder, clone);
  const warnings: string[] = [];
  // The first opening makes the work tree's copy of the ledger.
  const trail = await clinic.open(clone, { warn: (m) => warnings.push(m) });
  const before = [userFiles(root), also()];
  const [recorded] = await trail.record([path]);
  assert.equal(recorded?.outcome, 'recorded');
  const report = await trail.sync();
  assert.ok(report.sent > 0);
  const ravi = await clinic.open('ravi');
  await ravi.sync();
  assert.deepEqual(await ravi.point(), await trail.point());
  const answer = newPrompt(clinic, 'ravi');
  await ravi.record([answer]);
  await ravi.sync();
  const received = await trail.sync();
  assert.ok(received.received > 0);
  assert.deepEqual(await ravi.point(), await trail.point());
  await trail.status();
  await trail.close();
  await ravi.close();
  assert.deepEqual([userFiles(root), also()], before);
  return { report, point: report.point, warnings };
}

/** Puts a program into a folder of hooks. */
export function hook(folder: string, name: string, script: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Lets the clinic's remote look at each push to the ledger branch. */
export function onPush(clinic: Clinic, script: string): void {
  hook(join(clinic.remote, 'hooks'), 'pre-receive', script);
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { run } from '../../../src/cli/run.js';
import type { Terminal } from '../../../src/cli/terminal.js';
import { initTrail, openTrail, siteOf } from '../../../src/trail/openTrail.js';
import { projectRoot } from '../../tools/paths.js';

/** The built command line. */
export const programFile =
  process.env['PROMPT_AUDIT_TEST_CLI'] ?? path.join(projectRoot, 'dist/cli.js');

export interface Ended {
  readonly status: number | null;
  readonly bytes: Buffer;
  readonly out: string;
  readonly err: string;
}

/** The envelope of DESIGN.md §8. */
export interface Envelope<Row> {
  readonly query: Readonly<Record<string, unknown>>;
  readonly ledger: { readonly id: string; readonly size: number; readonly root: string } | null;
  readonly generatedAt: string;
  readonly tool: string;
  readonly rows: readonly Row[];
  readonly counts: Readonly<Record<string, number>>;
  readonly caveats: readonly string[];
}

export type Env = Readonly<Record<string, string>>;

/** Runs the built program in a folder, nobody at its terminal. */
export function runProgram(cwd: string, args: readonly string[], env: Env): Ended {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [programFile, ...args], {
    cwd,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status, bytes: stdout, out: stdout.toString('utf8'), err: stderr.toString('utf8') };
}

/** The same without a process of its own, which takes a third of the time. One call at a time. */
export async function runInside(
  cwd: string,
  args: readonly string[],
  env: Env,
  input: Uint8Array = new Uint8Array(),
): Promise<Ended> {
  const out: Uint8Array[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    env,
    cwd,
    canAsk: false,
    colours: false,
    showsProgress: false,
    out: async (data) => void out.push(typeof data === 'string' ? Buffer.from(data) : data),
    err: (text) => void err.push(text),
    input: async () => input,
    ask: () => Promise.reject(new Error('Nobody is there to be asked.')),
    now: () => new Date(),
  };
  const own = { ...process.env };
  try {
    // The engine hands the environment of its process on to git.
    replaceEnvironment(env);
    const status = await run(args, terminal, { openTrail, siteOf, initTrail });
    const bytes = Buffer.concat(out);
    return { status, bytes, out: bytes.toString('utf8'), err: err.join('') };
  } finally {
    replaceEnvironment(own);
  }
}

function replaceEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** What answers to questions add. */
const asked = ['population', 'summary', 'digest', 'complete', 'unanswerable'];

/** What some commands add to the envelope of DESIGN.md §8. */
const moreMembers: Readonly<Record<string, readonly string[]>> = {
  verify: ['verdicts'],
  blame: ['turns'],
  baseline: asked,
  trail: asked,
  pending: asked,
  actions: asked,
  order: asked,
  rollbacks: asked,
  exceptions: asked,
  sample: asked,
  manifest: ['digest'],
  drift: asked,
  status: ['syncProblem', 'syncedAt', 'recorderPaused'],
  gate: ['checkpoint', 'policy', 'remote', 'head', 'range'],
  'policy show': ['powers', 'text'],
  'policy diff': ['before', 'after', 'differences'],
  'policy simulate': ['before', 'after', 'differences'],
  coverage: ['orphans', 'pauses', 'refs', 'otherRefs', 'noRefs'],
};

/** `policy show`; a command that does one thing alone is its name. */
function actionOf({ query }: Envelope<unknown>): string {
  const [command, action] = [String(query['command']), query['action']];
  return command === 'policy' ? `${command} ${String(action)}` : command;
}

/** Reads an envelope and checks that it has every member, and no other. */
export function envelopeOf<Row>(ended: Ended): Envelope<Row> {
  const envelope = JSON.parse(ended.out) as Envelope<Row>;
  assert.deepEqual(Object.keys(envelope), [
    'query',
    'ledger',
    'generatedAt',
    'tool',
    'rows',
    'counts',
    'caveats',
    ...(moreMembers[actionOf(envelope)] ?? []),
  ]);
  assert.equal(typeof envelope.query['command'], 'string');
  if (envelope.ledger !== null) {
    assert.deepEqual(Object.keys(envelope.ledger), ['id', 'size', 'root']);
    assert.match(envelope.ledger.id, /^[0-9a-f]{32}$/);
    assert.match(envelope.ledger.root, /^[0-9a-f]{64}$/);
    assert.ok(Number.isInteger(envelope.ledger.size));
  }
  assert.equal(new Date(envelope.generatedAt).toISOString(), envelope.generatedAt);
  assert.match(envelope.tool, /^prompt-audit\/\d+\.\d+\.\d+/);
  assert.ok(Array.isArray(envelope.rows));
  assert.equal(envelope.counts['rows'], envelope.rows.length);
  for (const count of Object.values(envelope.counts)) assert.ok(Number.isInteger(count));
  for (const caveat of envelope.caveats) assert.equal(typeof caveat, 'string');
  return envelope;
}

/** A failure as people must see it: nothing on standard output, no stack trace, what to do below. */
export function assertFailed(
  ended: Ended,
  status: 1 | 2 | 3,
  message: RegExp,
  hint?: RegExp,
): void {
  const all = `${ended.out}${ended.err}`;
  assert.equal(ended.status, status, all);
  assert.equal(ended.out, '');
  assert.doesNotMatch(ended.err, /\n\s+at |Error:|unexpected error/);
  assert.equal(ended.err.match(/^prompt-audit: (?!warning: )/gm)?.length, 1, all);
  assert.match(ended.err, message);
  assert.match(ended.err, /\n {2}\S/);
  if (hint !== undefined) assert.match(ended.err, hint);
}

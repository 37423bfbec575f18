import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkProof } from '../../src/core/checkProof.js';
import { isPromptAuditError } from '../../src/core/errors.js';
import type { LedgerEvent } from '../../src/core/event.js';
import { orderFindings } from '../../src/core/orderCheck.js';
import { checkPolicy, parsePolicy } from '../../src/core/policyFile.js';
import { redactionFindings } from '../../src/core/redactionCheck.js';
import { referenceFinding } from '../../src/core/referenceCheck.js';
import { signatureFindings } from '../../src/core/signatureCheck.js';
import type { Finding } from '../../src/core/rows.js';
import type { LedgerState } from '../../src/core/state.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import { LedgerStore } from '../../src/ledger/store.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { hostileBytes } from '../tools/hostileBytes.js';
import { hostileRows, type Hostile } from '../tools/hostileRows.js';
import { created, propose, remoteOf, Sandbox } from '../tools/ledgerFixture.js';
import { projectRoot } from '../tools/paths.js';
import { byteTamperings } from '../tools/tamperBytes.js';
import { chainTamperings } from '../tools/tamperChain.js';
import { rowTamperings } from '../tools/tamperRows.js';
import { schemaTamperings } from '../tools/tamperSchema.js';

const golden = join(projectRoot, 'test/golden/ledger.sqlite');
const now = Date.UTC(2030, 0, 1);

/** All that `prompt-audit verify` looks for in a file. */
const check = (state: LedgerState, event: LedgerEvent, seq: number): readonly Finding[] => {
  const reference = referenceFinding(state, event, seq);
  const found = [...orderFindings(state, event, seq, now), ...signatureFindings(state, event, seq)];
  return reference ? [reference, ...found] : found;
};

/** What is said of something hostile: its findings, or the one error of this project. Anything else fails. */
async function said(work: () => Promise<readonly Finding[]>): Promise<readonly Said[]> {
  try {
    return await work();
  } catch (error) {
    if (!isPromptAuditError(error)) throw error;
    return [error];
  }
}

type Said = Pick<Finding, 'code' | 'message' | 'remedy'>;

/** A person can do something with it, and it cannot flood a terminal. */
function assertClear({ code, message, remedy }: Said): void {
  assert.match(code, /^[a-z]+(\.[a-zA-Z]+)?$/);
  assert.match(message, /^\P{Cc}{10,2000}\.$/u, message.slice(0, 300));
  assert.doesNotMatch(message, /RangeError|TypeError|\.js:\d|undefined/);
  assert.match(remedy, /^\P{Cc}{10,500}\.$/u, remedy);
}

async function verified(box: Sandbox): Promise<readonly Said[]> {
  return await said(async () => (await verifyLedger(box.options(), { check })).findings);
}

/** Verifies a file, opens a store on it, and syncs another clone with it. What verification says. */
async function tried(bytes: Uint8Array): Promise<readonly Said[]> {
  const [box, clone] = [new Sandbox(), new Sandbox()];
  try {
    mkdirSync(dirname(box.file), { recursive: true });
    writeFileSync(box.file, bytes);
    const found = await verified(box);
    const opened = await said(async () => {
      const store = await box.open();
      return redactionFindings(store.state);
    });
    const synced = await said(async () => {
      const store = await clone.open();
      const remote = remoteOf(await readLedgerFile(bytes, { full: true }));
      await store.rebase(remote, { commit: 'c', remote: 'origin' });
      return [];
    });
    for (const one of [...found.slice(0, 50), ...found.slice(-50), ...opened, ...synced])
      assertClear(one);
    return found;
  } finally {
    box.clean();
    clone.clean();
  }
}

/** Runs all; the names of those that something is wrong with, and what. */
async function failures(
  all: readonly Pick<Hostile, 'name' | 'apply'>[],
  bytes: Buffer,
  judge: (found: readonly Said[], at: number) => void,
): Promise<string[]> {
  const failed: string[] = [];
  for (const [at, { name, apply }] of all.entries()) {
    const start = performance.now();
    try {
      judge(await tried(await apply(bytes)), at);
    } catch (error) {
      failed.push(`${name}: ${String(error).slice(0, 500)}`);
    }
    if (process.env['PROMPT_AUDIT_DURATIONS'] !== undefined)
      console.log(`${Math.round(performance.now() - start)} ms ${name}`);
  }
  return failed;
}

describe('hostile files', function () {
  this.timeout(600_000);

  it('every hostile file gets a clear finding', async () => {
    const box = new Sandbox();
    try {
      const store = await box.filled(60);
      for (let i = 0; i < 6; i++) await propose(store, `${i}${'long '.repeat(30_000)}`);
      await store.transact((tx) => {
        const body = { reason: 'x'.repeat(400_000) };
        tx.append({ ...created, type: 'recorder.paused', body });
      });
      await store.fold();
      const long = readFileSync(box.file);
      const judge =
        (all: readonly Hostile[]) =>
        (found: readonly Said[], at: number): void => {
          const { expect } = all[at]!;
          const codes = [...new Set(found.map(({ code }) => code))];
          if (expect === null) return assert.deepEqual(codes, []);
          assert.ok(
            codes.some((code) => code.startsWith(expect)),
            `${expect} is not in [${codes.join(' ')}]`,
          );
          // Nobody reads more, and each takes memory.
          assert.ok(found.length <= 21_000, `${found.length} findings`);
        };
      const failed = [
        ...(await failures(hostileBytes, long, judge(hostileBytes))),
        ...(await failures(hostileRows, readFileSync(golden), judge(hostileRows))),
      ];
      assert.deepEqual(failed, []);
    } finally {
      box.clean();
    }
  });

  it('no tampering throws anything but an error of this project, when opened or synced', async () => {
    const all = [...byteTamperings, ...schemaTamperings, ...rowTamperings, ...chainTamperings];
    assert.deepEqual(await failures(all, readFileSync(golden), () => undefined), []);
  });

  if (process.platform !== 'win32') {
    const fifo = (path: string): void => void execFileSync('mkfifo', [path]);
    for (const [what, make] of [
      ['a pipe', fifo],
      ['an endless device', (path: string) => symlinkSync('/dev/zero', path)],
      ['a link to itself', (path: string) => symlinkSync(path, path)],
      ['a folder', (path: string) => mkdirSync(path)],
    ] as const) {
      it(`${what} in the place of a file is not read`, async () => {
        for (const place of ['file', 'journal', 'volume'] as const) {
          const box = new Sandbox();
          try {
            mkdirSync(join(dirname(box.file), 'volumes'), { recursive: true });
            mkdirSync(box.privateDir, { recursive: true });
            const volume = join(dirname(box.file), 'volumes', '000001.sqlite');
            if (place === 'volume') {
              const folder = join(projectRoot, 'test/golden/volumes');
              writeFileSync(box.file, readFileSync(join(folder, 'ledger.sqlite')));
            } else writeFileSync(box.file, readFileSync(golden));
            const path = place === 'file' ? box.file : place === 'journal' ? box.journal : volume;
            rmSync(path, { force: true });
            make(path);
            const found = await verified(box);
            assert.ok(
              found.some(({ code }) => /^disk\.failed|^volume\.missing/.test(code)),
              `${place}: ${JSON.stringify(found)}`,
            );
            for (const one of [...found, ...(await said(async () => (await box.open()) && []))])
              assertClear(one);
          } finally {
            box.clean();
          }
        }
      });
    }
  }

  it('folders with thousands of names, some of them kept copies, are read in bounded time', async () => {
    const box = new Sandbox();
    try {
      const volumes = join(dirname(box.file), 'volumes');
      mkdirSync(volumes, { recursive: true });
      writeFileSync(box.file, readFileSync(golden));
      for (let i = 0; i < 2000; i++) {
        const name = String(i).padStart(6, '0');
        writeFileSync(join(volumes, `${name}.sqlite`), 'x');
        writeFileSync(join(volumes, `${name}.damaged-20260101T000000Z.sqlite`), 'x');
      }
      const found = await verified(box);
      assert.ok(found.length > 0 && found.length < 50);
      found.forEach(assertClear);
    } finally {
      box.clean();
    }
  });

  for (const [what, text] of [
    ['500,000 empty lines', '\n'.repeat(500_000)],
    ['one line of 30 MB', `${'x'.repeat(30_000_000)}\n`],
    ['one line of 30 MB that does not end', 'x'.repeat(30_000_000)],
    ['200,000 heads', '{"format":1}\n'.repeat(200_000)],
    ['a line that nests 100,000 deep', `${'{"sum":'.repeat(100_000)}\n`],
    ['NUL', '\0'.repeat(1_000_000)],
  ] as const) {
    it(`a journal of ${what} is damage`, async () => {
      const box = new Sandbox();
      try {
        const store = await box.filled(3);
        assert.equal(store.size, 4);
        writeFileSync(box.journal, readFileSync(box.journal, 'utf8') + text, { flag: 'w' });
        const reopened = await said(async () => (await LedgerStore.open(box.options())) && []);
        const found = (await verified(box)).filter(({ code }) => code !== 'file.missing');
        // A line without its end was never acknowledged.
        assert.equal(found.length > 0, text.endsWith('\n'), JSON.stringify(found.slice(0, 3)));
        assert.ok(found.length <= 1002, `${found.length} findings`);
        for (const one of [...found, ...reopened]) assertClear(one);
      } finally {
        box.clean();
      }
    });
  }

  it('texts that are no proofs are said to be none', () => {
    const head = 'c2sp.org/tlog-proof@v1\n';
    const line = `${'A'.repeat(43)}=\n`;
    for (const proof of [
      '',
      '\n'.repeat(9_000_000),
      head,
      `${head}index 9007199254740992\n\n`,
      `${head}index 0\n${line.repeat(150_000)}\n`,
      `${head}extra ${'A'.repeat(8_000_000)}\nindex 0\n\n`,
      `${head}extra ${Buffer.from('['.repeat(1_000_000)).toString('base64')}\nindex 0\n\nprompt-audit/${'0'.repeat(32)}\n1\n${line}`,
      `old 0\n${line.repeat(150_000)}\n`,
      `old 99999999999999999999\n\n`,
      'x'.repeat(100_000_000),
    ]) {
      const { holds, problems } = checkProof({ proof, keys: [] });
      assert.equal(holds, false);
      for (const { message } of problems) assert.match(message, /^\P{Cc}{10,500}\.$/u);
      assert.ok(problems.length > 0);
    }
  });

  it('a policy that nests deeper than 64 levels is refused, at its place', () => {
    const text = (value: string): string =>
      `{"version":1,"environments":{"a":{}},\n"$schema":${value}}`;
    const nested = (levels: number, inner = ''): string =>
      `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
    assert.deepEqual(checkPolicy(text(nested(64))).problems, []);
    assert.deepEqual(checkPolicy(text(nested(63, '1'))).problems, []);
    for (const deep of [nested(65), nested(64, '1'), '['.repeat(1_000_000), '{"":'.repeat(100_000)])
      assert.match(checkPolicy(text(deep)).problems[0]!.message, /64 levels/);
  });

  it('a policy with a million mistakes names the first of them', () => {
    const mistakes = Array.from({ length: 60_000 }, (_, i) => `"${'k'.repeat(500)}${i}":1`);
    assert.throws(
      () => parsePolicy(`{${mistakes.join(',\n')}}`),
      (e) =>
        isPromptAuditError(e, 'policy.invalid') &&
        /line 20.*more\.$/.test(e.message) &&
        e.message.length < 12_000,
    );
  });
});

import type { Engine } from '../../../src/cli/command.js';
import type { Digest, EventId, LedgerId, PersonId, PromptId } from '../../../src/core/ids.js';
import type { VersionRow } from '../../../src/core/rows.js';
import type { DecideInput, Trail } from '../../../src/trail/api.js';

const ada = { id: 'a'.repeat(32) as PersonId, name: 'Ada Author', email: 'ada@example.org' };
const ravi = { id: 'b'.repeat(32) as PersonId, name: 'Ravi Reviewer', email: 'ravi@example.org' };
const path = 'prompts/triage.prompt.md';

/** A version as Trail gives it; `changes` replaces members. */
export function fakeVersion(changes: Partial<VersionRow> = {}): VersionRow {
  return {
    id: 'e'.repeat(64) as EventId,
    prompt: 'c'.repeat(32) as PromptId,
    path,
    number: 12,
    label: 'v12',
    digest: `sha256:3f9c21d${'0'.repeat(57)}` as Digest,
    note: 'Ask for allergies',
    proposedBy: ada,
    at: '2026-11-21T05:12:33.123Z',
    contributors: [ada],
    state: 'waiting',
    decisions: [],
    approvals: { given: 0, required: 1 },
    activeIn: [],
    ...changes,
  };
}

/** What a fake engine saw. */
export interface Calls {
  readonly decided: DecideInput[];
  folds: number;
  closes: number;
}

/** An engine whose one prompt has the version v12; `overrides` replaces methods of its trail. */
export function fakeEngine(overrides: Partial<Trail> = {}): { engine: Engine; calls: Calls } {
  const calls: Calls = { decided: [], folds: 0, closes: 0 };
  const point = { id: 'd'.repeat(32) as LedgerId, size: 7, root: '0'.repeat(64) };
  const trail = {
    root: process.cwd(),
    git: true,
    log: async () => [],
    versions: async () => [fakeVersion()],
    version: async () => fakeVersion(),
    approvalAsks: async () => ({ reason: false, meanings: [], scoped: [] }),
    point: async () => point,
    ask: async () => ({
      ledger: point,
      answer: {
        columns: [],
        rows: [],
        population: { of: 'deployments', count: 0 },
        areExceptions: true,
        caveats: [],
      },
    }),
    clockDoubts: async () => [],
    damage: async () => null,
    status: async () => ({
      root: process.cwd(),
      git: true,
      ledger: point,
      me: ravi,
      remote: null,
      unsent: 0,
      prompts: [],
      reviews: [],
      active: [],
      damage: null,
      syncProblem: null,
      syncedAt: null,
    }),
    decide: async (input: DecideInput) => {
      calls.decided.push(input);
      return fakeVersion({ state: 'approved', approvals: { given: 1, required: 1 } });
    },
    fold: async () => {
      calls.folds += 1;
    },
    close: async () => {
      calls.closes += 1;
    },
    ...overrides,
  } as unknown as Trail;
  const engine: Engine = {
    openTrail: async () => trail,
    siteOf: async () => ({ kind: 'git', root: process.cwd(), initialized: false }),
    initTrail: async () => ({
      outcome: 'created',
      ledger: point,
      prompts: 3,
      written: ['.prompt-audit/policy.jsonc'],
    }),
  };
  return { engine, calls };
}

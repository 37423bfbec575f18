import picomatch from 'picomatch';
import { PromptAuditError } from '../core/errors.js';
import { judgeActive, judgeFile, type GateFile, type GateRules } from '../core/gate.js';
import { gateOrder, type GateRow } from '../core/gateRows.js';
import type { PromptId } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';
import { gatePlace } from '../git/gatePlace.js';
import { withTemporaryFolder } from '../git/temporary.js';
import type { TrailOptions } from './api.js';
import type { TrailContext } from './context.js';
import type { GateInput, GateReport } from './gateApi.js';
import { gateFiles, type GateFiles } from './gateFiles.js';
import { assertExtends, gateLedger, seenHere } from './gateLedger.js';
import { adoptInMemory } from './gatePolicy.js';
import { withTrueParts } from './gateParts.js';
import { imagine } from './imaginedEvent.js';
import { assertHolds, rangeStart } from './gateRange.js';
import { gateAccess, gateCommits } from './gateSource.js';
import { noPartialAnswer } from './partialAnswer.js';

/**
 * Whether what a range changes, or everything that an environment would run, is approved by the shared ledger and
 * the policy of the protected branch (docs/GATE.md). Writes into no ledger and needs no identity. Throws, and then
 * nothing was answered: `ledger.missing`, `policy.missing`, `policy.invalid`, `history.incomplete`,
 * `checkpoint.unmet`, `sync.rewritten`, `sync.offline`, `sync.refused`; and `ref.unknown`, `environment.unknown`.
 */
export async function gate(options: TrailOptions, input: GateInput): Promise<GateReport> {
  const place = await gatePlace(options.folder);
  const seen = await seenHere(place);
  const access = await gateAccess(place, seen.remote, input);
  const { ledger: commit, rules: branch, base, head, held } = await gateCommits(access, input);
  const { env = null } = input;
  const { environments } = branch.policy;
  if (env !== null && !environments.some(({ name }) => name === env))
    throw noEnvironment(env, environments);
  return withTemporaryFolder(async (folder) => {
    const context = await gateLedger({ place, commit, folder, options });
    const ledger = context.point();
    assertExtends(context, input.extend ?? [], 'that was given');
    assertExtends(context, seen.points, 'that this clone saw');
    assertExtends(context, pinsOf(context, branch.policy.minCheckpoint), 'that the policy pins');
    const isNew = adoptInMemory(context, branch);
    if (held !== null) await assertHolds(access, head, held);
    const from = base === null ? null : await rangeStart(access, base, head);
    const found = await noPartialAnswer(() => gateFiles(access, branch, head, from), incomplete);
    moveInMemory(context, found);
    const judged = judge(
      { state: context.state, policy: branch.policy, env, general: base !== null, at: now() },
      found.files,
      found.isThere,
      base === null,
    );
    const rows = await withTrueParts(context, branch.policy, judged.rows);
    const chosen = chosenRows([...found.rows, ...rows], input.prompts ?? []);
    return {
      ledger,
      remote: access.remote,
      fetched: access.fetch,
      policy: {
        digest: branch.digest,
        branch: branch.branch,
        commit: branch.commit,
        adopted: !isNew,
      },
      head,
      range: base === null || from === null ? null : { base, from },
      rows: gateOrder(chosen.rows),
      totals: {
        files: found.count,
        prompts: chosen.rows.filter(({ change }) => change !== 'policy').length,
        leftOut: chosen.leftOut,
        active: judged.active,
      },
      caveats: caveatsOf(access, isNew),
    };
  });
}

const now = (): string => new Date().toISOString();

/** The verdicts on all files, and, of an environment as a whole, on what is active there. */
function judge(
  rules: GateRules,
  files: readonly GateFile[],
  isThere: (path: string) => boolean,
  withActive: boolean,
): { readonly rows: readonly GateRow[]; readonly active: number } {
  const rows: GateRow[] = [];
  const { state } = rules;
  const byPrompt = new Map<PromptId, GateRow>();
  for (const file of files) {
    const row = judgeFile(rules, file, state.promptAt(file.path, isThere));
    rows.push(row);
    if (row.prompt !== null) byPrompt.set(row.prompt, row);
  }
  const active = withActive
    ? judgeActive(rules, state.prompts.values(), ({ id }) => byPrompt.get(id)?.path)
    : [];
  for (const row of active) {
    const present = row.prompt === null ? undefined : byPrompt.get(row.prompt);
    // One row says both where what is there is what is active.
    if (present === undefined || present.digest !== row.digest || present.verdict !== row.verdict)
      rows.push(row);
    else rows[rows.indexOf(present)] = { ...present, ...row, path: present.path };
  }
  return { rows, active: active.length };
}

/**
 * Lets a ledger in memory know where the change moves prompts to, as it will once the change is merged: so it is
 * known at its new place which prompt it is, also where some other branch moved it before.
 */
function moveInMemory(context: TrailContext, { files, isThere }: GateFiles): void {
  const { state } = context;
  for (const { path, from } of files) {
    const prompt = from === null || isThere(from) ? undefined : state.promptAt(from, isThere);
    if (from === null || prompt === undefined || state.promptNowAt(path) !== undefined) continue;
    imagine(context, {
      type: 'prompt.moved',
      who: state.event(1).header.who,
      prompt: prompt.id,
      refs: { author: null },
      body: { from, to: path, commit: null, origin: 'observed' },
      identity: 'git',
    });
  }
}

function chosenRows(
  rows: readonly GateRow[],
  globs: readonly string[],
): { readonly rows: readonly GateRow[]; readonly leftOut: number } {
  if (globs.length === 0) return { rows, leftOut: 0 };
  const matches = picomatch([...globs], { dot: true, nonegate: true });
  const chosen = rows.filter(
    ({ path, from, change }) =>
      change === 'policy' || matches(path) || (from !== null && matches(from)),
  );
  return { rows: chosen, leftOut: rows.length - chosen.length };
}

/** What the rules that count, and those that were adopted last, pin. */
function pinsOf(
  { policy }: TrailContext,
  pinned: TrailContext['policy']['minCheckpoint'],
): readonly Omit<LedgerPoint, 'id'>[] {
  return [pinned, policy.minCheckpoint].filter((point) => point !== null);
}

function caveatsOf(
  { remote, fetch }: { readonly remote: string | null; readonly fetch: boolean },
  isNew: boolean,
): string[] {
  return [
    ...(remote !== null && !fetch
      ? ['Nothing was fetched: newer approvals, revocations and rules are not known here.']
      : []),
    ...(isNew
      ? [
          'The rules of the protected branch are not the last ones that the ledger adopted: judged by those of the branch.',
        ]
      : []),
  ];
}

function incomplete(cause: unknown): PromptAuditError {
  return new PromptAuditError({
    code: 'history.incomplete',
    message: 'This is a partial clone, and parts of the change are not in it.',
    remedy: 'Run the gate in a clone that was made without --filter.',
    cause,
  });
}

function noEnvironment(env: string, all: readonly { readonly name: string }[]): PromptAuditError {
  return new PromptAuditError({
    code: 'environment.unknown',
    message: `The policy of the protected branch has no environment "${env}".`,
    remedy: `It has: ${all.map(({ name }) => name).join(', ') || 'none'}.`,
  });
}

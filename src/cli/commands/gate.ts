import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { isPromptAuditError, PromptAuditError } from '../../core/errors.js';
import { gateCounts, gateStatus } from '../../core/gateRows.js';
import { gate as judge } from '../../trail/gate.js';
import type { GateReport } from '../../trail/gateApi.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { trustCaveat } from '../caveats.js';
import { checkpointGiven, keepCheckpoint, writeWhole } from '../gateFiles.js';
import { annotation, annotations, stepSummary, withoutCommands } from '../gateGithub.js';
import { codeQuality } from '../gateGitlab.js';
import { checkpointOf, gateText } from '../gateText.js';
import { printable, printableJson } from '../printable.js';
import { usageError } from '../usageError.js';

const formats = ['text', 'github', 'gitlab'] as const;
type Format = (typeof formats)[number];

export const gate: Command = {
  name: 'gate',
  summary: 'For CI and servers: is what a change brings, or an environment would run, approved?',
  usage: '--base REF [--head REF] [--env ENV] | --env ENV [--head REF]',
  details: [
    'With --base each prompt that the change brings, since it left REF, must be an approved version of it.',
    'With --env alone each prompt of the commit must be deployable there, and what is active there approved.',
    'Judged by the ledger branch and the policy of the protected branch, as the remote has them now: it fetches',
    'both itself. In a bare repository its own branches count. It records nothing and needs no identity.',
    'Exit status 0: all is allowed; 1: something is denied; 2: no answer is possible, or the ledger is damaged.',
  ],
  options: {
    base: { type: 'string', value: 'REF', help: 'Into what the change is to be merged.' },
    head: { type: 'string', value: 'REF', help: 'The commit that is judged. Default: HEAD.' },
    contains: {
      type: 'string',
      value: 'REF',
      help: 'A commit that --head must hold, as a host may be late with its merge commit.',
    },
    env: { type: 'string', value: 'ENV', help: 'The rules of this environment count, too.' },
    prompt: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'Only prompts whose path matches. May be repeated.',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'text, github (annotations) or gitlab (code quality). Default: by the CI that runs it.',
    },
    out: { type: 'string', value: 'FILE', help: 'Where the report of --format gitlab goes.' },
    checkpoint: {
      type: 'string',
      value: 'FILE',
      help: 'The ledger must extend the checkpoint in this file.',
    },
    'keep-checkpoint': {
      type: 'boolean',
      help: 'That file may be missing at first, and has the newer checkpoint afterwards.',
    },
    'no-fetch': { type: 'boolean', help: 'Fetch nothing: judge by what was fetched last.' },
  },
  examples: [
    { line: 'gate --base main', does: 'in CI of a pull request' },
    { line: 'gate --env production', does: 'before a release' },
  ],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const { terminal } = invocation;
    const format = formatOf(invocation);
    const isGithub = format === 'github';
    try {
      return await answer(invocation, format);
    } catch (error) {
      // Whoever looks at the pull request must see why there is no answer.
      if (isGithub && !invocation.json && isPromptAuditError(error) && error.code !== 'usage')
        await terminal.out(
          annotation(
            'error',
            { title: 'Prompt Audit: no answer' },
            `${error.message} ${error.remedy}`,
          ),
        );
      throw error;
    }
  },
};

async function answer(invocation: Invocation, format: Format): Promise<0 | 1 | 2> {
  const { terminal, json } = invocation;
  const base = invocation.text('base');
  const head = invocation.text('head');
  const contains = invocation.text('contains');
  const env = invocation.text('env');
  const prompts = invocation.texts('prompt');
  if (base === undefined && env === undefined)
    throw usageError(
      'gate needs --base REF or --env ENV.',
      'What a change brings: gate --base main. What an environment would run: gate --env production',
    );
  const out = invocation.text('out');
  if (out !== undefined && format !== 'gitlab')
    throw usageError('--out is for --format gitlab.', 'Leave it out, or choose that format.');
  const kept = await checkpointGiven(invocation);
  const report = await judge(invocation.trailOptions, {
    ...(base === undefined ? {} : { base }),
    ...(head === undefined ? {} : { head }),
    ...(contains === undefined ? {} : { contains }),
    ...(env === undefined ? {} : { env }),
    prompts,
    fetch: !invocation.flag('no-fetch'),
    extend: kept === null ? [] : [kept],
  }).catch(asNoAnswer);
  await keepCheckpoint(invocation, report);
  const { rows, ledger, totals } = report;
  const caveats = caveatsOf(report);
  if (format === 'gitlab' && !json) {
    const text = `${printableJson(codeQuality(report))}\n`;
    if (out === undefined) {
      await terminal.out(text);
      return gateStatus(rows);
    }
    await writeWhole(invocation, out, text);
  }
  const isActions = terminal.env['GITHUB_ACTIONS'] === 'true';
  await print(json ? invocation : quieted(invocation, isActions || format === 'github'), {
    query: {
      command: 'gate',
      base: base ?? null,
      head: head ?? null,
      contains: contains ?? null,
      env: env ?? null,
      prompts,
      fetch: report.fetched,
    },
    ledger,
    rows,
    counts: { ...totals, ...gateCounts(rows) },
    caveats,
    more: {
      checkpoint: checkpointOf(ledger),
      policy: report.policy,
      remote: report.remote,
      head: report.head,
      range: report.range,
    },
    human: () => gateText(report, invocation.paint),
  });
  if (format === 'github' && !json) await terminal.out(annotations(report));
  if (isActions) await writeSummary(invocation, report);
  return gateStatus(rows);
}

/** Neither a misspelt name nor what stands in the way is an answer about approvals. */
function asNoAnswer(error: unknown): never {
  if (isPromptAuditError(error, 'ref.unknown') || isPromptAuditError(error, 'environment.unknown'))
    throw usageError(error.message, error.remedy);
  // 1 says that something is denied; this says that nobody can tell.
  if (isPromptAuditError(error) && error.exitStatus === 1)
    throw new PromptAuditError({
      code: 'history.incomplete',
      message: error.message,
      remedy: error.remedy,
      cause: error,
    });
  throw error;
}

function formatOf(invocation: Invocation): Format {
  const given = invocation.text('format');
  const found = formats.find((one) => one === given);
  if (found !== undefined) return found;
  if (given !== undefined)
    throw usageError(`There is no format "${given}".`, `Choose one of: ${formats.join(', ')}`);
  return invocation.terminal.env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'text';
}

/** GitHub reads each line of a log for commands. */
function quieted(invocation: Invocation, isRead: boolean): Invocation {
  if (!isRead) return invocation;
  const { terminal } = invocation;
  const out = (text: string | Uint8Array): Promise<void> =>
    terminal.out(withoutCommands(String(text), randomBytes(16).toString('hex')));
  return { ...invocation, terminal: { ...terminal, out } };
}

/** How far names can be trusted belongs to each verdict (DESIGN.md §10). */
function caveatsOf({ caveats, rows }: GateReport): string[] {
  const approved = rows.filter(({ approvers }) => approvers.length > 0);
  if (approved.length === 0) return [...caveats];
  const signed = approved.filter((row) => row.signed).length;
  return [...caveats, trustCaveat(true, { signed, of: approved.length })];
}

async function writeSummary({ terminal }: Invocation, report: GateReport): Promise<void> {
  const file = terminal.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  await appendFile(file, stepSummary(report, caveatsOf(report))).catch((error: unknown) => {
    // The page is for reading: the answer is the exit status.
    const why = printable((error as NodeJS.ErrnoException).code ?? String(error));
    terminal.err(`prompt-audit: warning: The summary could not be written (${why}).\n`);
  });
}

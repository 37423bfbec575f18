import { PromptAuditError, type ExitStatus } from '../../core/errors.js';
import { checkPolicy } from '../../core/policyFile.js';
import type { LintFinding } from '../../core/policyLintContext.js';
import type { PolicyCompared, PolicyName } from '../../trail/policyApi.js';
import { lintWorkingPolicy } from '../../trail/policyLint.js';
import { siteAt } from '../../trail/site.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { readText } from '../files.js';
import { adoptionsText, comparedText, effectText, lintText, shownText } from '../policyText.js';
import { parseTime } from '../time.js';
import { programName } from '../tool.js';
import { usageError } from '../usageError.js';

const actions = ['lint', 'show', 'diff', 'simulate'] as const;
const usageLine = 'lint [FILE] | show [--at TIME] | diff A B | simulate [FILE]';
const ownPath = '.prompt-audit/policy.jsonc';
const mostBytes = 1024 * 1024;

export const policy: Command = {
  name: 'policy',
  summary: 'Check the policy, show that of a time, compare two, ask what one would have said.',
  usage: usageLine,
  details: [
    'lint looks for mistakes, and for what can hardly be meant. It needs no ledger.',
    'show prints the adopted policy, now or at a time, with who may approve and deploy by it.',
    'diff compares two, and what each says of the past; A, B: digits of a digest, a time, "working", "protected".',
    'simulate asks what the policy of the work tree, or FILE, would have said of what was recorded.',
    'Exit status 0: nothing found, nothing differs. 1: lint has an error or a warning; a key or a verdict differs;',
    'show found no policy. 2: no answer is possible (no policy, not a valid one for diff and simulate).',
  ],
  options: {
    at: {
      type: 'string',
      value: 'TIME',
      help: 'show: the policy in force then, by the clocks of those who adopted.',
    },
    all: { type: 'boolean', help: 'show: every policy that was adopted.' },
    raw: { type: 'boolean', help: 'show: the exact text, nothing else.' },
    from: {
      type: 'string',
      value: 'TIME',
      help: 'simulate: only what was recorded then or later.',
    },
    to: { type: 'string', value: 'TIME', help: 'simulate: only what was recorded before.' },
  },
  examples: [
    { line: 'policy lint', does: 'mistakes in the policy of the work tree' },
    { line: 'policy show --at 2026-11-21', does: 'who could approve and deploy that day' },
    { line: 'policy diff protected working', does: 'what a change of the policy would do' },
    {
      line: 'policy simulate new.jsonc --from 2026-07-01',
      does: 'what these rules would have said',
    },
  ],
  positionals: [0, 3],
  writes: false,
  run(invocation) {
    const { positionals } = invocation;
    const [action, ...rest] = positionals;
    switch (actions.find((one) => one === action)) {
      case 'lint':
        only(invocation, 'lint', [], rest, [0, 1]);
        return lint(invocation, rest[0]);
      case 'show':
        only(invocation, 'show', ['at', 'all', 'raw'], rest, [0, 0]);
        return show(invocation);
      case 'diff':
        only(invocation, 'diff', [], rest, [2, 2]);
        return diff(invocation, rest[0]!, rest[1]!);
      case 'simulate':
        only(invocation, 'simulate', ['from', 'to'], rest, [0, 1]);
        return simulate(invocation, rest[0]);
      case undefined:
        throw wrong('policy takes lint, show, diff or simulate.');
    }
  },
};

async function lint(invocation: Invocation, file: string | undefined): Promise<0 | 1> {
  const site = await siteAt(invocation.cwd);
  const text = file === undefined ? undefined : await readText(invocation, file, mostBytes);
  const found = await lintWorkingPolicy(site, text === undefined ? {} : { text });
  const texts = { policy: found.text, codeowners: found.codeowners?.text ?? '' };
  const paths = { policy: file ?? ownPath, codeowners: found.codeowners?.path ?? 'CODEOWNERS' };
  const rows = found.findings.map((one) => ({
    path: paths[one.file],
    ...placeOf(texts[one.file], one),
    ...one,
  }));
  const count = (severity: string): number =>
    rows.filter((one) => one.severity === severity).length;
  await print(invocation, {
    query: { command: 'policy', action: 'lint', file: file ?? null },
    ledger: null,
    rows,
    counts: { errors: count('error'), warnings: count('warning'), infos: count('info') },
    human: () => lintText(rows, paths.policy, invocation.paint),
  });
  return count('error') + count('warning') > 0 ? 1 : 0;
}

function placeOf(
  text: string,
  { offset }: Pick<LintFinding, 'offset'>,
): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

async function show(invocation: Invocation): Promise<0 | 1> {
  const at = timeOf(invocation, 'at');
  const isAll = invocation.flag('all');
  const trail = await invocation.trail();
  const found = await trail.policyShown(at);
  const { shown, adoptions, text, powers } = found;
  if (invocation.flag('raw')) {
    if (text === null)
      throw wrong('There is no text to show: no policy was in force then, or it was redacted.');
    await invocation.terminal.out(text);
    return 0;
  }
  const rows = isAll ? adoptions : shown === null ? [] : [shown];
  await print(invocation, {
    query: { command: 'policy', action: 'show', at: at ?? null, all: isAll },
    ledger: found.ledger,
    rows,
    counts: { adoptions: adoptions.length },
    caveats: isAll || shown === null ? [] : showCaveats(at),
    more: { powers, text },
    human: () =>
      isAll ? adoptionsText(adoptions, invocation.paint) : shownText(found, invocation.paint),
  });
  return rows.length === 0 ? 1 : 0;
}

const showCaveats = (at: string | undefined): readonly string[] => [
  ...(at === undefined ? [] : ['Times of adoptions are claims of the clocks that recorded them.']),
  'Who owns a path by CODEOWNERS, who contributed and whose approval has expired is judged for each version.',
];

async function diff(invocation: Invocation, a: string, b: string): Promise<0 | 1> {
  const names = [nameOf(a), nameOf(b)] as const;
  const trail = await invocation.trail();
  const found = await trail.policyCompared(...names);
  await print(invocation, {
    ...answerOf(found),
    query: { command: 'policy', action: 'diff', before: a, after: b },
    human: () => comparedText(found, { before: a, after: b }, invocation.paint),
  });
  return found.differences.length + found.effect.differing.length > 0 ? 1 : 0;
}

async function simulate(invocation: Invocation, file: string | undefined): Promise<0 | 1> {
  const [from, to] = [timeOf(invocation, 'from'), timeOf(invocation, 'to')];
  const name: PolicyName =
    file === undefined
      ? { kind: 'working' }
      : { kind: 'text', text: await validText(invocation, file) };
  const trail = await invocation.trail();
  const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const found = await trail.policySimulated(name, window);
  await print(invocation, {
    ...answerOf(found),
    query: {
      command: 'policy',
      action: 'simulate',
      file: file ?? null,
      from: from ?? null,
      to: to ?? null,
    },
    human: () => effectText(found.effect, invocation.paint),
  });
  return found.effect.differing.length > 0 ? 1 : 0;
}

/** Throws `policy.invalid` by the name of the file. */
async function validText(invocation: Invocation, file: string): Promise<string> {
  const text = await readText(invocation, file, mostBytes);
  const { problems } = checkPolicy(text);
  const [first] = problems;
  if (first === undefined) return text;
  const { line } = placeOf(text, first);
  throw new PromptAuditError({
    code: 'policy.invalid',
    message: `${file} is no valid policy: line ${line}: ${first.message}.`,
    remedy: `All mistakes are listed by: ${programName} policy lint ${file}`,
  });
}

function answerOf({ ledger, before, after, differences, effect }: PolicyCompared) {
  const { counts, notJudged, untold, differing } = effect;
  return {
    ledger,
    rows: differing,
    counts: { ...counts, notJudged, untold },
    caveats: [
      'Each event is judged by what stood before it alone; whether a version is approved, by what is known now.',
    ],
    more: { before, after, differences },
  };
}

const policyForms =
  'each is "working", "protected", digits of a digest (see policy show --all), or a time such as 2026-11-21';

/** A digest, a time, or a place where a policy stands. */
function nameOf(text: string): PolicyName {
  if (text === 'working' || text === 'protected') return { kind: text };
  const digest = /^(?:sha256:)?([0-9a-f]{4,64})$/.exec(text);
  if (digest) return { kind: 'digest', prefix: digest[1]! };
  try {
    return { kind: 'at', at: parseTime(text, 'policy diff') };
  } catch {
    throw wrong(`policy diff knows no policy "${text}": ${policyForms}.`);
  }
}

function timeOf(invocation: Invocation, option: 'at' | 'from' | 'to'): string | undefined {
  const text = invocation.text(option);
  return text === undefined ? undefined : parseTime(text, `--${option}`);
}

/** Refuses options and arguments that another action has. */
function only(
  invocation: Invocation,
  action: string,
  options: readonly string[],
  rest: readonly string[],
  [fewest, most]: readonly [number, number],
): void {
  for (const option of ['at', 'all', 'raw', 'from', 'to']) {
    const isGiven = invocation.text(option) !== undefined || invocation.flag(option);
    if (isGiven && !options.includes(option)) throw wrong(`policy ${action} takes no --${option}.`);
  }
  if (rest.length < fewest) throw wrong(`policy ${action} takes two policies: ${policyForms}.`);
  if (rest.length > most) throw wrong(`policy ${action} takes no "${rest[most]}".`);
}

function wrong(message: string): Error & { exitStatus: ExitStatus } {
  return usageError(message, `Usage: ${programName} policy ${usageLine}`);
}

import type { ExitStatus } from '../core/errors.js';
import type { QuestionAnswer, QuestionParams } from '../core/questions/question.js';
import type { Asked } from '../trail/askApi.js';
import { print } from './answer.js';
import { answerText } from './answerTable.js';
import type { Invocation, OptionSpec } from './command.js';
import { isPath, promptPath } from './paths.js';
import { isIdStart } from './eventNamed.js';
import { pathContext, targetOf } from './target.js';
import { parseTime } from './time.js';
import { usageError } from './usageError.js';

/** Options that several questions take, each with the same words. */
export const questionOptions = {
  env: { type: 'string', value: 'ENV', help: 'Only this environment.' },
  from: { type: 'string', value: 'TIME', help: 'Not before this time, by the claimed clocks.' },
  to: { type: 'string', value: 'TIME', help: 'Before this time.' },
  'as-known-at': {
    type: 'string',
    value: 'TIME|SIZE',
    help: 'Only what was recorded then, or the first SIZE events.',
  },
} as const satisfies Record<string, OptionSpec>;

/** `--as-known-at`: a time, or a number of events. Throws `usage`. */
export function asKnownAtOf(invocation: Invocation): string | number | undefined {
  const text = invocation.text('as-known-at');
  if (text === undefined) return undefined;
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : parseTime(text, '--as-known-at');
}

/** `--env`, `--from` and `--to`, and the path that is given as an argument. */
export async function placesOf(
  invocation: Invocation,
  path: string | undefined,
): Promise<QuestionParams> {
  const [env, from, to] = [invocation.text('env'), invocation.text('from'), invocation.text('to')];
  const trail = await invocation.trail();
  return {
    ...(path === undefined ? {} : { path: await promptPath(path, pathContext(invocation, trail)) }),
    ...(env === undefined ? {} : { env }),
    ...(from === undefined ? {} : { from: parseTime(from, '--from') }),
    ...(to === undefined ? {} : { to: parseTime(to, '--to') }),
  };
}

/** An argument that names an event or a version, as the trail takes it. */
export async function subjectOf(invocation: Invocation, argument: string): Promise<string> {
  const trail = await invocation.trail();
  const context = pathContext(invocation, trail);
  if (isIdStart(argument) && !(await isPath(argument, context))) return argument;
  return (await targetOf(argument, context, trail)).name;
}

/** A whole number from 1. Throws `usage`. */
export function countOf(text: string, option: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw usageError(`${option} "${text}" is no number from 1.`, 'Give digits only.');
}

/** Asks, prints and gives the exit status. */
export async function answerQuestion(
  invocation: Invocation,
  input: {
    readonly command: string;
    readonly kind: string;
    readonly params: QuestionParams;
    /** As it stands in `query`, where that is not the parameters. */
    readonly query?: Readonly<Record<string, unknown>>;
  },
): Promise<0 | ExitStatus> {
  const { command, kind, params } = input;
  const asKnownAt = asKnownAtOf(invocation);
  const trail = await invocation.trail();
  const asked = await trail.ask({
    kind,
    params,
    ...(asKnownAt === undefined ? {} : { asKnownAt }),
  });
  await printAsked(invocation, {
    query: { command, kind, ...(input.query ?? params), asKnownAt: asKnownAt ?? null },
    asked,
  });
  return statusOf(asked.answer);
}

/** One answer, for both kinds of reader. */
export async function printAsked(
  invocation: Invocation,
  { query, asked }: { query: Readonly<Record<string, unknown>>; asked: Asked },
): Promise<void> {
  const { ledger, answer } = asked;
  await print(invocation, {
    query,
    ledger,
    rows: answer.rows,
    counts: { population: answer.population.count, ...answer.counts },
    caveats: answer.caveats,
    more: {
      population: answer.population,
      summary: answer.summary ?? null,
      digest: answer.digest ?? null,
      complete: answer.complete ?? null,
      unanswerable: answer.unanswerable ?? null,
    },
    human: () => answerText(answer, invocation.paint),
  });
}

/** 2: it cannot be answered, or something is missing; 1: there are exceptions. */
export function statusOf(answer: QuestionAnswer): 0 | ExitStatus {
  if (answer.unanswerable !== undefined || answer.complete === false) return 2;
  return answer.areExceptions && (answer.exceptions ?? answer.rows.length) > 0 ? 1 : 0;
}

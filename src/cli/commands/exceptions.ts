import type { ExitStatus } from '../../core/errors.js';
import { catalogue, questionEntry } from '../../core/questions/catalogue.js';
import type { QuestionParams } from '../../core/questions/question.js';
import type { Asked } from '../../trail/askApi.js';
import { print } from '../answer.js';
import { answerText } from '../answerTable.js';
import type { Command, Invocation } from '../command.js';
import { parseDuration } from '../duration.js';
import {
  answerQuestion,
  asKnownAtOf,
  countOf,
  placesOf,
  questionOptions,
  statusOf,
} from '../question.js';
import { usageError } from '../usageError.js';

const prefix = 'exceptions.';
const kinds = catalogue.filter(({ kind }) => kind.startsWith(prefix));
const names = kinds.map(({ kind }) => kind.slice(prefix.length));

export const exceptions: Command = {
  name: 'exceptions',
  summary: 'What an auditor looks for: acts without approval, by the wrong people, too fast, …',
  usage: 'KIND|all [PATH] [--env ENV] [--from TIME] [--to TIME] [--as-known-at TIME|SIZE]',
  details: [
    ...kinds.map(({ kind, title }) => `${kind.slice(prefix.length).padEnd(18)}${title}`),
    'all: each of them. Exit status 0: none in so many that were looked at; 1: some; 2: no answer is possible.',
  ],
  options: {
    ...questionOptions,
    under: { type: 'string', value: 'DURATION', help: 'fast-approvals: how fast; 30s without it.' },
    least: { type: 'string', value: 'N', help: 'reciprocal: fewest approvals each; 5 without it.' },
    'older-than': {
      type: 'string',
      value: 'DURATION',
      help: 'reviews: an exception is a last review that is older.',
    },
  },
  examples: [
    { line: 'exceptions deployments --env production --from 2026-07-01', does: 'since July' },
    { line: 'exceptions all --json', does: 'everything, for a report' },
  ],
  positionals: [1, 2],
  writes: false,
  async run(invocation) {
    const [name = '', path] = invocation.positionals;
    const params = await paramsOf(invocation, path, name);
    if (name === 'all') return all(invocation, params);
    if (!names.includes(name))
      throw usageError(
        `There are no exceptions "${name}".`,
        `These can be asked: ${names.join(', ')}, all.`,
      );
    return answerQuestion(invocation, { command: 'exceptions', kind: prefix + name, params });
  },
};

async function paramsOf(
  invocation: Invocation,
  path: string | undefined,
  name: string,
): Promise<QuestionParams> {
  const [under, older, least] = ['under', 'older-than', 'least'].map((one) => invocation.text(one));
  const only = (option: string, kind: string): void => {
    if (name === kind || name === 'all') return;
    throw usageError(`--${option} is for exceptions ${kind}.`, 'Leave it out.');
  };
  if (under !== undefined) only('under', 'fast-approvals');
  if (older !== undefined) only('older-than', 'reviews');
  if (least !== undefined) only('least', 'reciprocal');
  if (under !== undefined && older !== undefined)
    throw usageError('--under and --older-than are of different kinds.', 'Ask one at a time.');
  const duration =
    under !== undefined
      ? parseDuration(under, '--under')
      : older !== undefined
        ? parseDuration(older, '--older-than')
        : undefined;
  return {
    ...(await placesOf(invocation, path)),
    ...(duration === undefined ? {} : { duration }),
    ...(least === undefined ? {} : { count: countOf(least, '--least') }),
  };
}

/** Every kind with what it takes of the parameters; what a kind cannot be limited by is said. */
async function all(invocation: Invocation, params: QuestionParams): Promise<0 | ExitStatus> {
  const trail = await invocation.trail();
  const asKnownAt = asKnownAtOf(invocation);
  const given = Object.keys(params) as (keyof QuestionParams)[];
  const answers: (Asked & { readonly kind: string })[] = [];
  const caveats = new Set<string>();
  for (const { kind } of kinds) {
    const { needs, takes } = questionEntry(kind);
    const own = given.filter((key) => takes.includes(key) || needs.includes(key));
    const left = given.filter((key) => !own.includes(key) && key !== 'duration' && key !== 'count');
    // A kind of which a limit cannot be asked would show what is outside of it.
    if (left.length > 0) {
      caveats.add(
        `${kind.slice(prefix.length)} was left out: it cannot be limited by ${left.join(', ')}.`,
      );
      continue;
    }
    const limited = Object.fromEntries(
      own
        .filter((key) => key !== 'duration' || isMeant(invocation, kind))
        .map((key) => [key, params[key]]),
    ) as QuestionParams;
    const { answer, ledger } = await trail.ask({
      kind,
      params: limited,
      ...(asKnownAt === undefined ? {} : { asKnownAt }),
    });
    for (const caveat of answer.caveats) caveats.add(caveat);
    answers.push({ kind: kind.slice(prefix.length), answer, ledger });
  }
  await print(invocation, {
    query: { command: 'exceptions', kind: 'all', ...params, asKnownAt: asKnownAt ?? null },
    ledger: answers[0]?.ledger ?? null,
    rows: answers.flatMap(({ kind, answer }) => answer.rows.map((row) => ({ kind, ...row }))),
    counts: {
      population: answers.length,
      ...Object.fromEntries(answers.map(({ kind, answer }) => [kind, answer.rows.length])),
    },
    caveats: [...caveats],
    more: {
      population: { of: 'kinds', count: answers.length },
      summary: null,
      digest: null,
      complete: null,
      unanswerable: null,
    },
    human: () =>
      answers
        .map(({ kind, answer }) => {
          const text = answerText(answer, invocation.paint);
          return `${invocation.paint('bold', kind)}\n${text}`;
        })
        .join('\n'),
  });
  // What cannot be answered at all is said in its place; it must not hide the others.
  return answers.some(({ answer }) => statusOf(answer) === 1) ? 1 : 0;
}

const isMeant = (invocation: Invocation, kind: string): boolean =>
  invocation.text(kind === 'exceptions.reviews' ? 'older-than' : 'under') !== undefined;

import type { QuestionAnswer, QuestionEntry } from '../core/questions/question.js';
import { column, type EvidenceTable } from './table.js';

/** A question and what it found in the scope. */
export interface Answered {
  readonly entry: QuestionEntry;
  readonly answer: QuestionAnswer;
}

/** Which questions of the catalogue look for exceptions. */
export const isExceptionKind = (kind: string): boolean => kind.startsWith('exceptions.');

/** The rows of one question as a table; the name of its file is its kind with `-`. */
export function answerTable({ entry, answer }: Answered): EvidenceTable {
  const { of, count } = answer.population;
  return {
    name: entry.kind.replaceAll('.', '-'),
    title: entry.title,
    about: [`${count} ${of} were looked at.`, ...answer.caveats].join(' '),
    columns: answer.columns.map((one) => ({ ...one, meaning: `${one.title}.` })),
    rows: answer.rows,
  };
}

/** What was looked for, and how much there was: also where nothing was found, or nobody can tell. */
export function exceptionsTable(all: readonly Answered[]): EvidenceTable {
  return {
    name: 'exceptions',
    title: 'What was looked for',
    about: 'A row for each question about exceptions, with the size of what was searched.',
    columns: [
      column('kind', 'Kind', 'text', 'Name of the question: prompt-audit exceptions KIND.'),
      column('question', 'Question', 'text', 'What was asked.'),
      column('found', 'Found', 'number', 'Exceptions; empty where it cannot be answered.'),
      column('population', 'Searched', 'number', 'How many were looked at.'),
      column('of', 'Of what', 'text', 'What was looked at.'),
      column('note', 'Note', 'text', 'Why it cannot be answered; or what a reader must know.'),
    ],
    rows: all.map(({ entry, answer }) => ({
      kind: entry.kind.replace('exceptions.', ''),
      question: entry.title,
      found: answer.unanswerable === undefined ? answer.rows.length : null,
      population: answer.population.count,
      of: answer.population.of,
      note: answer.unanswerable ?? answer.caveats.join(' '),
    })),
  };
}

/** What the status of a command and the summary count: exceptions, which are not always all rows. */
export function countExceptions(all: readonly Answered[]): number {
  const count = ({ answer }: Answered): number =>
    answer.areExceptions ? (answer.exceptions ?? answer.rows.length) : 0;
  return all.reduce((sum, one) => sum + count(one), 0);
}

import type { Block, Section } from '../document.js';
import { answerTable, exceptionsTable } from '../exceptions.js';
import type { ReportFacts } from '../reportFacts.js';

/** What was looked for, and every exception that was found. */
export function exceptionsSection({ exceptions }: ReportFacts): Section {
  const found = exceptions.filter(({ answer }) => answer.rows.length > 0);
  const blocks: Block[] = [
    {
      kind: 'text',
      text: 'An exception is something to look at, not a judgement. What was searched stands beside each question, so that nothing found says something, too.',
    },
    {
      kind: 'table',
      table: exceptionsTable(exceptions),
      shown: ['question', 'found', 'population', 'of', 'note'],
      empty: 'Nothing was asked.',
    },
    ...found.map((one): Block => ({
      kind: 'table',
      table: answerTable(one),
      empty: 'Nothing was found.',
    })),
  ];
  return { id: 'exceptions', title: 'Exceptions', blocks };
}

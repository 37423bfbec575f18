import type { Digest } from '../ids.js';
import type { PersonRef } from '../rows.js';

/** ISO 8601 UTC; from is in it, to is not. By the recorders' clocks, which are claims. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** What a cell of an answer holds. */
export type Cell =
  | string
  | number
  | boolean
  | null
  | PersonRef
  | readonly (string | PersonRef)[]
  | readonly Digest[];

/** How the values of a column are to be shown. */
export type CellKind =
  | 'text'
  | 'number'
  | 'flag'
  /** ISO 8601 UTC. */
  | 'time'
  /** Milliseconds. */
  | 'duration'
  | 'digest'
  /** An event's id, which can be opened. */
  | 'event'
  | 'events'
  | 'person'
  | 'persons'
  /** Reason codes of reasons.ts, or words that the question's own file explains. */
  | 'codes';

export interface Column {
  /** Member of the rows. */
  readonly key: string;
  /** English, for people, in sentence case: `Deployed by`. */
  readonly title: string;
  readonly kind: CellKind;
  /** In JSON and exports, but not in narrow tables. */
  readonly isDetail?: boolean;
  /** Of a flag that answers something: where it is false, that has to be said, too. */
  readonly saysNo?: boolean;
}

export type AnswerRow = Readonly<Record<string, Cell>>;

/** What was searched, so that an empty list says something: "0 of 412 deployments". */
export interface Population {
  /** Plural noun: `deployments`. */
  readonly of: string;
  readonly count: number;
}

/** What a question found, before anybody renders it: the same for CLI, editor, CSV and report. */
export interface QuestionAnswer {
  readonly columns: readonly Column[];
  readonly rows: readonly AnswerRow[];
  readonly population: Population;
  /** Other numbers worth naming. */
  readonly counts?: Readonly<Record<string, number>>;
  /** True: the rows are exceptions, so a program that asks ends with status 1 where there are any. */
  readonly areExceptions: boolean;
  /** How many exceptions there are, where that is not the number of rows. */
  readonly exceptions?: number;
  /** What a reader must know to not read too much into the rows, one English sentence each. */
  readonly caveats: readonly string[];
  /** The answer in one English sentence, where one says more than the rows. */
  readonly summary?: string;
  /** SHA-256 over what the question's own file says: names exactly these rows. */
  readonly digest?: Digest;
  /** False: something that should be there is not, so the rows are not the whole story. Absent: not asked. */
  readonly complete?: boolean;
  /** Set where nothing can be answered yet, and why; then there are no rows. */
  readonly unanswerable?: string;
}

/** What a question may be asked with; which of them it needs and takes stands in its catalogue entry. */
export interface QuestionParams extends Period {
  readonly path?: string;
  readonly env?: string;
  /** ISO 8601 UTC. */
  readonly at?: string;
  /** An event id or the first hex digits of it, or a version as people name it. */
  readonly subject?: string;
  readonly other?: string;
  /** Who: name, e-mail address or person id. */
  readonly actor?: string;
  readonly text?: string;
  /** Milliseconds. */
  readonly duration?: number;
  readonly count?: number;
  readonly seed?: string;
}

/** A question that the trail answers, as lists of them show it. */
export interface QuestionEntry {
  /** Such as `exceptions.self-approval`. */
  readonly kind: string;
  /** Of reference/compliance.md: `Q9`; null where it has none. */
  readonly number: string | null;
  /** English, as a question: `Who approved what they had written?` */
  readonly title: string;
  readonly needs: readonly (keyof QuestionParams)[];
  readonly takes: readonly (keyof QuestionParams)[];
}

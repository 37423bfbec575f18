import type { TextDiff } from '../core/textDiff.js';
import type { EvidenceTable } from './table.js';

/** A name and what it is, in the order of the page. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** As it stands: digests, ids, commands. */
  readonly isCode?: boolean;
}

export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** What a section holds. Texts are plain texts: the renderer alone makes HTML. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly isNumbered?: boolean }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'status'; readonly tone: Tone; readonly title: string; readonly text: string }
  | { readonly kind: 'numbers'; readonly numbers: readonly CountShown[] }
  | { readonly kind: 'code'; readonly label: string; readonly text: string }
  | {
      readonly kind: 'table';
      readonly table: EvidenceTable;
      /** Keys of the columns that are shown; default: those that are no detail. */
      readonly shown?: readonly string[];
      /** Said where it has no rows. */
      readonly empty: string;
    }
  | { readonly kind: 'diff'; readonly label: string; readonly diff: TextDiff }
  | { readonly kind: 'sub'; readonly title: string; readonly blocks: readonly Block[] };

export interface CountShown {
  readonly name: string;
  readonly count: number;
  readonly tone: Tone;
}

export interface Section {
  /** Unique; letters, digits and `-`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A whole report. */
export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  /** Name and version of the program. */
  readonly tool: string;
  readonly cover: readonly Fact[];
  readonly sections: readonly Section[];
}

import type { ExitStatus } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import type { InitInput, InitResult, Trail, TrailOptions, TrailSite } from '../trail/api.js';
import type { Paint } from './style.js';
import type { Terminal } from './terminal.js';

/** What the commands need of src/trail; tests give their own. */
export interface Engine {
  openTrail(options: TrailOptions): Promise<Trail>;
  siteOf(folder: string): Promise<TrailSite>;
  initTrail(options: TrailOptions, input: InitInput): Promise<InitResult>;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
  /** The placeholder of its value in the help: `NOTE`. */
  readonly value?: string;
  readonly help: string;
}

/** One call of one command, parsed. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly engine: Engine;
  readonly paint: Paint;
  /** The folder that the call is about: `--cwd`, else where the program was started. */
  readonly cwd: string;
  readonly positionals: readonly string[];
  readonly json: boolean;
  /** Value of an option, undefined when it was not given. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
  readonly trailOptions: TrailOptions;
  /** Opens the trail at the first call; it is folded (after a write) and closed when the command ends. */
  trail(): Promise<Trail>;
  /** What is wrong with the ledger that was opened; null where nothing is, or none was opened. */
  damage(): Promise<Finding | null>;
}

/** One command; its entry in the table is its help, too. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly details: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** Fewest and most positional arguments. */
  readonly positionals: readonly [number, number];
  /** Whether an argument is any text, which may begin with a dash. */
  readonly takesText?: boolean;
  /** Whether it records something, so that the journal is folded before the program ends. */
  readonly writes: boolean;
  run(invocation: Invocation): Promise<0 | ExitStatus>;
}

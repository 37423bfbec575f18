/** What the command line needs from its process; tests give their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder in which the program was started. */
  readonly cwd: string;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  /** Whether standard output may carry colours. */
  readonly colours: boolean;
  /** Whether progress on standard error has a reader. */
  readonly showsProgress: boolean;
  /** Answers only. Resolves when the text was taken; a closed pipe is no error. */
  out(data: string | Uint8Array): Promise<void>;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** Standard input to its end, or a little more than so many bytes of it. */
  input(mostBytes: number): Promise<Uint8Array>;
  /** Asks on standard error and gives the line. Throws `cancelled` at the end of the input. */
  ask(question: string): Promise<string>;
  now(): Date;
}

export const hookNames = ['pre-commit', 'pre-push'] as const;
export type HookName = (typeof hookNames)[number];

/** The program that the hooks of a clone start. */
export interface HookProgram {
  /** Absolute path of Node.js, or of VS Code, which is one when it is asked to be. */
  readonly node: string;
  /** Absolute path of the command line's script. */
  readonly script: string;
}

export interface InstallHooksInput {
  readonly hooks: readonly HookName[];
  readonly program: HookProgram;
  /** A failing sync stops the push. */
  readonly strict: boolean;
}

export interface HookRow {
  readonly hook: HookName;
  /**
   * `by-hand`: somebody else's program or configuration decides which hooks run; `advice` says what to add to it.
   */
  readonly state: 'installed' | 'absent' | 'by-hand';
  /** Whether this call changed it. */
  readonly isNew: boolean;
  /** The file that git runs; null where nothing may be written. */
  readonly file: string | null;
  readonly strict: boolean;
  /** What a person should know or do, in whole sentences. */
  readonly advice: string | null;
}

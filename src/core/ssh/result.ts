/**
 * Why a key or a signature does not count. `malformed`: it is none. `certificate`, `unsupported`: of a kind
 * that does not count here. `weak`: a key that anybody could sign for. `namespace`: made for something else.
 * `bad`: not over these bytes by this key.
 */
export type SshProblemCode =
  'malformed' | 'certificate' | 'unsupported' | 'weak' | 'namespace' | 'bad';

export interface SshProblem {
  readonly code: SshProblemCode;
  /** A part of a sentence for people, such as `it is a certificate`. */
  readonly message: string;
}

/** Hostile input gives a problem, never an exception. */
export type SshResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: SshProblem };

export const good = <T>(value: T): SshResult<T> => ({ ok: true, value });

export const problem = (code: SshProblemCode, message: string): SshResult<never> => ({
  ok: false,
  problem: { code, message },
});

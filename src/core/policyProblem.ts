/** Replaces `length` UTF-16 units at `offset` by `text`. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** What a program can put right by itself; an editor offers it under this title. */
export interface PolicyFix {
  readonly title: string;
  /** None overlaps another. */
  readonly edits: readonly TextEdit[];
}

/** A mistake in a policy file, with its place in the text (UTF-16 units). */
export interface PolicyProblem {
  readonly code: PolicyProblemCode;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  readonly fix?: PolicyFix;
}

/** Kinds of mistakes with which a file is no policy. What lint says of a valid one is in policyLint.ts. */
export type PolicyProblemCode =
  /** No JSON, or too deep. */
  | 'policy.syntax'
  | 'policy.unknownKey'
  | 'policy.repeatedKey'
  /** A value of the wrong kind, or out of its bounds. */
  | 'policy.value'
  /** Something that has to stand there does not. */
  | 'policy.missingKey'
  /** A role, person, group or environment that is defined nowhere. */
  | 'policy.unknownName'
  /** One name, address or handle for two. */
  | 'policy.ambiguous'
  /** More than a policy may have of something. */
  | 'policy.tooMany';

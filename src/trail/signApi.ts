import type { EventId } from '../core/ids.js';
import type { EventRow } from '../core/rows.js';
import type { Watch } from '../core/watch.js';

export interface SignInput {
  /** Events of the acting person; default: all of theirs that this clone recorded and nobody signed. */
  readonly events?: readonly EventId[];
  readonly watch?: Watch;
}

export interface SignReport {
  /** What was signed now, oldest first. */
  readonly signed: readonly EventRow[];
  /** The acting person's, unsigned, and recorded by another clone: to be signed by name only. */
  readonly elsewhere: readonly EventRow[];
  /** `SHA256:…` of the key; null where its public part cannot be read. */
  readonly fingerprint: string | null;
}

/** How the acting person would sign, and what is missing. */
export interface SigningSetup {
  /** `keyless`: git is set up for SSH, and no key is named. */
  readonly kind: 'ssh' | 'keyless' | 'openpgp' | 'x509' | 'none';
  /** What stands in the way, as far as that shows without signing; null when it can be tried. */
  readonly problem: { readonly message: string; readonly remedy: string } | null;
  /** The one line to paste into a terminal that sets it up; null when it is set up. */
  readonly oneStep: string | null;
  readonly key: {
    readonly type: string;
    /** `SHA256:…` as ssh-keygen prints it. */
    readonly fingerprint: string;
    /** The file, or where else it stands. */
    readonly place: string;
  } | null;
  readonly program: string | null;
  /** The address under which allowed_signers must have the key. */
  readonly principal: string | null;
  /** Whether the adopted allowed_signers has the key for this person, valid now. */
  readonly adopted: boolean;
  /** The same for the file of the working tree. */
  readonly enrolled: boolean;
  /** The person's decisions, deployments, redactions and reviews of this clone without a good signature. */
  readonly unsigned: readonly EventRow[];
  readonly elsewhere: readonly EventRow[];
}

export interface EnrollReport {
  readonly outcome: 'added' | 'there-already';
  /** The line, without its end. */
  readonly line: string;
  /** Relative to the root. */
  readonly file: string;
}

/** Why the last act was not signed, until one is. */
export interface SigningProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

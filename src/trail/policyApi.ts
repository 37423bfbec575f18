import type { PolicyDifference } from '../core/policyDiff.js';
import type { LintFinding } from '../core/policyLintContext.js';
import type { PowerRow } from '../core/policyPowers.js';
import type { PolicyRow } from '../core/policyRows.js';
import type { WhatIf } from '../core/policyWhatIf.js';
import type { Digest } from '../core/ids.js';
import type { LedgerPoint } from '../core/rows.js';

export interface PolicyLintInput {
  /** The text of the policy; default: what stands in the work tree. */
  readonly text?: string;
}

export interface PolicyLint {
  readonly findings: readonly LintFinding[];
  /** The text that was looked at. */
  readonly text: string;
  /** The CODEOWNERS file that counts, its path from the root; null where there is none. */
  readonly codeowners: { readonly path: string; readonly text: string } | null;
}

/** A policy that was adopted, or the last one of those adopted by a time. */
export interface PolicyShown {
  readonly ledger: LedgerPoint;
  /** All adoptions, in the agreed order; `shown` is one of them. */
  readonly adoptions: readonly PolicyRow[];
  /** Null where none was adopted by then. */
  readonly shown: PolicyRow | null;
  /** The exact bytes that were adopted; null where they were redacted. */
  readonly text: string | null;
  /** Who may do what; empty where the text is no policy or is gone. */
  readonly powers: readonly PowerRow[];
}

/**
 * Names a policy: one that was adopted, by the first hex digits of its digest (4 or more) or by a time (ISO 8601, UTC), or
 * one that was not: of the work tree, or of the protected branch as it was fetched last.
 */
export type PolicyName =
  | { readonly kind: 'digest'; readonly prefix: string }
  | { readonly kind: 'at'; readonly at: string }
  | { readonly kind: 'working' }
  | { readonly kind: 'protected' }
  /** A text with the other files of the work tree. */
  | { readonly kind: 'text'; readonly text: string };

export interface PolicyCompared {
  readonly ledger: LedgerPoint;
  readonly before: Digest;
  readonly after: Digest;
  readonly differences: readonly PolicyDifference[];
  readonly effect: WhatIf;
}

export interface PolicyWindow {
  /** ISO 8601, UTC; by the recorders' clocks. */
  readonly from?: string;
  /** Not itself. */
  readonly to?: string;
}

/** What policies say, said, and would say. Part of Trail. */
export interface PolicyQueries {
  /** The policy in force now or at a time, by the recorders' clocks. */
  policyShown(at?: string): Promise<PolicyShown>;
  /** What two policies say differently, and of which events. Throws `policy.missing`, `policy.invalid`, `policy.unknown`. */
  policyCompared(a: PolicyName, b: PolicyName): Promise<PolicyCompared>;
  /** What a policy would have said of what was recorded. Throws as policyCompared. */
  policySimulated(name: PolicyName, window?: PolicyWindow): Promise<PolicyCompared>;
}

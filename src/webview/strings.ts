import type {
  CommitSignature,
  DecisionKind,
  DeploymentNote,
  EventGroup,
  ReviewFault,
  RowVariant,
  ShownOutcome,
  SignatureStatus,
  TakenBack,
  TrustLevel,
  VerdictName,
  VersionState,
} from './protocol.js';

/**
 * Every word that the page shows. The host fills it through l10n, because a webview cannot.
 * `{0}`, `{1}` stand for values.
 */
export interface Strings {
  readonly groups: Readonly<Record<EventGroup, string>>;
  readonly variants: Readonly<Record<RowVariant, string>>;
  readonly states: Readonly<Record<VersionState, string>>;
  readonly decisions: Readonly<Record<DecisionKind, string>>;
  readonly bar: {
    readonly label: string;
    readonly search: string;
    readonly placeholder: string;
    readonly clear: string;
    readonly prompt: string;
    readonly allPrompts: string;
    readonly kinds: string;
    readonly oneEvent: string;
    readonly events: string;
    readonly someEvents: string;
    readonly searching: string;
    readonly reset: string;
  };
  readonly verify: {
    readonly intact: string;
    readonly intactPart: string;
    readonly oneWarning: string;
    readonly warnings: string;
    readonly brokenAt: string;
    readonly broken: string;
    readonly unknown: string;
    readonly running: string;
    readonly now: string;
    readonly again: string;
    readonly checkedAll: string;
    readonly checkedBefore: string;
    readonly verdicts: Readonly<Record<VerdictName, string>>;
    readonly outcomes: Readonly<Record<ShownOutcome, string>>;
    readonly review: string;
    readonly reviewed: string;
    readonly earlierReviews: string;
    readonly reviewedOf: string;
    readonly reviewedAll: string;
    readonly reviewFaults: Readonly<Record<ReviewFault, string>>;
    readonly title: string;
    readonly nothing: string;
    readonly never: string;
    readonly expected: string;
    readonly found: string;
    readonly showEvent: string;
    readonly showFindings: string;
    readonly moreFindings: string;
    readonly remedy: string;
    readonly position: string;
    readonly severity: Readonly<Record<'error' | 'warning' | 'info', string>>;
  };
  readonly list: {
    readonly label: string;
    readonly loading: string;
    readonly oneNew: string;
    readonly manyNew: string;
    readonly emptyTitle: string;
    readonly emptyHint: string;
    readonly noMatchTitle: string;
    readonly noMatchHint: string;
    readonly provisional: string;
    readonly broken: string;
  };
  readonly detail: {
    readonly label: string;
    readonly close: string;
    readonly diff: string;
    readonly noDiff: string;
    readonly copy: string;
    readonly copyProof: string;
    readonly redact: string;
    readonly takeBack: Readonly<Record<TakenBack, string>>;
    readonly redactedBody: string;
    readonly redactedText: string;
    readonly copied: string;
    readonly older: string;
    readonly newer: string;
    readonly noOlder: string;
    readonly noNewer: string;
    readonly missing: string;
    readonly who: string;
    readonly when: string;
    readonly clock: string;
    readonly why: string;
    readonly noWhy: string;
    readonly version: string;
    readonly approvals: string;
    readonly decisions: string;
    readonly env: string;
    readonly deployed: Readonly<Record<DeploymentNote['what'], string>>;
    readonly digest: string;
    readonly id: string;
    readonly position: string;
    readonly shared: string;
    readonly notShared: string;
    readonly tool: string;
    readonly signature: string;
    readonly signatures: Readonly<Record<SignatureStatus, string>>;
    readonly principals: string;
    readonly attached: string;
    readonly signed: string;
    readonly revoked: string;
    readonly onlyFor: string;
    readonly trust: string;
    readonly levels: Readonly<Record<TrustLevel, string>>;
    readonly identity: string;
    readonly identityGit: string;
    readonly identityUnattended: string;
    readonly commit: string;
    readonly author: string;
    readonly authored: string;
    readonly committer: string;
    readonly agents: string;
    readonly commitSigned: Readonly<Record<CommitSignature, string>>;
    readonly unknown: string;
    readonly chain: string;
    readonly parents: string;
    readonly children: string;
    readonly noParents: string;
    readonly noChildren: string;
    readonly moreLinks: string;
    readonly header: string;
    readonly body: string;
    readonly noBody: string;
    readonly cut: string;
    readonly refused: string;
    readonly verdict: {
      readonly title: string;
      readonly passed: string;
      readonly failed: string;
      readonly later: string;
      readonly unordered: string;
    };
  };
  readonly error: { readonly retry: string; readonly dismiss: string };
}

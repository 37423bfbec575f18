/** The three policies that `init` can write (DESIGN.md §7). */
export type PolicyPreset = 'team' | 'regulated' | 'gxp';

/** What a version changes of its prompt, by the parts that its proposal names (versionParts.ts). */
export type ChangeKind = 'text' | 'model' | 'tools' | 'permissions';

export const changeKinds: readonly ChangeKind[] = ['text', 'model', 'tools', 'permissions'];

/** Some of the approvals that a rule asks for must come from people of these roles. */
export interface RoleQuota {
  /** Number of different people; 1 to 20. Nobody fills two places of one rule. */
  readonly required: number;
  /** Names of roles; at least one. */
  readonly roles: readonly string[];
}

/** Which approvals a version needs before it may be deployed. Each default asks for nothing. */
export interface ApprovalRule {
  /** Number of different people; 0 to 20. */
  readonly required: number;
  /** Names of roles whose members' approvals count; empty: everybody's. */
  readonly roles: readonly string[];
  /** Quotas that must all be filled, by approvals that count; their sum may be above `required`. */
  readonly allOf: readonly RoleQuota[];
  /** Whether only owners of the prompt's path count, by the CODEOWNERS file adopted with the policy. */
  readonly codeowners: boolean;
  /** False: nobody may approve what they contributed to since the last approved version. */
  readonly contributors: boolean;
  /** Whether an approval given without asking a person counts without a signature. */
  readonly unattended: boolean;
  /** Whether only approvals with a signature that counts do (signatures.ts). */
  readonly signed: boolean;
  /** False: an approval does not count that came from a clone which had recorded or proposed the bytes. */
  readonly sameClone: boolean;
  /** Milliseconds after which an approval does not count for a new deployment; null: it stays good. */
  readonly expires: number | null;
  /** Whether approvals count only with a reason. */
  readonly reason: boolean;
  /** Texts of which the meaning of an approval must be one; empty: any. */
  readonly meanings: readonly string[];
  /** Whether an approval counts that was given under another policy. */
  readonly otherPolicy: boolean;
  /** Whether only approvals count that name the environment. */
  readonly scoped: boolean;
  /** Whether comments on the version may be open. */
  readonly openComments: boolean;
}

/** Approvals that are needed besides the environment's own, where all conditions hold; so rules only make stricter. */
export interface ExtraRule {
  /** Shown in refusals and traces. */
  readonly name: string;
  /** Globs of prompts; empty: all. */
  readonly paths: readonly string[];
  /** Names of environments; empty: all. */
  readonly environments: readonly string[];
  /** At least one of these differs from the last approved version; empty: whatever changes. */
  readonly changes: readonly ChangeKind[];
  readonly approvals: ApprovalRule;
}

/** Who may redact, and replace the history of the ledger branch. */
export interface RedactionRule {
  /** Names of roles whose members may; empty: nobody. */
  readonly roles: readonly string[];
  /** Whether a redaction counts that was made without asking a person. */
  readonly unattended: boolean;
}

export interface EnvironmentRule {
  readonly name: string;
  readonly approvals: ApprovalRule;
  /** Names of roles whose members may deploy here; empty: everybody. */
  readonly deployers: readonly string[];
  /** False: nobody deploys here what they approved. */
  readonly approverMayDeploy: boolean;
  /** False: nobody deploys here what they contributed to since the last approved version. */
  readonly contributorMayDeploy: boolean;
  /** Who may deploy here what the rules refuse, and what must follow; null: nobody may. */
  readonly breakGlass: BreakGlassRule | null;
  /** Name of the environment where the same version must have been deployed with success before; null: nowhere. */
  readonly after: string | null;
}

/** An emergency: what is missing is skipped, never who may. */
export interface BreakGlassRule {
  /** Names of roles whose members may use it; empty: everybody. */
  readonly roles: readonly string[];
  /** Milliseconds after the deployment by which somebody else has to have reviewed it; null: no time is set. */
  readonly review: number | null;
  /** Names of roles whose members' reviews count; empty: everybody's. */
  readonly reviewers: readonly string[];
}

export interface PinnedCheckpoint {
  /** Number of events. */
  readonly size: number;
  /** Merkle root over them, 64 hex digits; the policy file has it in base64, as checkpoints do. */
  readonly root: string;
}

/** Somebody whom the policy knows by one name, whatever address they use. */
export interface PolicyPerson {
  /** Key in the table. */
  readonly name: string;
  /** Lower-case. All are one person in every verdict. */
  readonly emails: readonly string[];
  /** As CODEOWNERS has them: `@name`, lower-case. */
  readonly handles: readonly string[];
  /** An agent's or a service's approvals never count. */
  readonly kind: 'person' | 'agent' | 'service';
}

/** `.prompt-audit/policy.jsonc`, checked, with every default filled in. */
export interface Policy {
  readonly version: 1;
  /** The ledger that this policy belongs to; a cross-check only. */
  readonly ledger: string | null;
  /** A checkpoint that the ledger must extend, so that nobody can be shown a rebuilt one; null: none is pinned. */
  readonly minCheckpoint: PinnedCheckpoint | null;
  readonly prompts: {
    readonly include: readonly string[];
    readonly exclude: readonly string[];
  };
  /** `local`: texts of drafts stay in the clone that wrote them (DESIGN.md §3). */
  readonly drafts: 'local' | 'share';
  /** The branch whose policy decides; null: the remote's default branch. */
  readonly protectedBranch: string | null;
  readonly people: readonly PolicyPerson[];
  /** Group name, or `@org/team` as CODEOWNERS has it, to its members: names of people, or addresses in lower case. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Role name to e-mail addresses (lower-case), names of people, names of groups; `*` is everybody. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** The rule for approvals where an environment has none of its own. */
  readonly approvals: ApprovalRule;
  readonly rules: readonly ExtraRule[];
  readonly redaction: RedactionRule;
  readonly environments: readonly EnvironmentRule[];
}

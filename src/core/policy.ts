/** The three policies that `init` can write (DESIGN.md §7). */
export type PolicyPreset = 'team' | 'regulated' | 'gxp';

/** Which approvals a version needs before it may be deployed. */
export interface ApprovalRule {
  /** Number of different people; 0 to 20. */
  readonly required: number;
  /** Names of roles whose members' approvals count; empty: everybody's. */
  readonly roles: readonly string[];
  /** False: nobody may approve what they contributed to since the last approved version. */
  readonly contributors: boolean;
  /** Whether an approval given without asking a person counts without a signature. */
  readonly unattended: boolean;
  /** Whether only approvals with a signature that counts do (signatures.ts). */
  readonly signed: boolean;
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
  /** Whether `--break-glass` may deploy what the rules refuse. */
  readonly breakGlass: boolean;
}

export interface PinnedCheckpoint {
  /** Number of events. */
  readonly size: number;
  /** Merkle root over them, 64 hex digits; the policy file has it in base64, as checkpoints do. */
  readonly root: string;
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
  /** Role name to e-mail addresses, lower-case; `*` is everybody. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** The rule for approvals where an environment has none of its own. */
  readonly approvals: ApprovalRule;
  readonly redaction: RedactionRule;
  readonly environments: readonly EnvironmentRule[];
}

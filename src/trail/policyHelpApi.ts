import type { PolicySlot } from '../core/policyPlace.js';

/** Where somebody writes in a policy file, which may not be saved. */
export interface PolicyHelpInput {
  readonly text: string;
  /** UTF-16 units. */
  readonly offset: number;
}

/** Something that can stand at a place of the policy, without quotes. */
export interface PolicyChoice {
  readonly kind:
    | 'everybody'
    | 'role'
    | 'group'
    | 'person'
    | 'address'
    | 'environment'
    | 'prompt'
    | 'folder'
    /** A key for somebody of the ledger, whose addresses are `names`. */
    | 'newPerson';
  readonly text: string;
  /** Who or what it stands for: members, addresses; of an address, the name in the ledger. */
  readonly names: readonly string[];
}

/** A member of a role or group, and who that is. */
export interface PolicyMember {
  readonly text: string;
  readonly kind: 'everybody' | 'group' | 'person' | 'address' | 'unknown';
  /** Of a person: addresses. Of a group: members. Of an address: the name in the ledger. */
  readonly names: readonly string[];
}

/** What the name under the pointer means. Long lists are cut. */
export type PolicyAbout =
  | {
      readonly kind: 'role' | 'group';
      readonly name: string;
      readonly defined: boolean;
      readonly members: readonly PolicyMember[];
    }
  | {
      readonly kind: 'person';
      readonly name: string;
      readonly emails: readonly string[];
      readonly handles: readonly string[];
      /** `agent` and `service`: their approvals never count. */
      readonly isAgent: boolean;
      readonly roles: readonly string[];
    }
  | {
      readonly kind: 'address';
      readonly email: string;
      /** In the ledger; null where nobody acted under this address. */
      readonly name: string | null;
      /** Key in the table of people. */
      readonly person: string | null;
      readonly roles: readonly string[];
    }
  | { readonly kind: 'everybody' }
  | {
      readonly kind: 'environment';
      readonly name: string;
      readonly defined: boolean;
      /** Prompts that are active there. */
      readonly active: number;
    }
  | {
      readonly kind: 'glob';
      readonly pattern: string;
      readonly matching: number;
      /** Files that were looked at: tracked prompts, or all files for `prompts`. */
      readonly total: number;
      readonly among: 'prompts' | 'files';
      /** The first of them. */
      readonly examples: readonly string[];
    };

export interface PolicyHelp {
  readonly slot: PolicySlot;
  /** What a choice takes the place of; with its quotes. */
  readonly offset: number;
  readonly length: number;
  readonly choices: readonly PolicyChoice[];
  readonly about: PolicyAbout | null;
}

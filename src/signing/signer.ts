import type { Setting } from './setting.js';

/** What a signature of the trail is for: it counts for nothing else (docs/LEDGER.md, "Signatures"). */
export const signatureNamespace = 'prompt-audit';

/** What signs: a key file (private, or public for one in the agent), or a public key that the agent has. */
export type SigningKey =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'literal'; readonly line: string };

/** Who is asked to sign, and how long they may take. */
export interface Signer {
  readonly key: SigningKey;
  /** git's `gpg.ssh.program`; null: ssh-keygen. */
  readonly program: string | null;
  readonly keySetting: Setting;
  readonly programSetting: Setting;
  /** Whether a person sits at the terminal of this process and can be asked for a passphrase there. */
  readonly interactive: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

import { localLedgerRef } from './ledgerCommit.js';

/** Something that a host or ssh says when it does not want to, and what helps. */
export interface Refusal {
  readonly pattern: RegExp;
  readonly remedy: (remote: string) => string;
}

const branch = 'the branch prompt-audit';
const kept = 'Everything is recorded here.';

/**
 * What hosts refuse, as they and git word it; the first that fits counts. Only the reason decides what helps:
 * who may not push gains nothing by logging in again.
 */
export const refusals: readonly Refusal[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending \S+ key in/,
    remedy: () =>
      `${kept} The host shows another key than before: ask whoever runs it. If it has a new one, remove the old one with: ssh-keygen -R HOST`,
  },
  {
    pattern: /Host key verification failed|host key is known for/i,
    remedy: (remote) =>
      `${kept} ssh does not know this host yet: run git fetch ${remote} by hand once, and compare the fingerprint that it shows.`,
  },
  {
    pattern:
      /SSL certificate|certificate (verify|verification)|self.signed certificate|local issuer/i,
    remedy: () =>
      `${kept} This machine does not trust the certificate of the host: give git the authority that issued it with: git config --global http.sslCAInfo FILE`,
  },
  {
    pattern:
      /verified signature|(must|not|have to) be(en)? signed|signed commits|unsigned commit|not signed|GPG.signature|GH\d+: .*sign/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rule for signed commits: a program writes it, and the signatures of people stand in the ledger itself.`,
  },
  {
    pattern:
      /\bquota\b|No space left on device|(storage|repository size|disk) (limit|full)|above (its|the) size limit/i,
    remedy: () =>
      `${kept} The host has no room left for this repository: let its administrator raise the limit or tidy up, then sync again.`,
  },
  {
    pattern:
      /HTTP 413|error: 413|Entity Too Large|maximum allowed size|(size|push|file) limit|GH001|too large|larger than|too big|unable to rewind rpc post data/i,
    remedy: () =>
      `${kept} The host takes no push of this size: let its administrator raise the limit (receive.maxInputSize, client_max_body_size or the like), or use an ssh address, for which some hosts have another one.`,
  },
  {
    pattern:
      /creations? (being|is) restricted|Cannot create ref|(branch|ref) name|naming|name .*(pattern|convention)|must match|may not create|not allowed to create/i,
    remedy: () =>
      `${kept} Let an administrator permit a branch called prompt-audit, or create it once with: git push REMOTE ${localLedgerRef}:refs/heads/prompt-audit`,
  },
  {
    pattern:
      /GH006|GH013|protected branch|(pull|merge).request|TF402455|rule violations|required status check|branch restriction/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rules that ask for pull requests, reviews or checks: only a program writes it. Against force pushes and deletion it should stay protected.`,
  },
  {
    pattern: /not found|could not be found|does not exist|TF401019|error: 404/i,
    remedy: (remote) =>
      `${kept} The host knows no such repository, or does not show it to you: check the address with git remote get-url ${remote}, and the account that git logs in with.`,
  },
  {
    pattern: /\b407\b|proxy auth/i,
    remedy: () => `${kept} The proxy wants a login: set it with git config --global http.proxy URL`,
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission denied \(|error: 401\b|HTTP Basic: Access denied/i,
    remedy: (remote) =>
      `${kept} git could not log in without asking: run git fetch ${remote} by hand once so that a credential helper keeps the login, or give the ssh agent your key with: ssh-add`,
  },
  {
    pattern: /dubious ownership/i,
    remedy: () =>
      `${kept} That folder belongs to somebody else. If you trust it, run: git config --global --add safe.directory PATH`,
  },
  {
    pattern: /transport '[^']*' not allowed/,
    remedy: (remote) =>
      `${kept} Give the remote an https, ssh or file address with: git remote set-url ${remote} URL`,
  },
  {
    pattern: /mismatched algorithms|hash algorithm|object format/i,
    remedy: () =>
      `${kept} One repository has SHA-1 objects and the other SHA-256, and git cannot exchange between them: use a remote of the same kind.`,
  },
  {
    pattern:
      /error: 403|denied to|Permission to .* denied|access denied|not permitted|not authori[sz]ed|not allowed|no permission|have permission|read.?only|write access|insufficient permission|TF401027|unpack failed|unpacker error|unable to (create|write)|Permission denied/i,
    remedy: (remote) =>
      `${kept} You may not push to ${remote}: ask its owners for the right to push ${branch}. If another remote holds the ledger (of a fork, the original), name it with: git config prompt-audit.remote NAME`,
  },
];

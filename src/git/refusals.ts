import { localLedgerRef, neutralIdentity } from './ledgerCommit.js';

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
      /maintenance|temporarily (read.?only|unavailable|disabled|locked)|read.?only mode|currently read.?only|read.?only GitLab instance|locked (for|during) (a )?(migration|transfer)|\b(code|push|deploy(ment)?|release|change|merge|branch|repo(sitory)?|holiday)[ -]?freeze\b|\bfreeze (is )?(in (effect|force|place)|period|until|window)|\b(is|are|been) frozen\b/i,
    remedy: () =>
      `${kept} The host takes no pushes at the moment, and the next sync sends it all. If that stays so, ask whoever runs it: some also do this where a plan or a limit is used up.`,
  },
  {
    pattern: /\b(is|was|been|an) archived\b|archived (project|repo)|repository archived/i,
    remedy: () =>
      `${kept} The repository is archived and takes no pushes: let its owner open it again, or let the whole team go on with another one: prompt-audit sync --remote NAME`,
  },
  {
    pattern: /mirror (repository|repo)|(repository|repo|project) is a (pull )?mirror/i,
    remedy: () =>
      `${kept} That repository only copies another one: make a remote of the one that it copies and name it with: git config prompt-audit.remote NAME`,
  },
  {
    pattern:
      /(repository|project) (is |has been |was )?(disabled|blocked|suspended)|disabled by GitHub|been (suspended|locked)/i,
    remedy: () =>
      `${kept} The host has closed this repository or its account: its owner finds the reason in the settings there.`,
  },
  {
    pattern:
      /cannot contain secrets|push protection|GH009|secrets? (was |were |has been |have been )?(detected|found)|contains? (one or more )?secrets|credentials or other secrets/i,
    remedy: () =>
      `${kept} The host sees a password or key in what is sent. If it is one, replace it where it is used and take the text out with: prompt-audit redact. If not, let it pass by the link or the option that the host names.`,
  },
  {
    pattern: /\b[IC]?CLA\b|(contributor|contribution)s?('s)? (licen[sc]e )?agreement/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rule about contributor agreements, or sign the one that the host names: a program writes the commits of that branch.`,
  },
  {
    pattern:
      /verified signature|(must|not|have to) be(en)? signed(?!.?off)|signed commits|unsigned commit|not signed(?!.?off)|GPG.(signature|key)|GH\d+: .*\bsign/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rule for signed commits: a program writes it, and the signatures of people stand in the ledger itself.`,
  },
  {
    pattern:
      /commit message|Change-Id\b|\bDCO\b|sign(ed)?.?off|(issue|ticket|Jira) (key|number|reference)|work item/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rule about commit messages: a program writes them.`,
  },
  {
    pattern:
      /GH007|private e-?mail|(author|committer)('s)? (commit )?(e-?mail|name)|VS403702|(author|committer) '[^']*' is not|you (cannot|can.?not|can only) push (your own )?commits|(committer|author|user ?name).* inconsistent/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rule about authors and their addresses: its commits are a program's (${neutralIdentity.GIT_COMMITTER_EMAIL}), and who did what stands in the ledger itself.`,
  },
  {
    pattern:
      /file (name|path|extension)s?\b|(prohibited|blacklisted|forbidden) by the pattern|path .* is locked/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rule about files: it holds ledger.sqlite, volumes/, checkpoint and README.md, and nothing else.`,
  },
  {
    pattern:
      /\bquota\b|No space left on device|(storage|repository size|disk) (limit|full)|above (its|the) size limit|exceed(s|ed)? (\S+ ){0,3}(allocated |available )?storage|storage (space )?(is |has been |was )?exceeded/i,
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
      /creations? (being|is) restricted|Cannot create ref|(branch|ref)('s)? name|naming (rule|convention|pattern)|may not create|not allowed to create|not permitted: create\b/i,
    remedy: () =>
      `${kept} Let an administrator permit a branch called prompt-audit, or create it once with: git push REMOTE ${localLedgerRef}:refs/heads/prompt-audit`,
  },
  {
    pattern:
      /GH006|GH013|protected branch|protected ref|branch .*is protected|(pull|merge).request|TF402455|rule violations|required status check|branch restriction/i,
    remedy: () =>
      `${kept} Let an administrator exempt ${branch} from the rules that ask for pull requests, reviews or checks: only a program writes it. Against force pushes and deletion it should stay protected.`,
  },
  {
    pattern: /\bLFS objects?\b.*\bmissing|missing .*\bLFS\b|git lfs push/i,
    remedy: () =>
      `${kept} The ledger has no LFS objects: let an administrator exempt ${branch} from that check. If it is the code branches that lack some, whoever has them runs: git lfs push --all REMOTE`,
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
      /error: 403|denied to|Permission to .* denied|access denied|not permitted|not authori[sz]ed|not allowed|read.?only|write access|insufficient permission|TF401027|unpack failed|unpacker error|unable to (create|write)|permissions?\b/i,
    remedy: (remote) =>
      `${kept} You may not push to ${remote}: ask its owners for the right to push ${branch}. If another remote holds the ledger (of a fork, the original), name it with: git config prompt-audit.remote NAME`,
  },
];

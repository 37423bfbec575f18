import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const policy = `{
  "version": 1,
  "prompts": { "include": ["prompts/**/*.md"] },
  "people": { "ana": { "emails": ["ana@clinic.example", "ana@home.example"] } },
  "roles": {
    "reviewer": ["ravi@clinic.example", "kim@clinic.example"],
    "release": ["rosa@clinic.example"],
    "compliance": ["kim@clinic.example"]
  },
  "approvals": { "required": 1, "roles": ["reviewer"], "expires": "90d" },
  "redaction": { "roles": ["compliance"] },
  "environments": {
    "staging": { "approvals": { "required": 0 } },
    "production": {
      "after": "staging", "deployers": ["release"], "approverMayDeploy": false,
      "breakGlass": { "roles": ["release"], "review": "24h", "reviewers": ["reviewer"] }
    }
  }
}
`;

/** Prints a member of the newest event of which `log` says this. */
const script = (member: string): string => `#!/bin/sh
prompt-audit log --json | node -e '
  const { rows } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(rows.find((row) => row.summary === process.argv[1]).${member});
' "$1"
`;

const first =
  'You triage messages of patients.\nNever give more than 800 mg a day.\nAnswer with: emergency, today, routine.\n';
const second = first.replace('800 mg', '400 mg');

/**
 * A small clinic whose few weeks take some seconds: versions, approvals, deployments, a rollback, an emergency, a refusal. All of it by
 * commands. Needs `prompt-audit` on the PATH.
 */
export function makeQuestionsDemo(folder: string): void {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const git = (...args: string[]): void =>
    void execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  const as = (name: string, email = `${name.toLowerCase()}@clinic.example`): void => {
    git('config', 'user.name', name);
    git('config', 'user.email', email);
  };
  const run = (line: string, status = 0): void => {
    const ended = spawnSync('bash', ['-c', `exec prompt-audit ${line}`], { cwd: folder });
    if (ended.status !== status)
      throw new Error(
        `prompt-audit ${line}: ${ended.status}\n${String(ended.stdout)}${String(ended.stderr)}`,
      );
  };
  const [triage, discharge, letter] = ['triage', 'discharge', 'letter'].map(
    (one) => `prompts/${one}.md`,
  );
  write('.prompt-audit/policy.jsonc', policy);
  write(triage!, first);
  write(discharge!, 'Write for the patient, in plain words.\n');
  write(letter!, 'Write a letter to the insurance.\n');
  for (const member of ['id', 'at']) {
    write(`./${member}-of`, script(member));
    chmodSync(path.join(folder, `${member}-of`), 0o755);
  }
  git('init', '--quiet', '--initial-branch=main');
  as('Ana');
  git('add', '--all', '.prompt-audit', 'prompts');
  git('commit', '--quiet', '--message', 'Prompts of the clinic');
  run('init --preset team --yes');

  run(`propose ${triage} -m "First triage"`);
  as('Ravi');
  run(`approve ${triage} --yes`);
  as('Rosa');
  run(`deploy ${triage} --env staging`);
  run(`deploy ${triage} --env production --release R1`);

  as('Ana');
  write(triage!, second);
  run(`record ${triage}`);
  run(`propose ${triage} -m "Half the dose"`);
  run(`approve ${triage} --yes`, 1);
  as('Ravi');
  run(`approve ${triage} -m "Checked against the formulary" --yes`);
  as('Rosa');
  run(`deploy ${triage} --env staging`);
  run(`deploy ${triage} --env production --outcome failed`);
  run(`deploy ${triage} --env production --release R2`);
  run(`rollback ${triage} --env production --to v1 -m "Ticket 512: too careful"`);

  as('Ana');
  run(`propose ${discharge} -m "First letter"`);
  as('Rosa');
  run(`deploy ${discharge} --env production --break-glass "Wrong phone number"`);
  as('Kim');
  run(`review-deployment ${discharge} --env production -m "It was right" --yes`);

  as('Ana', 'ana@home.example');
  run(`propose ${letter} -m "For the insurance"`);
  as('Ravi');
  run(`reject ${letter} -m "Says too much" --yes`);
  as('Ana', 'ana@home.example');
  write(discharge!, 'Write for the patient, in plain words. Name a phone number.\n');
  run(`propose ${discharge} -m "A phone number"`);
  run('recorder pause -m "Cleaning up"');
  run('recorder resume');
  as('Auditor', 'auditor@firm.example');
}

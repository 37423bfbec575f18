import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git } from './git.js';
import { temporaryFolder } from './temporary.js';

/** Somebody whom git names. */
export interface ClinicPerson {
  readonly name: string;
  readonly email: string;
}

export const ana: ClinicPerson = { name: 'Ana Author', email: 'ana@clinic.example' };
export const ravi: ClinicPerson = { name: 'Ravi Reviewer', email: 'ravi@clinic.example' };
export const rosa: ClinicPerson = { name: 'Rosa Release', email: 'rosa@clinic.example' };

/** A bare remote with prompts on main, and clones of it. */
export interface Clinic {
  readonly folder: string;
  readonly remote: string;
  /** Makes a person's clone and gives its folder. */
  readonly clone: (person: ClinicPerson) => string;
  readonly remove: () => void;
}

const clinicFiles: Readonly<Record<string, string>> = {
  'prompts/triage.prompt.md':
    '---\nmode: ask\nmodel: gpt-4.1\n---\nYou triage messages of patients.\nAnswer with: emergency, today, routine.\n',
  'prompts/discharge.prompt.yml':
    'name: Discharge letter\nmodel: openai/gpt-4.1\nmessages:\n  - role: system\n    content: Write for the patient, in plain words.\n',
  'README.md': '# Clinic\n',
};

/** A repository of a clinic in a temporary folder. */
export function makeClinic(files: Readonly<Record<string, string>> = clinicFiles): Clinic {
  const { path: folder, remove } = temporaryFolder('clinic');
  const remote = path.join(folder, 'remote.git');
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  const clone = (person: ClinicPerson): string => {
    const target = path.join(folder, person.name.split(' ')[0]?.toLowerCase() ?? 'clone');
    git(folder, 'clone', '--quiet', remote, target);
    git(target, 'config', 'user.name', person.name);
    git(target, 'config', 'user.email', person.email);
    git(target, 'config', 'commit.gpgsign', 'false');
    return target;
  };
  const first = clone({ name: 'Seed', email: 'seed@clinic.example' });
  git(first, 'switch', '--quiet', '--create', 'main');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(first, file)), { recursive: true });
    writeFileSync(path.join(first, file), text);
  }
  git(first, 'add', '--all');
  git(first, 'commit', '--quiet', '--message=Prompts of the clinic');
  git(first, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  return { folder, remote, clone, remove };
}

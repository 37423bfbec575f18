// Makes the demo workspace in .demo/: a bare remote and the clone of a reviewer, with a history that
// three people made through the command line. `npm start` calls it; it can also be run alone.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readme } from './lib/demoPrompts.mjs';
import { story } from './lib/demoStory.mjs';
import { root, run } from './lib/project.mjs';

export const demoFolder = path.join(root, '.demo');
/** What is opened: the clone of Ravi, for whom reviews wait. */
export const demoWorkspace = path.join(demoFolder, 'clinic');

const people = {
  ana: { name: 'Ana Author', email: 'ana@clinic.example' },
  ravi: { name: 'Ravi Reviewer', email: 'ravi@clinic.example' },
  rosa: { name: 'Rosa Release', email: 'rosa@clinic.example' },
};

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** Written last, so that an interrupted run is not taken for a demo. */
const mark = path.join(demoFolder, 'made.json');

/** Makes the demo where there is none, or anew with `reset`. Needs dist/cli.js. */
export async function makeDemo({ reset = false, log = console.log } = {}) {
  if (existsSync(mark) && !reset) return { made: false };
  const started = Date.now();
  const remote = path.join(demoFolder, 'remote.git');
  const others = path.join(demoFolder, 'others');
  for (const old of [mark, remote, others, demoWorkspace])
    rmSync(old, { recursive: true, force: true });
  mkdirSync(others, { recursive: true });
  await git(demoFolder, 'init', '--quiet', '--bare', '--initial-branch=main', remote);

  const clones = {
    ana: path.join(others, 'ana'),
    rosa: path.join(others, 'rosa'),
    ravi: demoWorkspace,
  };
  for (const [key, clone] of Object.entries(clones)) {
    await cloneFor(people[key], remote, clone);
    if (key === 'ana') await seed(clone);
    else await cli(clone, ['sync']);
  }
  for (const [index, step] of story.entries()) {
    progress(log, index, step);
    await play(clones[step.who], step);
  }
  await publish(clones.ana, 'Prompts as proposed');
  await git(clones.ravi, 'pull', '--quiet', '--ff-only');
  await cli(clones.ravi, ['sync']);
  rmSync(others, { recursive: true, force: true });
  writeFileSync(mark, JSON.stringify({ steps: story.length }));
  log(`Demo made in ${Math.round((Date.now() - started) / 1000)} s: .demo/clinic`);
  return { made: true };
}

export function demoIsThere() {
  return existsSync(mark);
}

async function cloneFor(person, remote, folder) {
  await git(demoFolder, 'clone', '--quiet', remote, folder);
  await git(folder, 'config', 'user.name', person.name);
  await git(folder, 'config', 'user.email', person.email);
  await git(folder, 'config', 'commit.gpgsign', 'false');
}

/** The first commit, with the policy that the three agreed on. */
async function seed(clone) {
  await git(clone, 'switch', '--quiet', '--create', 'main');
  writeFileSync(path.join(clone, 'README.md'), readme);
  await git(clone, 'add', '--all');
  await git(clone, 'commit', '--quiet', '--message=Start the prompts of the clinic');
  await git(clone, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  await cli(clone, ['init', '--preset=team', '--yes']);
  await publish(clone, 'Agree on the audit policy');
  await cli(clone, ['sync']);
}

async function play(clone, step) {
  if (step.write !== undefined) {
    const file = path.join(clone, step.write.path);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, step.write.text);
  }
  await cli(clone, step.command, step.refused ? 1 : 0);
}

async function publish(clone, message) {
  await git(clone, 'add', '--all');
  await git(clone, 'commit', '--quiet', `--message=${message}`);
  await git(clone, 'push', '--quiet');
}

async function git(cwd, ...args) {
  const { status, output } = await run('git', args, { cwd, capture: true, env: environment });
  if (status !== 0) throw new Error(`The demo stopped: git ${args.join(' ')}\n${output.trim()}`);
}

async function cli(cwd, args, expected = 0) {
  const { status, output } = await run(
    process.execPath,
    [path.join(root, 'dist/cli.js'), ...args],
    {
      cwd,
      capture: true,
      env: environment,
    },
  );
  if (status !== expected)
    throw new Error(
      `The demo stopped: prompt-audit ${args.join(' ')} ended with ${status}, not ${expected}.\n` +
        output.trim(),
    );
}

function progress(log, index, { who, command }) {
  const [verb, file] = command;
  const text = `${people[who].name}: ${verb} ${path.posix.basename(file)}`;
  const count = `${index + 1}/${story.length}`;
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K  ${count}  ${text}`);
  else if (index % 10 === 0) log(`  ${count}  ${text}`);
  if (process.stdout.isTTY && index + 1 === story.length) process.stdout.write('\r\x1b[2K');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await makeDemo({ reset: true });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

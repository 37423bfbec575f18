import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { missingPrograms } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { GateWorld, letter, triage } from './support/gateWorld.js';
import { programFile, type Env } from './support/program.js';
import type { Clone } from './support/world.js';

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');
const yaml = (file: string): Record<string, unknown> =>
  parse(read(file)) as Record<string, unknown>;

/** What a host puts in the place of `${{ … }}`; an expression that is not named here is a mistake. */
function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ (.+?) \}\}/g, (_, name: string) => {
    assert.ok(name in values, `nobody knows ${name}`);
    return values[name]!;
  });
}

const missing = missingPrograms(['bash', 'git', 'sha256sum']);

describe('the gate on hosts', function () {
  this.timeout(120_000);
  if (missing.length > 0) {
    it(`(not run: no ${missing.join(', ')} here)`);
    return;
  }
  let at: GateWorld;
  let sums = '';
  let tools = '';
  let mergeRef = '';
  let pushed = '';
  before(async () => {
    at = await GateWorld.begin('gate-hosts');
    tools = path.join(at.world.path, 'program');
    mkdirSync(tools);
    for (const file of ['cli.js', 'sql-wasm.wasm']) {
      const from = path.join(path.dirname(programFile), file);
      copyFileSync(from, path.join(tools, file));
      sums += `${createHash('sha256').update(readFileSync(from)).digest('hex')}  ${file}\n`;
    }
    at.branch('good');
    at.ada.write(triage, 'Triage, good.\n');
    await at.approve(triage);
    at.push();
    at.mergeRef('good', 8);
    at.branch('feature');
    at.ada.write(letter, 'Letter, denied.\n');
    at.push();
    pushed = at.ada.git('rev-parse', 'HEAD').trim();
    mergeRef = at.mergeRef('feature', 7);
  });
  after(() => at.end());

  /** Runs a step as a runner does; the outputs are of one stream. */
  const runStep = (
    clone: Clone,
    step: Step,
    values: Readonly<Record<string, string>>,
    env: Env,
  ): { readonly status: number | null; readonly out: string } => {
    assert.equal(step.shell, 'bash');
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text, values)]);
    assert.doesNotMatch(step.run!, /\$\{\{/, 'no expression in a script');
    const { status, stdout } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', `exec 2>&1\n${step.run!}`],
      {
        cwd: clone.folder,
        env: { ...clone.env, ...env, ...(Object.fromEntries(own) as Env) },
        encoding: 'utf8',
      },
    );
    return { status, out: stdout };
  };

  /** A clone as actions/checkout makes it of the branch that is merged into, with the program in it. */
  const checkedOut = (): Clone => {
    const ci = at.ci('refs/heads/main');
    const folder = ci.path('tools/prompt-audit');
    mkdirSync(folder, { recursive: true });
    for (const file of ['cli.js', 'sql-wasm.wasm'])
      copyFileSync(path.join(tools, file), path.join(folder, file));
    return ci;
  };

  describe('GitHub', () => {
    const host = (number: number, head: string): Record<string, string> => ({
      'github.event.number': String(number),
      'github.event.pull_request.base.ref': 'main',
      'github.event.pull_request.head.sha': head,
      'github.event.merge_group.base_sha': at.ada.git('rev-parse', 'origin/main').trim(),
      'github.event.merge_group.head_sha': head,
      'runner.temp': at.world.path,
    });
    const actions = (): Env => ({
      GITHUB_ACTIONS: 'true',
      PROMPT_AUDIT: 'tools/prompt-audit',
      PROMPT_AUDIT_SHA256: sums,
    });
    const stepsOf = (file: string): readonly Step[] => {
      const { jobs } = yaml(file) as { jobs: { gate: { steps: Step[] } } };
      return jobs.gate.steps.filter(({ run }) => run !== undefined);
    };

    it('has workflows that may only read, and check out nothing of a pull request', () => {
      for (const name of ['github-gate', 'github-release']) {
        const found = yaml(`docs/ci/${name}.yml`) as {
          permissions: unknown;
          jobs: { gate: { env: Record<string, string>; steps: (Step & { with?: object })[] } };
        };
        assert.deepEqual(found.permissions, { contents: 'read' });
        assert.deepEqual(Object.keys(found.jobs.gate.env), ['PROMPT_AUDIT', 'PROMPT_AUDIT_SHA256']);
        const checkout = found.jobs.gate.steps.find(({ uses }) =>
          uses?.startsWith('actions/checkout'),
        );
        assert.equal(checkout?.with, undefined);
      }
    });

    it('runs the steps of a pull request and of a merge queue', () => {
      const ci = checkedOut();
      const [check, change, queue] = stepsOf('docs/ci/github-gate.yml');
      assert.equal(runStep(ci, check!, {}, actions()).status, 0);
      const denied = runStep(ci, change!, host(7, pushed), actions());
      assert.equal(denied.status, 1, denied.out);
      assert.match(denied.out, /^::error file=prompts\/letter\.prompt\.md,line=1,/m);
      const good = at.ada.git('rev-parse', 'origin/good').trim();
      const allowed = runStep(ci, change!, host(8, good), actions());
      assert.equal(allowed.status, 0, allowed.out);
      assert.ok(existsSync(path.join(at.world.path, 'prompt-audit.checkpoint')));
      const late = runStep(ci, change!, host(8, pushed), actions());
      assert.equal(late.status, 2);
      assert.match(late.out, /^::error title=Prompt Audit%3A no answer::.*does not hold/m);
      assert.equal(runStep(ci, queue!, host(0, good), actions()).status, 0);
      assert.equal(runStep(ci, queue!, host(0, pushed), actions()).status, 1);
      assert.deepEqual(
        [change!.if, queue!.if],
        ["github.event_name == 'pull_request_target'", "github.event_name == 'merge_group'"],
      );
    });

    it('refuses a program that is not the reviewed one', () => {
      const ci = checkedOut();
      const [check] = stepsOf('docs/ci/github-gate.yml');
      writeFileSync(ci.path('tools/prompt-audit/cli.js'), 'process.exit(0)\n');
      assert.notEqual(runStep(ci, check!, {}, actions()).status, 0);
    });

    it('runs the steps of a release', () => {
      const [check, release] = stepsOf('docs/ci/github-release.yml');
      const ci = checkedOut();
      assert.equal(runStep(ci, check!, {}, actions()).status, 0);
      const { status, out } = runStep(ci, release!, {}, actions());
      assert.equal(status, 0, out);
    });

    it('runs the action, with the program beside it or elsewhere', () => {
      const { runs, inputs } = yaml('.github/actions/gate/action.yml') as {
        runs: { using: string; steps: Step[] };
        inputs: Record<string, { default: string; description: string }>;
      };
      assert.equal(runs.using, 'composite');
      for (const { description } of Object.values(inputs)) assert.ok(description.length > 10);
      const given = (more: Record<string, string>): Record<string, string> => ({
        ...Object.fromEntries(
          Object.entries(inputs).map(([name, { default: text }]) => [`inputs.${name}`, text]),
        ),
        ...more,
      });
      const ci = at.ci(mergeRef);
      const env = { GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: tools };
      const [check, gate] = runs.steps;
      const beside = given({ 'inputs.base': 'main' });
      assert.equal(runStep(ci, check!, beside, env).status, 0);
      const denied = runStep(ci, gate!, beside, env);
      assert.equal(denied.status, 1, denied.out);
      const elsewhere = given({ 'inputs.folder': tools, 'inputs.env': 'production' });
      assert.equal(runStep(ci, check!, elsewhere, env).status, 3, 'it needs the sums');
      const whole = {
        ...elsewhere,
        'inputs.sha256': sums,
        'inputs.checkpoint': path.join(at.world.path, 'c'),
      };
      assert.equal(runStep(ci, check!, whole, env).status, 0);
      assert.notEqual(
        runStep(ci, check!, { ...whole, 'inputs.sha256': sums.replace(/[0-9a-f]/, 'g') }, env)
          .status,
        0,
      );
      assert.equal(runStep(ci, gate!, whole, env).status, 1);
      assert.ok(existsSync(path.join(at.world.path, 'c')));
    });
  });

  describe('GitLab', () => {
    it('runs the scripts of both jobs', () => {
      const jobs = yaml('docs/ci/gitlab-gate.yml') as Record<
        string,
        {
          script: string[];
          variables: Record<string, unknown>;
          artifacts?: { reports: { codequality: string } };
        }
      >;
      const ci = checkedOut();
      ci.git('fetch', '--quiet', '--depth=1', 'origin', 'feature');
      ci.git('checkout', '--quiet', '--force', 'FETCH_HEAD');
      const run = (job: string, project = '7'): ReturnType<typeof runStep> => {
        const env = {
          CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
          CI_PROJECT_ID: '7',
          CI_MERGE_REQUEST_PROJECT_ID: project,
          CI_COMMIT_SHA: pushed,
          PROMPT_AUDIT: String(jobs[job]!.variables['PROMPT_AUDIT']),
          PROMPT_AUDIT_SHA256: sums,
        };
        return runStep(ci, { shell: 'bash', run: jobs[job]!.script.join('\n') }, {}, env);
      };
      const fork = run('prompt-audit-gate', '8');
      assert.equal(fork.status, 3);
      assert.match(fork.out, /merge request of a fork/);
      const gate = run('prompt-audit-gate');
      assert.equal(gate.status, 1, gate.out);
      const report = jobs['prompt-audit-gate']!.artifacts!.reports.codequality;
      const [row] = JSON.parse(readFileSync(ci.path(report), 'utf8')) as {
        location: { path: string };
      }[];
      assert.equal(row!.location.path, letter);
      const release = run('prompt-audit-release');
      assert.equal(release.status, 1, release.out);
      assert.match(release.out, /^deny +present/m);
    });
  });

  describe("a server of one's own", () => {
    const push = (
      from: Clone,
      ...refs: string[]
    ): { readonly status: number | null; readonly said: string } => {
      const { status, stderr } = spawnSync('git', ['push', 'origin', ...refs], {
        cwd: from.folder,
        env: from.env,
        encoding: 'utf8',
      });
      return { status, said: stderr };
    };
    const install = (remote: string): void => {
      const hook = path.join(remote, 'hooks', 'pre-receive');
      mkdirSync(path.dirname(hook), { recursive: true });
      writeFileSync(hook, read('docs/ci/pre-receive').replace('/opt/prompt-audit', tools));
      chmodSync(hook, 0o755);
    };
    const main = (): string =>
      execFileSync('git', ['rev-parse', 'main'], { cwd: at.remote, encoding: 'utf8' }).trim();
    before(() => install(at.remote));

    it('refuses a push that is not approved, and takes one that is', () => {
      const before = main();
      const refused = push(at.ada, 'feature:main');
      assert.notEqual(refused.status, 0);
      assert.match(refused.said, /remote: deny +changed .*letter\.prompt\.md/);
      assert.match(refused.said, /remote: prompt-audit: main was not changed/);
      assert.equal(main(), before);
      const taken = push(at.ada, 'good:main');
      assert.equal(taken.status, 0, taken.said);
      assert.match(taken.said, /remote: allow +changed .*triage\.prompt\.md/);
      assert.notEqual(main(), before);
    });

    it('judges only protected branches, and lets the trail be synced', async () => {
      assert.equal(push(at.ada, 'feature:work').status, 0);
      at.branch('more');
      at.ada.write(letter, 'Letter, more.\n');
      await at.approve(letter);
      at.push();
      const { status, said } = push(at.ada, 'more:main');
      assert.equal(status, 0, said);
    });

    it('lets nobody delete or replace a protected branch or the trail', () => {
      for (const ref of [':main', ':prompt-audit']) {
        const { status, said } = push(at.ada, ref);
        assert.notEqual(status, 0);
        assert.match(said, /may not be deleted/);
      }
      for (const ref of ['+main~1:main', '+feature:prompt-audit']) {
        at.ada.git('fetch', '--quiet', 'origin');
        const { status, said } = push(at.ada, ref.replace('main~1', 'origin/main~1'));
        assert.notEqual(status, 0);
        assert.match(said, /history of \S+ may not be replaced/);
      }
    });

    it('judges nothing before there are rules', async () => {
      const remote = at.world.remote('young.git');
      install(remote);
      const young = at.world.clone(remote, 'young', { name: 'Ada', email: 'ada@clinic.example' });
      young.write(triage, 'First.\n');
      young.git('switch', '--quiet', '--create', 'main');
      young.git('add', '--all');
      young.git('commit', '--quiet', '--message=First');
      assert.match(push(young, 'main').said, /no policy yet, so main is not judged|new branch/);
      await young.ok('init', '--yes');
      young.git('add', '--all');
      young.git('commit', '--quiet', '--message=Policy');
      assert.match(push(young, 'main').said, /no policy yet, so main is not judged/);
      young.write(triage, 'Second.\n');
      young.git('commit', '--quiet', '--all', '--message=Second');
      const refused = push(young, 'main');
      assert.notEqual(refused.status, 0);
      assert.match(refused.said, /remote: deny +changed .*triage/);
    });
  });
});

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { isPromptAuditError } from '../../src/core/errors.js';
import type { Progress } from '../../src/core/watch.js';
import type { Trail } from '../../src/trail/api.js';
import type { ImportReport } from '../../src/trail/importApi.js';
import { initTrail, openTrail } from '../../src/trail/openTrail.js';
import { Clinic } from '../tools/clones.js';
import { cut, plainCount, type PlainCount } from '../tools/generatedCount.js';
import { generateHistory } from '../tools/generatedHistory.js';
import { git } from '../tools/git.js';

const options = (folder: string) => ({ folder, tool: 'test/1', source: 'cli' }) as const;

function prepared(folder: string, commits: number, seed: number): void {
  generateHistory({ folder, commits, seed });
  git(folder, 'config', 'user.name', 'Ana');
  git(folder, 'config', 'user.email', 'ana@clinic.example');
}

/** The facts of a ledger in the form of `plainCount`. */
async function factsOf(trail: Trail, { who }: PlainCount): Promise<Facts> {
  const facts: Facts = { revisions: [], moves: [], removals: [] };
  for (const { id } of await trail.log()) {
    const { row, bodyText } = (await trail.detail(id))!;
    const body = JSON.parse(bodyText ?? '{}') as Record<string, string>;
    const by = who.get(body['commit']!)!;
    const text = (...parts: string[]): string => [...parts, by].join(cut);
    if (row.type === 'revision.observed')
      facts.revisions.push(text(body['path']!, row.digest!.slice('sha256:'.length)));
    if (row.type === 'prompt.moved') facts.moves.push(text(body['from']!, body['to']!));
    if (row.type === 'prompt.removed') facts.removals.push(text(body['path']!));
  }
  return facts;
}

type Facts = Record<'revisions' | 'moves' | 'removals', string[]>;

/** Each once, and no other. */
function assertSame(facts: Facts, plain: PlainCount): void {
  for (const kind of ['revisions', 'moves', 'removals'] as const)
    assert.deepEqual(facts[kind].sort(), [...plain[kind]].sort(), kind);
}

describe('the import of a history', function () {
  this.timeout(240_000);
  let below = '';
  let folder = '';
  let plain: PlainCount;
  let trail: Trail;
  let dry: ImportReport;
  let done: ImportReport;

  before(async () => {
    below = realpathSync(mkdtempSync(join(tmpdir(), 'import-')));
    folder = join(below, 'made');
    prepared(folder, 2000, 7);
    plain = plainCount(folder);
    await initTrail(options(folder), { preset: 'team' });
    trail = await openTrail(options(folder));
    dry = await trail.importHistory({ dryRun: true });
    done = await trail.importHistory();
  });

  after(async () => {
    await trail.close();
    rmSync(below, { recursive: true, force: true });
  });

  it('records what plain git counts, each change once', async () => {
    const { totals } = done;
    assert.equal(totals.commits, plain.commits);
    assert.equal(totals.revisions, plain.revisions.size);
    assert.equal(totals.moves, plain.moves.size);
    assert.equal(totals.removals, plain.removals.size);
    assert.equal(totals.unread, plain.unread);
    assert.ok(plain.unread > 0 && plain.moves.size > 50 && plain.removals.size > 20);
    const facts = await factsOf(trail, plain);
    assertSame(facts, plain);
    // The bytes of every file that ever was are known.
    const digests = new Set(facts.revisions.map((fact) => fact.split(cut)[1]));
    for (const pair of plain.pairs) assert.ok(digests.has(pair.split(cut)[1]), pair);
  });

  it('says before what it will do', () => {
    assert.deepEqual({ ...dry, dryRun: false }, done);
  });

  it('finds nothing new when it is run again', async () => {
    const { size } = await trail.point();
    const again = await trail.importHistory();
    assert.deepEqual(again.totals, {
      ...{
        commits: plain.commits,
        prompts: 0,
        revisions: 0,
        moves: 0,
        removals: 0,
        deployments: 0,
      },
      unread: plain.unread,
    });
    assert.equal((await trail.point()).size, size);
    const { revisions, moves, removals } = done.totals;
    assert.equal(again.alreadyKnown, revisions + moves + removals);
  });

  it('keeps what was done when it is cancelled, and goes on', async () => {
    const other = join(below, 'cancelled');
    prepared(other, 1500, 11);
    await initTrail(options(other), { preset: 'team' });
    const broken = await openTrail(options(other));
    let far = 0;
    const watch = {
      progress: ({ done, total }: Progress) => void (far = total === null ? 0 : done),
      isCancelled: () => far >= 700,
    };
    await assert.rejects(broken.importHistory({ watch }), (error) =>
      isPromptAuditError(error, 'cancelled'),
    );
    const expected = plainCount(other);
    const { revisions } = await factsOf(broken, expected);
    assert.ok(revisions.length > 0, 'something was kept');
    await broken.close();
    const next = await openTrail(options(other));
    const rest = await next.importHistory();
    assertSame(await factsOf(next, expected), expected);
    assert.ok(rest.totals.revisions < expected.revisions.size);
    // Prompts are the same ones as in an import that nobody ended.
    const straight = join(below, 'straight');
    git(below, 'clone', '--quiet', '--mirror', other, join(straight, '.git'));
    git(straight, 'config', 'core.bare', 'false');
    git(straight, 'config', 'user.name', 'Ana');
    git(straight, 'config', 'user.email', 'ana@clinic.example');
    git(straight, 'remote', 'remove', 'origin');
    git(straight, 'reset', '--quiet', '--hard');
    await initTrail(options(straight), { preset: 'team' });
    const whole = await openTrail(options(straight));
    await whole.importHistory();
    assert.deepEqual(await identities(next), await identities(whole));
    await next.close();
    await whole.close();
  });

  it('makes one prompt of each in two clones that import at the same time', async () => {
    const remote = join(below, 'remote.git');
    const [ana, ravi] = ['ana', 'ravi'].map((name) => join(below, name));
    prepared(ana!, 400, 13);
    git(below, 'clone', '--quiet', '--mirror', ana!, remote);
    git(ana!, 'remote', 'add', 'origin', remote);
    await initTrail(options(ana!), { preset: 'team' });
    git(below, 'clone', '--quiet', remote, ravi!);
    for (const branch of git(ana!, 'for-each-ref', '--format=%(refname:short)', 'refs/heads').split(
      '\n',
    ))
      if (branch !== 'main') git(ravi!, 'branch', '--quiet', branch, `origin/${branch}`);
    git(ravi!, 'config', 'user.name', 'Ravi');
    git(ravi!, 'config', 'user.email', 'ravi@clinic.example');
    git(ravi!, 'checkout', '--quiet', '--detach');
    for (const folder of ['policy.jsonc', 'allowed_signers'])
      cpSync(join(ana!, '.prompt-audit', folder), join(ravi!, '.prompt-audit', folder));
    const alone = { autoSync: false };
    const trails = await Promise.all(
      [ana!, ravi!].map((one) => openTrail({ ...options(one), ...alone })),
    );
    const [first, second] = trails as [Trail, Trail];
    const reports = await Promise.all([first.importHistory(), second.importHistory()]);
    const parts = (of: keyof ImportReport['totals']): number =>
      reports.reduce((sum, { totals }) => sum + totals[of], 0);
    for (const one of [first, second, first]) await one.sync();
    // What both recorded together is what there is, each change once.
    const made = plainCount(ravi!);
    assert.equal(parts('revisions'), made.revisions.size);
    assert.equal(parts('moves'), made.moves.size);
    assert.equal(parts('removals'), made.removals.size);
    const [a, b] = [await first.status(), await second.status()];
    assert.equal(a.ledger.root, b.ledger.root);
    const paths = a.prompts.map(({ path }) => path);
    assert.equal(new Set(paths).size, paths.length);
    assert.equal(new Set(a.prompts.flatMap(({ prompt }) => prompt ?? [])).size, parts('prompts'));
    const again = await first.importHistory();
    assert.equal(again.totals.revisions + again.totals.prompts + again.totals.moves, 0);
    const { findings } = await first.verify({ full: true });
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'info'),
      [],
    );
    for (const one of trails) await one.close();
  });

  it('marks the events, and their bounds, as imported', async () => {
    const rows = await trail.log({ types: ['history.imported'] });
    const bodies = await Promise.all(
      rows.map(
        async ({ id }) =>
          JSON.parse((await trail.detail(id))!.bodyText!) as Record<string, unknown>,
      ),
    );
    assert.deepEqual(
      bodies.map(({ mode }) => mode),
      ['start', 'import'],
    );
    assert.deepEqual(bodies[1]!['totals'], done.totals);
    assert.deepEqual(bodies[1]!['tips'], done.tips);
    const [first] = await trail.log({ types: ['revision.observed'] });
    const body = JSON.parse((await trail.detail(first!.id))!.bodyText!) as Record<string, unknown>;
    assert.equal(body['origin'], 'imported');
  });

  it('takes no end of a shallow clone for the beginning', async () => {
    const shallow = join(below, 'shallow');
    git(below, 'clone', '--quiet', '--depth=5', `file://${folder}`, shallow);
    git(shallow, 'config', 'user.name', 'Ana');
    git(shallow, 'config', 'user.email', 'ana@clinic.example');
    git(shallow, 'remote', 'remove', 'origin');
    await initTrail(options(shallow), { preset: 'team' });
    const short = await openTrail(options(shallow));
    await assert.rejects(short.importHistory(), (e) => isPromptAuditError(e, 'history.shallow'));
    await short.close();
  });

  it('leaves a ledger that verifies', async () => {
    const { findings } = await trail.verify({ full: true });
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'info'),
      [],
    );
  });
});

describe('tags as deployments', function () {
  this.timeout(240_000);
  const clinic = new Clinic();
  let trail: Trail;

  before(async () => {
    clinic.clone('ana');
    const tag = (text: string | null, name: string): void => {
      if (text === null) clinic.git('ana', 'rm', '--quiet', 'triage.prompt.md');
      else clinic.write('ana', 'triage.prompt.md', text);
      clinic.write('ana', 'other.txt', name);
      clinic.commit('ana', name);
      clinic.git('ana', 'tag', '-m', name, name);
    };
    tag('first\n', 'v1');
    tag('first\n', 'v2');
    tag('second\n', 'v3');
    tag(null, 'v4');
    tag('first\n', 'v5');
    await clinic.init('ana');
    trail = await clinic.open('ana');
  });

  after(() => clinic.dispose());

  const asked = { tags: ['v*'], env: 'production' };

  it('are recorded once, as imported: neither approved nor against the policy', async () => {
    const dry = await trail.importHistory({ ...asked, dryRun: true });
    const done = await trail.importHistory(asked);
    assert.deepEqual({ ...dry, dryRun: false }, done);
    assert.equal(done.totals.deployments, 3);
    assert.equal(done.versions, 2);
    const [row, ...more] = await trail.active(null, null);
    assert.equal(more.length, 0);
    assert.equal(row!.imported, clinic.git('ana', 'rev-parse', 'v5^{commit}'));
    assert.deepEqual([row!.order, row!.approvers, row!.policySource], ['unknown', [], null]);
    assert.equal(row!.version.replace('?', ''), 'v1');
    const { findings } = await trail.verify({ full: true });
    assert.deepEqual(
      [...new Set(findings.map(({ code, severity }) => `${code} ${severity}`))],
      ['deployment.imported info'],
    );
    const events = await trail.log({ types: ['deployment.recorded', 'deployment.ended'] });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['deployment.recorded', 'deployment.recorded', 'deployment.ended', 'deployment.recorded'],
    );
    assert.deepEqual((await trail.detail(events[0]!.id))!.reasons, ['deployment.imported']);
    const { size } = await trail.point();
    const again = await trail.importHistory(asked);
    assert.deepEqual([again.totals.deployments, again.versions], [0, 0]);
    assert.equal((await trail.point()).size, size);
  });

  it('never overrule what was deployed here', async () => {
    const policy = `{ "version": 1, "environments": { "development": { "approvals": { "required": 0 } } } }`;
    clinic.write('ana', '.prompt-audit/policy.jsonc', policy);
    clinic.commit('ana', 'policy');
    clinic.write('ana', 'triage.prompt.md', 'third\n');
    await trail.propose({ path: 'triage.prompt.md', note: 'third' });
    await trail.deploy({ target: 'triage.prompt.md', env: 'development', identity: 'git' });
    clinic.commit('ana', 'v6');
    clinic.write('ana', 'triage.prompt.md', 'fourth\n');
    clinic.commit('ana', 'v7');
    clinic.git('ana', 'tag', 'v7');
    const report = await trail.importHistory({ ...asked, env: 'development' });
    assert.equal(report.totals.deployments, 0);
    assert.match(report.caveats.join(), /triage\.prompt\.md was deployed to development here/);
  });

  it('need an environment that the policy has, and refs that are there', async () => {
    const wrong = trail.importHistory({ tags: ['v*'], env: 'moon' });
    await assert.rejects(wrong, (error) => isPromptAuditError(error, 'environment.unknown'));
    const unknown = trail.importHistory({ refs: ['nowhere'] });
    await assert.rejects(unknown, (error) => isPromptAuditError(error, 'ref.unknown'));
  });
});

/** Which paths and commits are one prompt, whatever its id. */
async function identities(trail: Trail): Promise<string[]> {
  const prompts = new Map<string, string[]>();
  for (const { id } of await trail.log({ types: ['revision.observed', 'prompt.moved'] })) {
    const { row, bodyText } = (await trail.detail(id))!;
    const body = JSON.parse(bodyText!) as Record<string, string>;
    const facts = prompts.get(row.prompt!) ?? [];
    facts.push(`${body['commit']} ${body['to'] ?? body['path']}`);
    prompts.set(row.prompt!, facts);
  }
  return [...prompts.values()].map((facts) => facts.sort().join('\n')).sort();
}

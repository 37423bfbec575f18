import assert from 'node:assert/strict';
import { answer, catalogue } from '../../src/core/questions/catalogue.js';
import type { Ground } from '../../src/core/questions/ground.js';
import type { QuestionAnswer } from '../../src/core/questions/question.js';
import type { EventId } from '../../src/core/ids.js';
import type { DeploymentRecord } from '../../src/core/state.js';
import { narrowing, scopedQuestion } from '../../src/report/exceptionScope.js';
import { select, type Asked } from '../../src/report/selection.js';
import { selectedEvents } from '../../src/report/selectedEvents.js';
import { plantedCompany, type PlantedCompany } from '../tools/companyFaults.js';

const none: Asked = { prompt: null, env: null, from: null, to: null, deployment: null };
const kinds = catalogue.filter(({ kind }) => kind.startsWith('exceptions.'));

describe('exceptions of a scope', function () {
  this.timeout(60_000);
  let made: PlantedCompany;
  let ground: Ground;

  before(() => {
    made = plantedCompany();
    const { state } = made.company.chain;
    ground = { state, syncedSize: state.size, now: made.company.now };
  });

  /** What export and report show of a question; null: left out. */
  const inScope = (kind: string, asked: Asked): QuestionAnswer | null => {
    const entry = kinds.find((one) => one.kind === kind)!;
    const { params, left, isLeftOut } = scopedQuestion(entry, asked);
    if (isLeftOut) return null;
    const whole = answer(ground, kind, params);
    return left.length === 0 || whole.unanswerable !== undefined
      ? whole
      : narrowing(ground.state, select(ground.state, asked))(whole);
  };
  const ofDeployment = (record: DeploymentRecord): Asked => ({
    ...none,
    prompt: ground.state.deployments.get(record.id)!,
    deployment: record,
  });
  const deploymentsOf = (version: EventId): readonly DeploymentRecord[] =>
    ground.state.versions
      .get(version)!
      .prompt.deployments.filter(({ event }) => event.header.refs.version === version);
  const events = (found: QuestionAnswer | null): readonly unknown[] =>
    found!.rows.map((row) => row['event']);

  for (const name of ['fast-approvals', 'self-approval', 'approver-authority'])
    it(`has those of ${name} in each deployment that they stand behind, and in no other`, () => {
      let seen = 0;
      for (const id of made.planted[name]! as readonly EventId[]) {
        const version = ground.state.decisions.get(id)!.event.id;
        for (const record of deploymentsOf(version)) {
          const found = inScope(`exceptions.${name}`, ofDeployment(record))!;
          assert.ok(events(found).includes(id));
          const approvals = ground.state.versions
            .get(version)!
            .decisions.filter(({ event }) => event.header.refs.decision === 'approved');
          assert.deepEqual(found.population, { of: 'approvals', count: approvals.length });
          seen++;
        }
        const { prompt } = ground.state.versions.get(version)!;
        const other = prompt.deployments.find((one) => one.event.header.refs.version !== version);
        if (other === undefined) continue;
        assert.ok(!events(inScope(`exceptions.${name}`, ofDeployment(other))).includes(id));
      }
      assert.ok(seen > 0);
    });

  for (const env of ['staging', 'production'])
    it(`discloses nothing that is outside of ${env}`, () => {
      const asked = { ...none, env };
      const selection = select(ground.state, asked);
      const chosen = new Set<unknown>(
        selectedEvents(ground.state, selection).map((seq) => ground.state.idAt(seq)),
      );
      for (const { kind } of kinds) {
        const found = inScope(kind, asked);
        if (found === null) continue;
        for (const row of found.rows) {
          if (row['env'] !== undefined) assert.equal(row['env'], env, kind);
          // What was refused there may be of a version that never came there.
          else assert.ok(chosen.has(row['deployment'] ?? row['signed'] ?? row['event']), kind);
        }
      }
      const all = answer(ground, 'exceptions.fast-approvals', {}).population.count;
      assert.ok(inScope('exceptions.fast-approvals', asked)!.population.count < all);
    });

  it('leaves out what is about no prompt', () => {
    const asked = { ...none, env: 'production' };
    assert.equal(inScope('exceptions.reciprocal', asked), null);
    assert.equal(inScope('exceptions.reviews', asked), null);
    assert.notEqual(inScope('exceptions.reciprocal', { ...none, from: '2020-01-01' }), null);
  });

  it('asks of a prompt whose path was redacted about that prompt alone', () => {
    const [id] = made.planted['fast-approvals']! as readonly EventId[];
    const { prompt } = ground.state.decisions.get(id!)!;
    const asked = { ...none, prompt };
    const usual = inScope('exceptions.fast-approvals', asked);
    const { path } = prompt;
    try {
      (prompt as { path: string | null }).path = null;
      const found = inScope('exceptions.fast-approvals', asked);
      assert.deepEqual(events(found), events(usual));
      assert.deepEqual(found!.population, usual!.population);
    } finally {
      (prompt as { path: string | null }).path = path;
    }
  });

  it('has no export of another scope', () => {
    const selection = select(ground.state, { ...none, env: 'production' });
    const types = new Set(
      selectedEvents(ground.state, selection).map((seq) => ground.state.typeAt(seq)),
    );
    assert.ok(types.has('policy.adopted'));
    assert.ok(!types.has('trail.exported'));
  });
});

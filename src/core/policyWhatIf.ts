import { versionVerdict } from './approvals.js';
import { decisionVerdict } from './decisionVerdict.js';
import { upTo } from './eventRows.js';
import type { EventOf } from './event.js';
import type { AdoptedFiles } from './identities.js';
import type { EventId } from './ids.js';
import { versionLabel } from './labels.js';
import type { Policy } from './policy.js';
import type { PersonRef } from './rows.js';
import { ancestorsOf, everything, type LedgerState, type VersionRecord } from './state.js';
import { takenByRedaction } from './takenByRedaction.js';
import { deploymentVerdict, replayedDeployment, type Verdict } from './verdicts.js';

/** A policy as a judge of what was recorded, with the files that go with it. */
export interface Rules {
  readonly policy: Policy;
  readonly files: AdoptedFiles;
}

/** What one policy says of one event. */
export interface Judgement {
  readonly allowed: boolean;
  /** Reason codes (reasons.ts); empty where it is allowed. */
  readonly reasons: readonly string[];
  /** True where a redaction alone may be why it is not allowed; else absent. */
  readonly untold?: true;
}

/** An event, and what two policies say of it. */
export interface WhatIfRow {
  /**
   * `deployment`: recorded, whatever was said of it. `approval`: recorded. `refusal`: an approval or a deployment that was
   * refused. `version`: whether it is approved now.
   */
  readonly kind: 'deployment' | 'approval' | 'refusal' | 'version';
  readonly event: EventId;
  readonly seq: number;
  readonly at: string;
  readonly path: string;
  readonly version: string;
  readonly env: string | null;
  readonly by: PersonRef;
  /** Whether the deployment is the active one there; of other kinds false. */
  readonly active: boolean;
  readonly before: Judgement;
  readonly after: Judgement;
}

export interface WhatIf {
  /** What was looked at, by kind. */
  readonly counts: Readonly<Record<WhatIfRow['kind'], number>>;
  /** Imported deployments, and those of versions that are not here: no policy was or can be asked. */
  readonly notJudged: number;
  /** Of which nobody can tell what one of the two says, because of a redaction. */
  readonly untold: number;
  /** Those of which the two say different things, in the agreed order. */
  readonly differing: readonly WhatIfRow[];
}

interface Question {
  readonly state: LedgerState;
  readonly syncedSize: number;
  /** Null: the policy that judged when each event was recorded, and for versions the one in force now. */
  readonly before: Rules | null;
  readonly inForce: Rules;
  readonly after: Rules;
  /** ISO 8601, by the recorders' clocks; null: without a bound. */
  readonly from: string | null;
  readonly to: string | null;
  /** When versions are judged, ISO 8601. */
  readonly now: string;
}

/** Holds two policies against everything that was recorded; each event is judged by its ancestors alone. */
export function whatIf(question: Question): WhatIf {
  const { state, from, to } = question;
  const judge = new Judge(question);
  const rows: WhatIfRow[] = [];
  const counts = { deployment: 0, approval: 0, refusal: 0, version: 0 };
  let notJudged = 0;
  let untold = 0;
  const add = (row: WhatIfRow | null): void => {
    if (row === null) {
      notJudged++;
      return;
    }
    if (row.before.untold === true || row.after.untold === true) {
      untold++;
      return;
    }
    counts[row.kind]++;
    if (row.before.allowed !== row.after.allowed) rows.push(row);
  };
  const isMeant = (at: string): boolean =>
    (from === null || at >= from) && (to === null || at < to);
  for (const prompt of state.prompts.values())
    for (const { event, seq, at } of prompt.deployments)
      if (isMeant(at)) add(judge.deployment(event, seq));
  for (const version of state.versions.values()) {
    if (isMeant(version.event.header.at)) add(judge.version(version));
    for (const { event, seq } of version.decisions)
      if (event.header.refs.decision === 'approved' && isMeant(event.header.at))
        add(judge.approval(version, event, seq));
  }
  for (const seq of state.seqsOfType('attempt.denied')) {
    const event = state.event(seq);
    if (!event.known || event.type !== 'attempt.denied' || !isMeant(event.header.at)) continue;
    add(judge.refusal(event, seq));
  }
  return { counts, notJudged, untold, differing: rows.sort((a, b) => a.seq - b.seq) };
}

class Judge {
  readonly #question: Question;
  readonly #active: ReadonlySet<EventId>;

  constructor(question: Question) {
    this.#question = question;
    const newest = new Map<string, EventId>();
    for (const { id, deployments } of question.state.prompts.values())
      for (const { env, id: event, succeeded } of deployments)
        if (succeeded) newest.set(`${id} ${env}`, event);
    this.#active = new Set(newest.values());
  }

  deployment(event: EventOf<'deployment.recorded'>, seq: number): WhatIfRow | null {
    const { state, before, after } = this.#question;
    const { refs, who, at } = event.header;
    const version = state.versions.get(refs.version);
    if (version === undefined || refs.commit !== undefined) return null;
    const scope = ancestorsOf(state, seq);
    const told = (verdict: Verdict, policy: Policy | null): Judgement =>
      judgement(
        verdict,
        takenByRedaction({ state, version, scope, who, verdict, policy }) !== null,
      );
    const by = (rules: Rules): Judgement =>
      told(
        deploymentVerdict({
          ...this.#scoped(rules, version, seq),
          who: state.persons.actor(who, scope),
          env: refs.env,
          at,
          act: seq,
        }),
        rules.policy,
      );
    const then = before === null ? replayedDeployment(state, event, seq) : null;
    return this.#row(
      'deployment',
      { event, seq, version, env: refs.env },
      {
        before: before === null ? told(then!, null) : by(before),
        after: by(after),
      },
    );
  }

  approval(version: VersionRecord, event: EventOf<'review.decided'>, seq: number): WhatIfRow {
    const { before, after } = this.#question;
    const { who, writer, refs } = event.header;
    const by = (rules: Rules): Judgement => {
      const { state } = this.#question;
      const { body } = event;
      const verdict = decisionVerdict({
        ...this.#scoped(rules, version, seq),
        who: state.persons.actor(who, ancestorsOf(state, seq)),
        decision: 'approved',
        envs: refs.envs ?? null,
        writer,
        ...(body === null ? {} : { words: { reason: body.reason, meaning: body.meaning } }),
      });
      const scope = ancestorsOf(state, seq);
      const { policy } = rules;
      const taken = takenByRedaction({ state, version, scope, who, verdict, policy });
      return judgement(verdict, taken !== null);
    };
    // What was recorded had been allowed.
    const then = { allowed: true, reasons: [] };
    return this.#row(
      'approval',
      { event, seq, version, env: null },
      {
        before: before === null ? then : by(before),
        after: by(after),
      },
    );
  }

  /** Null where it was neither an approval nor a deployment, or its version is not here. */
  refusal(event: EventOf<'attempt.denied'>, seq: number): WhatIfRow | null {
    const { state, before, after } = this.#question;
    const { refs, who, at, writer } = event.header;
    const version = state.versions.get(refs.version);
    if (version === undefined || (refs.decision !== null && refs.decision !== 'approved'))
      return null;
    const by = (rules: Rules): Judgement => {
      const question = {
        ...this.#scoped(rules, version, seq),
        who: state.persons.actor(who, ancestorsOf(state, seq)),
      };
      return judgement(
        refs.env === null
          ? decisionVerdict({ ...question, decision: 'approved', writer })
          : deploymentVerdict({ ...question, env: refs.env, at, act: null }),
      );
    };
    const then = {
      allowed: false,
      reasons: [...new Set((event.body?.reasons ?? []).map(({ code }) => code))],
    };
    return this.#row(
      'refusal',
      { event, seq, version, env: refs.env },
      {
        before: before === null ? then : by(before),
        after: by(after),
      },
    );
  }

  version(version: VersionRecord): WhatIfRow {
    const { state, before, after, inForce, now } = this.#question;
    const by = ({ policy, files }: Rules): Judgement => {
      const question = { state, version, policy, files, scope: everything, env: null, at: now };
      const verdict = versionVerdict(question);
      const taken = takenByRedaction({ ...question, verdict });
      return judgement({ ...verdict, allowed: verdict.approved }, taken !== null);
    };
    return this.#row(
      'version',
      { event: version.event, seq: version.seq, version, env: null },
      {
        before: by(before ?? inForce),
        after: by(after),
      },
    );
  }

  #scoped({ policy, files }: Rules, version: VersionRecord, seq: number) {
    const { state } = this.#question;
    return { state, policy, files, version, scope: ancestorsOf(state, seq) };
  }

  #row(
    kind: WhatIfRow['kind'],
    about: {
      readonly event: WhatIfEvent;
      readonly seq: number;
      readonly version: VersionRecord;
      readonly env: string | null;
    },
    said: Pick<WhatIfRow, 'before' | 'after'>,
  ): WhatIfRow {
    const { state, syncedSize } = this.#question;
    const { event, seq, version, env } = about;
    return {
      kind,
      event: event.id,
      seq,
      at: event.header.at,
      path: version.prompt.path ?? version.event.body?.path ?? '(redacted path)',
      version: versionLabel(version, syncedSize),
      env,
      by: state.persons.ref(event.header.who, upTo(seq)),
      active: this.#active.has(event.id),
      ...said,
    };
  }
}

type WhatIfEvent = EventOf<
  'deployment.recorded' | 'review.decided' | 'attempt.denied' | 'version.proposed'
>;

function judgement({ allowed, reasons }: Verdict, isUntold = false): Judgement {
  const codes = reasons.map(({ code }) => code);
  return { allowed, reasons: codes, ...(isUntold ? { untold: true } : {}) };
}

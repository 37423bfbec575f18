import type { ReportDocument, Section } from './document.js';
import type { ReportFacts } from './reportFacts.js';
import { changesSection } from './sections/changes.js';
import { deploymentSection } from './sections/deployment.js';
import { exceptionsSection } from './sections/exceptions.js';
import { ledgerSections } from './sections/integrity.js';
import { methodSections } from './sections/method.js';
import { populationSections } from './sections/population.js';
import { summarySection } from './sections/summary.js';

/** The report on a deployment, a prompt, an environment or a period. Pure: the same facts make the same document. */
export function reportDocument(facts: ReportFacts): ReportDocument {
  const { method, selection, view } = facts;
  const { deployment, prompt, env, from, to } = selection.asked;
  const [only] = deployment === null ? [] : facts.deployments;
  const sections: readonly Section[] = [
    summarySection(facts),
    ...(only === undefined ? populationSections(facts) : [deploymentSection(facts, only)]),
    changesSection(facts),
    exceptionsSection(facts),
    ...ledgerSections(facts),
    ...methodSections(facts),
  ];
  const title =
    deployment !== null
      ? 'Report on one deployment'
      : prompt !== null
        ? 'Report on one prompt'
        : from !== null || to !== null
          ? 'Report on a period'
          : env !== null
            ? 'Report on an environment'
            : 'Report on the whole trail';
  return {
    title,
    subtitle: method.scope,
    tool: method.tool,
    cover: [
      { name: 'Repository', value: method.repository },
      { name: 'Scope', value: method.scope },
      { name: 'Generated at', value: view.generatedAt },
      { name: 'Command', value: method.command, isCode: true },
      { name: 'Program', value: method.tool },
      { name: 'Ledger', value: view.point.id, isCode: true },
      {
        name: 'Ledger head',
        value: `${view.point.size} events\nroot ${view.point.root}`,
        isCode: true,
      },
    ],
    sections,
  };
}

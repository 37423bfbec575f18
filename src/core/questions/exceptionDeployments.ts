import { deploymentColumns, deploymentRow } from './deploymentRow.js';
import { periodCaveats, type Answering } from './ground.js';
import { importedCaveats, judgedIn } from './judged.js';

/** Q8: deployments that the policy of their time does not allow, by what their deployers had seen. */
export const unallowedDeployments: Answering = (ground, params) => {
  const { judged, imported } = judgedIn(ground, params);
  const found = judged.filter(({ verdict }) => !verdict.allowed);
  const untold = found.filter(({ taken }) => taken !== null).length;
  return {
    columns: deploymentColumns,
    rows: found.map((one) => deploymentRow(ground, one)),
    population: { of: 'deployments', count: judged.length },
    counts: {
      imported,
      breakGlass: found.filter(({ record }) => record.event.header.refs.breakGlass).length,
      untold,
    },
    areExceptions: true,
    caveats: [
      ...periodCaveats(params),
      ...importedCaveats(imported),
      ...(untold === 0
        ? []
        : [`Of ${untold} of them nobody can tell any more: what would tell was redacted.`]),
    ],
  };
};

/** Deployments that were recorded as failed: they changed nothing. */
export const failedDeployments: Answering = (ground, params) => {
  const { judged, imported } = judgedIn(ground, params);
  const found = judged.filter(({ record }) => !record.succeeded);
  return {
    columns: deploymentColumns,
    rows: found.map((one) => deploymentRow(ground, one)),
    population: { of: 'deployments', count: judged.length },
    counts: { imported },
    areExceptions: true,
    caveats: [...periodCaveats(params), ...importedCaveats(imported)],
  };
};

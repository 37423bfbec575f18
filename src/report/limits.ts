/** What evidence of this kind does not prove (DESIGN.md §10); said in every report and export. */
export const limits: readonly string[] = [
  'The trail is tamper-evident: changes leave traces that a check finds. Nothing here prevents them.',
  'Without signatures and without another custodian, somebody with push rights can rebuild a ledger. Compare the checkpoint with one from another copy.',
  'A ledger that is shown differently to two readers is found only when the two sides meet.',
  'At level L0 anybody can set somebody else’s name in git: names are claims unless a signature that counts stands beside them.',
  'Times are claims of the clocks of those who recorded. That something came before something else is proven by the chain, not by clocks.',
  'What was recorded here is what people and pipelines recorded. What really ran is not seen; a runtime that reports digests can be compared.',
  'What was never recorded cannot be in here: “prompt-audit coverage” holds the trail against the history of git.',
  'Local rules detect; only a protected branch with a required gate prevents.',
  'Redacted details and texts are gone here; git may keep old bytes until the history of the ledger branch is purged.',
  'Events that only this clone has may vanish with it, and their order may change with the next sync.',
];

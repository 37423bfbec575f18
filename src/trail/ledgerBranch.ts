/** The branch on the ledger remote (DESIGN.md §2). */
export const ledgerBranch = 'prompt-audit';

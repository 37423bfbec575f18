import { version } from '../../package.json';

export const programName = 'prompt-audit';
export const programVersion: string = version;

/** Recorded with every event that the command line writes. */
export const tool = `${programName}/${programVersion}`;

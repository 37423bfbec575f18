import { root } from '../../scripts/lib/project.mjs';

/** The folder that holds package.json, also when a bundle in dist-test/ asks. */
export const projectRoot = root;

import { closeBrowser } from '../../tools/browser.js';
import type { Clinic } from '../../tools/clinic.js';
import type { VsCodeServer } from '../../tools/vscodeServer.js';
import { keepEvidence } from './evidence.js';
import type { Workbench } from './workbench.js';

/** What a journey began so far: where `before` failed some of it is not there. */
interface Journey {
  readonly windows: readonly (Workbench | undefined)[];
  readonly server: VsCodeServer | undefined;
  readonly clinic: Clinic | undefined;
}

/** Registers in a `describe` that pictures of failures are kept, and that all which was begun is ended. */
export function endAfterwards(begun: () => Journey): void {
  afterEach(async function () {
    await keepEvidence(this, begun().windows);
  });

  after(async () => {
    const { server, clinic } = begun();
    await closeBrowser();
    await server?.stop();
    clinic?.remove();
  });
}

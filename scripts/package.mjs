// npm run package: builds for production and packs prompt-audit-trail-<version>.vsix.
import { ensureInstalled } from './lib/install.mjs';
import { packageJson, vsixName } from './lib/project.mjs';
import { sizeFailures, sizeReport } from './lib/sizes.mjs';
import { packVsix } from './lib/vsix.mjs';

try {
  await ensureInstalled();
  const { buildProduct } = await import('../esbuild.mjs');
  await buildProduct({ production: true });
  const name = vsixName(packageJson());
  await packVsix(name);
  console.log(await sizeReport());
  const failures = await sizeFailures();
  if (failures.length > 0) throw new Error(failures.join('\n'));
  console.log(`\nPacked ${name}. To install it: code --install-extension ${name}`);
} catch (error) {
  // esbuild has printed its own messages with the places.
  if (!error.errors) console.error(error.message);
  process.exitCode = 1;
}

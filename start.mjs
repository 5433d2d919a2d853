// The launcher behind every `npm …` command: `node start.mjs <target> [arguments]`.
// This file must parse and run on very old Node versions, to tell their users what to do; the work is in scripts/launcher.
const major = Number(process.versions.node.split('.')[0]);

if (major < 18) {
  console.error(`sotto: Node 18 or newer is needed to start, and this is ${process.version} (${process.execPath}).`);
  console.error('sotto: install a current Node from https://nodejs.org and run the same command again.');
  process.exitCode = 1;
} else {
  import('./scripts/launcher/launch.mjs').then((launcher) => launcher.launch(process.argv[2], process.argv.slice(3)));
}

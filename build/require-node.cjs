// Loaded before every script of this project (`node -r`). It has to run on any Node that can be found on a
// machine, so it is plain old JavaScript: the scripts themselves are TypeScript, which an old Node cannot even read.
'use strict';

var NEEDED = [24, 15];

function isTooOld(version) {
  var parts = version.split('.');
  var major = Number(parts[0]);
  var minor = Number(parts[1]);
  return major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1]);
}

function explain(version, platform, arch) {
  var bundled = platform === 'linux' && arch === 'x64';
  return [
    'Outpost needs Node ' + NEEDED.join('.') + ' or newer; this is Node ' + version + '.',
    bundled
      ? 'On Linux x64 it comes with the dependencies: run "npm ci", then use the npm scripts (npm start, npm test).'
      : 'On ' + platform + ' ' + arch + ' install it from https://nodejs.org, then run the command again.',
  ].join('\n');
}

// A forked child would inherit "-r ./build/require-node.cjs" and look for it in its own working directory.
function forgetPreload(execArgv) {
  for (var i = execArgv.length - 1; i > 0; i -= 1) {
    var isFlag = execArgv[i - 1] === '-r' || execArgv[i - 1] === '--require';
    if (isFlag && execArgv[i].endsWith('require-node.cjs')) execArgv.splice(i - 1, 2);
  }
}

// Half of a command's start is reading TypeScript: what it comes to is kept in this folder, for worker threads and child
// processes too. Where the folder cannot be written, Node goes on without.
function keepCompiled(dir) {
  var start = require('node:module').enableCompileCache;
  if (process.env.NODE_COMPILE_CACHE !== undefined || typeof start !== 'function') return;
  start(dir);
  process.env.NODE_COMPILE_CACHE = dir;
}

module.exports = { isTooOld: isTooOld, explain: explain, forgetPreload: forgetPreload, keepCompiled: keepCompiled };

if (module.parent === null || (module.parent && module.parent.id === 'internal/preload')) {
  if (isTooOld(process.versions.node)) {
    process.stderr.write(explain(process.versions.node, process.platform, process.arch) + '\n');
    process.exit(1);
  }
  forgetPreload(process.execArgv);
  keepCompiled(require('node:path').join(__dirname, '..', '.cache', 'compiled'));
}

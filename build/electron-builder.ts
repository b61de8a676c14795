import type { Configuration } from 'electron-builder';

type Platform = 'darwin' | 'linux' | 'win32';

/**
 * Native modules and what they load at run time; everything else is inside the bundles of `dist/app`. Both carry the
 * binaries of every platform: only those of the packed one are taken (`${arch}` is filled in by the packer).
 */
function runtimeModules(platform: Platform): string[] {
  return [
    'node_modules/better-sqlite3/{package.json,LICENSE,lib/**/*}',
    `node_modules/better-sqlite3/prebuilds/${platform}-\${arch}.node`,
    'node_modules/onnxruntime-node/{package.json,dist/**/*.js}',
    `node_modules/onnxruntime-node/bin/*/${platform}/\${arch}/**/*`,
    'node_modules/onnxruntime-common/package.json',
    'node_modules/onnxruntime-common/dist/**/{*.js,package.json}',
  ];
}

function filesFor(platform: Platform): string[] {
  const own = [
    'package.json',
    'LICENSE',
    'dist/app/**/*',
    'dist/renderer/**/*',
    'models/**/*',
    'shared/language/*.json',
  ];
  return [...own, '!**/node_modules/**/*', ...runtimeModules(platform)];
}

/**
 * How the desktop application is packed for a platform. Native libraries lie beside the archive (the system's loader
 * cannot read inside one), models inside it: they are always read as bytes and checked before use.
 */
export function packaging(platform: Platform): Configuration {
  return {
    appId: 'org.outpost.desktop',
    productName: 'Outpost',
    copyright: 'Apache-2.0',
    directories: { output: 'dist/packages', buildResources: 'build/resources' },
    files: filesFor(platform),
    asar: true,
    asarUnpack: ['**/*.node', 'node_modules/onnxruntime-node/bin/**/*'],
    npmRebuild: false,
    nodeGypRebuild: false,
    buildDependenciesFromSource: false,
    publish: null,
    linux: {
      target: ['AppImage', 'deb'],
      category: 'Office',
      executableName: 'outpost',
      maintainer: 'Outpost maintainers',
    },
    mac: { target: ['dmg'], category: 'public.app-category.productivity' },
    win: { target: ['nsis'] },
    nsis: { oneClick: false, perMachine: false },
  };
}

function current(platform: NodeJS.Platform): Platform {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}

export default packaging(current(process.platform));

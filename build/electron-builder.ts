import type { Configuration } from 'electron-builder';

/** Native modules and what they load at run time; everything else is inside the bundles of `dist/app`. */
const RUNTIME_MODULES = ['better-sqlite3', 'onnxruntime-node', 'onnxruntime-common'];

/** Names of a platform as electron-builder, onnxruntime and better-sqlite3 write them in their folders. */
const PLATFORMS = ['darwin', 'linux', 'win32'] as const;
type Platform = (typeof PLATFORMS)[number];

function foreignBinaries(platform: Platform): string[] {
  const others = PLATFORMS.filter((one) => one !== platform);
  const onnx = others.map((one) => `!node_modules/onnxruntime-node/bin/*/${one}`);
  const sqlite = [...others, ...(platform === 'linux' ? [] : ['linuxmusl'])];
  return [...onnx, ...sqlite.map((one) => `!node_modules/better-sqlite3/prebuilds/${one}-*`)];
}

function filesFor(platform: Platform): string[] {
  return [
    'package.json',
    'LICENSE',
    'dist/app/**/*',
    'dist/renderer/**/*',
    'models/**/*',
    '!**/node_modules/**/*',
    ...RUNTIME_MODULES.map((name) => `node_modules/${name}/**/*`),
    '!node_modules/better-sqlite3/{deps,src}/**/*',
    '!node_modules/onnxruntime-node/{script,__commit.txt}',
    ...foreignBinaries(platform),
  ];
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

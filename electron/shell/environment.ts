import { quietRuntime } from '../../shared/hosting/quiet-runtime.ts';

const SHARED = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'];
const BACKEND = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

type Environment = Readonly<Record<string, string | undefined>>;

function pick(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/**
 * The variables a child process gets: only named ones, so that no secret of the session travels along, and those that
 * keep the model runtime from collecting anything.
 */
export function childEnvironment(env: Environment, child: 'backend' | 'inference'): Record<string, string> {
  return { ...pick(env, child === 'backend' ? [...SHARED, ...BACKEND] : SHARED), ...quietRuntime };
}

import { execFileSync } from 'node:child_process';

/** The first Python that can import the modules; null when there is none. */
export function pythonWith(...modules: readonly string[]): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
      return python;
    } catch {
      // Not there, or without the modules: the next one may have them.
    }
  }
  return null;
}

/** The environment of a Python that is measured: its libraries choose by the machine, and threads that wait sleep. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env;
  // Threads of scikit-learn that wait by spinning would lose many times over on a machine that has other work too.
  return { ...rest, OMP_WAIT_POLICY: 'passive' };
}

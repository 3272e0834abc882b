import Module from 'node:module';

type Load = (name: string, ...rest: unknown[]) => unknown;

/** Preloaded by a process that is to get a SIGTERM while it loads the application. */
const loader = Module as unknown as { _load: Load };
const load = loader._load;
loader._load = function (this: unknown, name, ...rest) {
  if (name === './create-app') process.kill(process.pid, 'SIGTERM');
  return load.call(this, name, ...rest);
};

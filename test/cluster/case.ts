// What a case of the tests on a control plane is given, and how the program is run for it.

import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CliRun, runCli } from '../support/run-cli.ts';
import type { ControlPlane } from './control-plane.ts';

/** One test. Throws where it fails. */
export interface Case {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** A control plane, and the program in front of it. */
export interface Bench extends ControlPlane {
  /** Runs the command line in this process, with the kubeconfig of the control plane unless flags or `env` say otherwise. */
  netweir(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliRun>;
  /** A file of its own for a case. */
  file(name: string, content: string | object): string;
  /** Starts the built program, which nothing but a signal or its own end stops. */
  spawn(argv: readonly string[], env?: Readonly<Record<string, string>>): Running;
}

/** The built program while it runs. */
export interface Running {
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const PROGRAM = resolve('dist/bin/netweir.js');

/** A bench on a control plane; paths of argv are relative to the repository. */
export function benchOn(plane: ControlPlane): Bench {
  const files = mkdtempSync(join(plane.folder, 'files-'));
  const own = { KUBECONFIG: plane.kubeconfig, PATH: process.env.PATH ?? '' };
  return {
    ...plane,
    netweir: (argv, env = {}) => runCli(argv, { env: { ...own, ...env }, cwd: process.cwd() }),
    file(name, content) {
      const path = join(files, name);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o700 });
      return path;
    },
    spawn(argv, env = {}) {
      const child = spawn(process.execPath, [PROGRAM, ...argv], {
        env: { ...own, ...env },
        cwd: files,
        stdio: 'ignore',
      });
      return {
        kill: (signal) => void child.kill(signal),
        ended: new Promise((done) => child.on('exit', (code, signal) => done({ code, signal }))),
      };
    },
  };
}

// Manifests to a compiled snapshot in a temporary file, and back.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareFile, readWhole } from '../../src/compiled-snapshot/index.ts';
import { type Behaviour, behaviourOf, type LoadInput, loadState, type State } from '../../src/engine/index.ts';

/** A folder for the files of one test file. */
export interface CompiledFolder {
  /** The bytes of what was loaded. */
  compile(input: LoadInput): Promise<Uint8Array>;
  /** Puts bytes into a file; its path. */
  put(bytes: Uint8Array): string;
  remove(): void;
}

/** Makes a folder that is to be removed. */
export function compiledFolder(): CompiledFolder {
  const folder = mkdtempSync(join(tmpdir(), 'netweir-compiled-'));
  return {
    compile: async (input) => {
      const parts: Uint8Array[] = [];
      const prepared = prepareFile({ input, state: loadState(input), hints: [], skipped: [], limits: [] });
      await prepared.write(async (bytes) => void parts.push(Uint8Array.from(bytes)), '0.0.0');
      return Buffer.concat(parts);
    },
    put: (bytes) => {
      const path = join(folder, 'file.netweir');
      writeFileSync(path, bytes);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The state that a whole file comes to. */
export function stateOfFile(path: string, behaviour: Behaviour = behaviourOf('default'), home = 'default'): State {
  const { objects, findings, gaps } = readWhole(path, 'file.netweir');
  return loadState({ objects, findings, gaps, behaviour, defaultNamespace: home });
}

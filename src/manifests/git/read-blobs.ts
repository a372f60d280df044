// Contents of many objects of a repository through one `git cat-file --batch`, as they come.

import { UserError } from '../../engine/model/user-error.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { runTool, type ToolCall } from '../tools/run-tool.ts';

/** What became of one object. `missing`: the repository does not hold it, as in a partial clone. */
export type Blob = Uint8Array | 'missing' | 'too-large';

/** Gives each object of that name to `take`, in order. Throws UserError `unreadable` where git fails. */
export async function readBlobs(
  hashes: readonly string[],
  around: Pick<ToolCall, 'cwd' | 'env' | 'signal'>,
  take: (blob: Blob, index: number) => void,
): Promise<void> {
  if (hashes.length === 0) return;
  const input = (function* () {
    for (const hash of hashes) yield `${hash}\n`;
  })();
  const call = { ...around, program: 'git', words: ['cat-file', '--batch'], input };
  const end = await runTool(call, async (stdout) => {
    const bytes = byteReader(stdout);
    for (let index = 0; index < hashes.length; index++) {
      const header = await bytes.line();
      if (header === undefined) return index;
      const size = /^\w+ \w+ (\d+)$/.exec(header)?.[1];
      if (size === undefined) take('missing', index);
      else {
        const blob = Number(size) > MAX_FILE_BYTES ? await bytes.skip(Number(size)) : await bytes.take(Number(size));
        if (blob === undefined) return index;
        take(blob, index);
        await bytes.skip(1);
      }
    }
    // Reads on to the end, so that git ends by itself.
    await bytes.line();
    return hashes.length;
  });
  if (end?.code === 0 && end.taken === hashes.length) return;
  throw new UserError('unreadable', 'git stopped before it had read every file', {
    ...(end === undefined || end.said.trim() === '' ? {} : { hint: end.said.trim() }),
  });
}

interface ByteReader {
  /** Text up to the next line end, without it; undefined at the end. */
  line(): Promise<string | undefined>;
  /** So many bytes; undefined where fewer are left. */
  take(size: number): Promise<Uint8Array | undefined>;
  /** Passes over so many bytes; undefined where fewer are left. */
  skip(size: number): Promise<'too-large' | undefined>;
}

function byteReader(stream: AsyncIterable<Uint8Array>): ByteReader {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  /** Replaces what is held, which is used up, by what comes next. */
  const next = async (): Promise<boolean> => {
    const { done, value } = await chunks.next();
    if (done === true) return false;
    held = value;
    return true;
  };
  const gather = async (size: number, keep: (part: Uint8Array) => void): Promise<boolean> => {
    for (let left = size; left > 0; ) {
      if (held.length === 0 && !(await next())) return false;
      const part = held.subarray(0, left);
      keep(part);
      held = held.subarray(part.length);
      left -= part.length;
    }
    return true;
  };
  return {
    async line() {
      let text = '';
      for (;;) {
        const at = held.indexOf(10);
        text += Buffer.from(at < 0 ? held : held.subarray(0, at)).toString('latin1');
        if (at >= 0) {
          held = held.subarray(at + 1);
          return text;
        }
        held = new Uint8Array(0);
        if (!(await next())) return text === '' ? undefined : text;
      }
    },
    async take(size) {
      const parts: Uint8Array[] = [];
      const isWhole = await gather(size, (part) => parts.push(part));
      return isWhole ? Buffer.concat(parts, size) : undefined;
    },
    async skip(size) {
      return (await gather(size, () => {})) ? 'too-large' : undefined;
    },
  };
}

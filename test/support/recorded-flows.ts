// The flow log of the real node, cut by time and read by the reader that everybody uses.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type FlowsRead, readFlows } from '../../src/flows/index.ts';
import { sharedPath } from './shared.ts';

/** Where the recording stands below ../shared. */
export const RECORDING = ['corpus', 'flows-online-boutique'] as const;

/** Flows of the records from and to these times (ISO, compared as texts). Places count lines of what was cut out. */
export async function readRecording(times: { readonly from?: string; readonly to?: string }): Promise<FlowsRead> {
  const { from = '', to = '9' } = times;
  const lines = gunzipSync(readFileSync(sharedPath(...RECORDING, 'hubble.jsonl.gz')))
    .toString('utf8')
    .split('\n');
  const kept = lines.filter((line) => {
    const time = /"time":"([^"]+)"/.exec(line)?.[1];
    return time !== undefined && time >= from && time <= to;
  });
  return readFlows(['-'], { cwd: '/', stdin: stream(kept) });
}

async function* stream(lines: readonly string[]): AsyncIterable<Uint8Array> {
  yield Buffer.from(`${lines.join('\n')}\n`);
}

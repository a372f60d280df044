// Logs of Hubble as they are found: wrapped and bare, with events between the flows, broken, cut off.

import { describe, expect, it } from 'vitest';
import { hubbleFlow, hubbleLine, readText } from '../../../test/support/flow-logs.ts';
import { LISTED_PROBLEMS } from '../flow-recorder.ts';
import { LONGEST_LINE } from '../split-lines.ts';

const NODE = ',"node_name":"prod/n1","time":"2026-11-21T03:26:00Z"}';

describe('records', () => {
  it('are the same wrapped and bare', () => {
    const wrapped = readText(`${hubbleLine()}\n`).flows;
    expect(readText(`${JSON.stringify(hubbleFlow())}\n`).flows).toEqual(wrapped);
    expect(wrapped).toHaveLength(1);
  });

  it('that are equal are counted, with the times of all and the place of the first', () => {
    const lines = [
      hubbleLine({ time: '2026-11-21T03:25:33Z', uuid: 'a' }),
      hubbleLine({ time: '2026-11-21T03:25:31.5Z', l4: { TCP: { source_port: 5, destination_port: 7070 } } }),
      hubbleLine({ time: '2026-11-21T03:25:39Z', verdict: 'DROPPED', drop_reason: 133 }),
    ];
    const { flows, summary } = readText(lines.join('\n'));
    expect(flows.map(({ count, first, last, place }) => ({ count, first, last, place }))).toEqual([
      {
        count: 2,
        first: Date.UTC(2026, 10, 21, 3, 25, 31, 500),
        last: Date.UTC(2026, 10, 21, 3, 25, 33),
        place: { file: 'log', line: 1 },
      },
      {
        count: 1,
        first: Date.UTC(2026, 10, 21, 3, 25, 39),
        last: Date.UTC(2026, 10, 21, 3, 25, 39),
        place: { file: 'log', line: 3 },
      },
    ]);
    expect(summary).toMatchObject({
      records: 3,
      flows: 3,
      firstTime: Date.UTC(2026, 10, 21, 3, 25, 31, 500),
      lastTime: Date.UTC(2026, 10, 21, 3, 25, 39),
      nodes: ['n1'],
    });
  });

  it('without times of their own have that of their wrapper, or none', () => {
    const [flow] = readText(`${hubbleLine({ time: undefined })}\n`).flows;
    expect(flow!.first).toBe(Date.UTC(2026, 10, 21, 3, 25, 32));
    const [bare] = readText(`${JSON.stringify(hubbleFlow({ time: undefined }))}\n`).flows;
    expect(bare).not.toHaveProperty('first');
  });

  it('that a proxy saw count as the connections below, and teach names', () => {
    const dns = { query: 'api.example.com.', ips: ['192.0.2.1'] };
    const l7 = { type: 'RESPONSE', dns };
    const { flows, summary } = readText(`${hubbleLine({ Type: 'L7', l7 })}\n`);
    expect(flows).toHaveLength(1);
    expect(summary.resolved).toEqual([{ name: 'api.example.com', addresses: ['192.0.2.1'] }]);
  });

  it('of audit mode are counted', () => {
    const line = hubbleLine({ verdict: 'AUDIT' });
    expect(readText(`${line}\n${line}\n${line}\n`).summary.audited).toBe(3);
  });

  it('that stand for several count as several', () => {
    const { flows, summary } = readText(`${hubbleLine({ aggregate: { egress_flow_count: 5 } })}\n`);
    expect([flows[0]!.count, summary.flows]).toEqual([5, 1]);
  });
});

describe('events', () => {
  it('are counted by what they are, and lost ones and missing nodes are told', () => {
    const lines = [
      `{"lost_events":{"source":"PERF_EVENT_RING_BUFFER","num_events_lost":"33","cpu":0}${NODE}`,
      `{"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":2}${NODE}`,
      `{"node_status":{"state_change":"NODE_UNAVAILABLE","node_names":["prod/n7"],"message":"x"}${NODE}`,
      `{"node_status":{"state_change":"NODE_CONNECTED","node_names":["prod/n1"]}${NODE}`,
      `{"agent_event":{"type":"ENDPOINT_CREATED"}${NODE}`,
      `{"debug_event":{"type":"x"}${NODE}`,
      hubbleLine(),
    ];
    expect(readText(lines.join('\n')).summary).toMatchObject({
      records: 7,
      flows: 1,
      aside: { 'lost-events': 2, 'node-status': 2, 'agent-event': 1, 'debug-event': 1 },
      lostEvents: 35,
      missingNodes: ['n7'],
      broken: 0,
    });
  });
});

describe('broken lines', () => {
  it.each([
    ['{"flow":{"verdict":"FORWARDED"', 'broken JSON'],
    ['hello', 'not JSON'],
    ['"flow"', 'not a JSON object'],
    ['[1]', 'not a JSON object'],
    ['{"flow":{"verdict":"FORWARDED","isReply":false}}', 'it says isReply, and Hubble is_reply'],
    [
      '{"verdict":"FORWARDED","traceObservationPoint":"TO_STACK"}',
      'it says traceObservationPoint, and Hubble trace_observation_point',
    ],
    ['{"new_event":{}}', 'neither a flow nor an event of Hubble'],
    ['{"flow":5}', '"flow" is no object'],
    ['{"flow":{"verdict":"FORWARDED","time":"yesterday"}}', '"time" is no time: "yesterday"'],
    ['{"lost_events":{"num_events_lost":1e30}}', '"num_events_lost" is no whole number'],
    ['{"lost_events":{"num_events_lost":"many"}}', '"num_events_lost" is no whole number'],
  ])('%s', (line, message) => {
    const { summary } = readText(`${hubbleLine()}\n${line}\n${hubbleLine()}\n`);
    expect(summary).toMatchObject({
      records: 3,
      flows: 2,
      broken: 1,
      truncated: 0,
      problems: [{ file: 'log', line: 2, message, text: line }],
    });
  });

  it('that are not UTF-8 are broken', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${hubbleLine()}\n{"flow":{"Summary":"`),
      Buffer.from([0xff]),
      Buffer.from('"}}\n'),
    ]);
    expect(readText(bytes).summary.problems).toMatchObject([{ line: 2, message: 'not UTF-8' }]);
  });

  it('are listed up to a number, and counted beyond', () => {
    const { summary } = readText(`${hubbleLine()}\n${'x\n'.repeat(LISTED_PROBLEMS + 5)}`);
    expect(summary.broken).toBe(LISTED_PROBLEMS + 5);
    expect(summary.problems).toHaveLength(LISTED_PROBLEMS);
  });

  it('that are too long are not held in memory, and cost nothing but themselves', () => {
    const long = `{"flow":{"Summary":"${'x'.repeat(LONGEST_LINE)}"}}`;
    const { summary } = readText([hubbleLine(), long, hubbleLine()].join('\n'));
    expect(summary).toMatchObject({
      flows: 2,
      broken: 1,
      problems: [{ line: 2, message: 'longer than any record of a flow' }],
    });
    expect(summary.problems[0]!.text!.length).toBeLessThan(300);
  });

  it('at the end are told from one that is being written', () => {
    const begun = hubbleLine().slice(0, 300);
    expect(readText(`${hubbleLine()}\n${begun}`).summary).toMatchObject({
      flows: 1,
      broken: 0,
      truncated: 1,
      records: 1,
    });
    expect(readText(`${hubbleLine()}\n${begun}\n`).summary).toMatchObject({ flows: 1, broken: 1, truncated: 0 });
    expect(readText(`${hubbleLine()}\n${hubbleLine()}`).summary).toMatchObject({ flows: 2, broken: 0, truncated: 0 });
    expect(readText(`${hubbleLine()}\n{"flow":5}`).summary).toMatchObject({ flows: 1, broken: 1, truncated: 0 });
  });
});

it('reads lines that end as on Windows, and skips blank ones', () => {
  const { summary } = readText(`${hubbleLine()}\r\n\r\n   \r\n${hubbleLine()}\r\n`);
  expect(summary).toMatchObject({ records: 2, flows: 2, broken: 0 });
});

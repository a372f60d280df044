// Lines of Hubble's JSON to draw, and what can be wrong with one.

import fc from 'fast-check';

/** A pod, as Hubble writes it. */
export const POD = (name: string): string =>
  `{"ID":7,"identity":4${name.length},"namespace":"shop","labels":["k8s:app=${name}","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"${name}-1","workloads":[{"name":"${name}","kind":"Deployment"}]}`;
/** What is outside. */
export const WORLD = '{"identity":2,"labels":["reserved:world"]}';
/** A node. */
export const NODE = '{"identity":1,"labels":["reserved:host","reserved:kube-apiserver"]}';

/** A line as Hubble writes it, of drawn parts. */
export const LINE: fc.Arbitrary<string> = fc
  .record({
    second: fc.integer({ min: 0, max: 59 }),
    uuid: fc.constantFrom('3eecdf1a-f8b0', 'ad4c4571-05be', ''),
    verdict: fc.constantFrom(
      '"verdict":"FORWARDED"',
      '"verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED"',
      '"verdict":"DROPPED","drop_reason":139',
      '"verdict":"AUDIT"',
      '"verdict":99',
    ),
    source: fc.constantFrom('10.0.0.1', '10.0.0.2', '192.0.2.7', 'fd00::1', '010.0.0.1', 'no address', ''),
    destination: fc.constantFrom('10.0.0.1', '10.0.0.3', '203.0.113.9', 'fd00::2'),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMPv4'),
    sourcePort: fc.constantFrom('80', '443', '41000', '53', '0', '00', '70000', '"80"', '8e1', '1.5'),
    destinationPort: fc.constantFrom('8080', '53', '50051', '52722', '65535', '65536'),
    flags: fc.constantFrom('', ',"flags":{"SYN":true}', ',"flags":{"SYN":true,"ACK":true}', ',"flags":{"ACK":true}'),
    from: fc.constantFrom(POD('web'), POD('cart'), WORLD, NODE, 'null'),
    to: fc.constantFrom(POD('web'), POD('cart'), WORLD, NODE, '{}'),
    place: fc.constantFrom(
      '"event_type":{"type":4},"traffic_direction":"INGRESS","trace_observation_point":"TO_ENDPOINT","is_reply":false',
      '"event_type":{"type":4,"sub_type":3},"traffic_direction":"INGRESS","trace_observation_point":"TO_STACK","is_reply":true',
      '"event_type":{"type":4,"sub_type":5},"trace_observation_point":"FROM_ENDPOINT"',
      '"event_type":{"type":5},"traffic_direction":"EGRESS"',
      '"event_type":{"type":4}',
      '"is_reply":null',
    ),
    device: fc.constantFrom('', ',"interface":{"index":254,"name":"lxc5e"}', ',"interface":{"index":2}'),
    node: fc.constantFrom('c/n1', 'c/n2', 'n3'),
  })
  .map((d) => {
    const time = `2026-11-21T03:25:${String(d.second).padStart(2, '0')}.5Z`;
    const ports = `"source_port":${d.sourcePort},"destination_port":${d.destinationPort}${d.flags}`;
    const l4 = d.protocol === 'ICMPv4' ? '"type":8' : ports;
    const mac = '"ethernet":{"source":"f2:82:cb","destination":"5a:d2:72"}';
    const ip = `"IP":{"source":"${d.source}","destination":"${d.destination}","ipVersion":"IPv4"}`;
    const ends = `"source":${d.from},"destination":${d.to},"Type":"L3_L4","node_name":"${d.node}"`;
    return `{"flow":{"time":"${time}","uuid":"${d.uuid}",${d.verdict},${mac},${ip},"l4":{"${d.protocol}":{${l4}}},${ends},${d.place}${d.device},"Summary":"x"},"node_name":"${d.node}","time":"${time}"}`;
  });

/** What a writer, a copier or an enemy may make of a line. */
export const HOSTILE: readonly ((line: string) => string | Buffer)[] = [
  (line) => line.replace('"uuid":"', '"uuid":"a\\"b'),
  (line) => line.replace('"uuid":"', '"uuid":"a"b'),
  (line) => line.replace('"uuid":"', '"uuid":"a\\xb'),
  (line) => line.replace(/"uuid":"[^"]*"/, '"uuid":"a\\"'),
  (line) => line.replace('"source_port":', '"source_port":0'),
  (line) => line.replace(/"source_port":\d+/, '"source_port":00'),
  (line) => line.replace(/"destination_port":\d+/, '"destination_port":0'),
  (line) => line.replace('"uuid":"', '"uuid":"\u00e9\u4e2d'),
  (line) => line.replace('"uuid":"', '"uuid":"\u0001'),
  (line) => Buffer.from(line.replace('"uuid":"', '"uuid":"\u00ff'), 'latin1'),
  (line) => line.replace('"uuid"', '"time":"2026-11-21T05:00:00Z","uuid"'),
  (line) => line.replace('"source_port"', '"source_port":1,"source_port"'),
  (line) => line.replace('"destination_port"', '"destination_p\\u006frt"'),
  (line) => line.replace('"l4":{', '"l4":{"UDP":{"source_port":5,"destination_port":6},'),
  (line) => line.replace(/("IP":\{[^}]*\}),(.*"source":\{)/, '$2'),
  (line) => line.replace(/("flow":)(\{.*\})(,"node_name".*)\}$/, '"node_name":"w","flow":$2}'),
  (line) => line.replace(/^\{"flow":(\{.*\}),"node_name".*$/, '$1'),
  (line) => line.replace(/"time":"[^"]*",/, ''),
  (line) => line.replace(/"time":"[^"]*"/, '"time":"2026-02-30T03:25:01Z"'),
  (line) => line.replace(/"time":"[^"]*"/, '"time":"2026-11-21T04:25:01+01:00"'),
  (line) => line.replaceAll(/"time":"[^"]*"/g, '"time":""'),
  (line) => line.replaceAll(':', ' : ').replaceAll(',', ' ,\t'),
  (line) => line.replace('"labels":[', '"labels":["k8s:x={\\"a\\":1}",'),
  (line) => line.replace('"labels":[', '"labels":["k8s:x=}],{[","k8s:y=\u00fc",'),
  (line) => line.replace('"Summary":"x"', '"Summary":"}}"'),
  (line) => line.replace('"Summary":"x"', '"Summary":5'),
  (line) => line.replace('"Summary":"x"', '"aggregate":{"ingress_flow_count":4}'),
  (line) => `${line}x`,
  (line) => `${line} `,
  (line) => ` ${line}`,
  (line) => line.slice(0, -1),
  (line) => `${line}${line}`,
  (line) => line.replace('"flow":{', '"flow":[{'),
  (line) => line.replace('"source":{"ID"', '"source":{"ID":1},"source":{"ID"'),
  (line) => line.replace('"node_name":"', '"node_name":"\u4e2d/'),
  (line) => line.replace('"interface":{"index":254', '"interface":{"index":99999999999'),
  (line) => line.replace('"ethernet":{"source":"f2:82:cb"', '"ethernet":{"source":"f2","source":"f3"'),
];

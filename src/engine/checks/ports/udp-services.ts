// Well-known services that speak UDP, by port: the ports at which a missing protocol is mostly a mistake.

/** By port number; names for messages. IANA Service Name and Transport Protocol Port Number Registry. */
export const UDP_SERVICES: ReadonlyMap<number, string> = new Map([
  [53, 'DNS'],
  [67, 'DHCP'],
  [69, 'TFTP'],
  [123, 'NTP'],
  [161, 'SNMP'],
  [162, 'SNMP traps'],
  [500, 'IKE'],
  [514, 'syslog'],
  [1812, 'RADIUS'],
  [1813, 'RADIUS accounting'],
  [3478, 'STUN'],
  [4500, 'IPsec NAT traversal'],
  [4789, 'VXLAN'],
  [5353, 'multicast DNS'],
  [8125, 'StatsD'],
  [51820, 'WireGuard'],
]);

// What the name of a variable, a flag or a key says about its value: an address to call, an address to listen on, or no
// address at all. Names only narrow what a value may mean; none of them makes an address by itself.

/** Words of a name in capitals: `webListenAddress`, `web.listen-address` and `WEB_LISTEN_ADDRESS` are the same. */
export function wordsOf(name: string): readonly string[] {
  return readingOf(name).words;
}

interface Reading {
  readonly words: readonly string[];
  readonly joined: string;
  readonly says: NameSays;
}

/** The same few names stand in every pod. */
const readings = new Map<string, Reading>();

/** Whoever sends ever new names only loses the memory of the old. */
const MAX_READINGS = 10_000;

function readingOf(name: string): Reading {
  let reading = readings.get(name);
  if (reading === undefined) {
    if (readings.size >= MAX_READINGS) readings.clear();
    const all = name
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toUpperCase()
      .split(/[^A-Z0-9]+/)
      .filter((word) => word !== '');
    reading = { words: all, joined: all.join(''), says: readWords(all) };
    readings.set(name, reading);
  }
  return reading;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const ADDRESS = words(
  'HOST HOSTS HOSTNAME HOSTNAMES ADDR ADDRS ADDRESS ADDRESSES URL URLS URI URIS ENDPOINT ENDPOINTS SERVER SERVERS SERVICE BROKER ' +
    'BROKERS BACKEND BACKENDS UPSTREAM UPSTREAMS TARGET TARGETS DSN PROXY PEER PEERS SEED SEEDS SENTINEL SENTINELS BOOTSTRAP ' +
    'COLLECTOR REMOTE DESTINATION AUTHORITY ISSUER JDBC GATEWAY',
);
const ENDINGS = /(?:HOST|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVERS|BROKERS|DSN)$/;
const LISTEN = words('LISTEN LISTENER LISTENERS BIND ADVERTISE ADVERTISED LOCAL OWN SELF MYSELF POD PUBLISH');
const NEVER = words(
  'IMAGE IMAGES TAG TAGS VERSION DIGEST CHECKSUM CORS ORIGIN ORIGINS REDIRECT CALLBACK ALLOWED COOKIE',
);
const RARELY = words(
  'SHA SHA256 CRON SCHEDULE REGEX PATTERN FORMAT TEMPLATE SAN SANS TRUSTED LICENSE SCHEMA DOCS DOCUMENTATION HOMEPAGE RUNBOOK ' +
    'ICON TITLE DESCRIPTION SUBJECT USER USERNAME PASSWORD PATH FILE DIR DIRECTORY TIME TIMEOUT INTERVAL DURATION PERIOD TTL ' +
    'COLOR MESSAGE NAME',
);
const PUBLIC = words('PUBLIC EXTERNAL ROOT BASE FRONTEND SITE CANONICAL');

/** What a name says: `address`, `listen`, `never`, or `nothing` about its value. */
export type NameSays = 'address' | 'listen' | 'never' | 'nothing';

/** Reads a name by its last word, numbers aside. A listening word anywhere wins over an address word: `LISTEN_ADDR`. */
export function nameSays(name: string): NameSays {
  return readingOf(name).says;
}

function readWords(words: readonly string[]): NameSays {
  const all = words.filter((word) => !/^\d+$/.test(word));
  const joined = all.join('_');
  if (/NO_PROXY|NOPROXY|NON_PROXY|SERVER_NAME|COMMON_NAME|DNS_NAMES?$|NAMESERVER|RESOLVER/.test(joined)) return 'never';
  // Where names are looked up, and no server: ELASTICSEARCH_URL and SEARCH_ADDR are addresses like others.
  if (/(?:^|_)(?:DNS_SEARCH(?:ES)?$|SEARCH_(?:DOMAINS?|PATHS?|LIST)$)/.test(joined)) return 'never';
  if (joined === 'HOSTNAME' || all.some((word) => LISTEN.has(word))) return 'listen';
  if (all.some((word) => NEVER.has(word))) return 'never';
  const last = all.at(-1) ?? '';
  if (ADDRESS.has(last) || ENDINGS.test(last)) return 'address';
  return all.some((word) => RARELY.has(word)) ? 'never' : 'nothing';
}

/** Reports whether a name is that of an address that the program gives to others: its own URL, not one that it calls. */
export function isOwnPublicName(name: string): boolean {
  return wordsOf(name).some((word) => PUBLIC.has(word));
}

const HOST_WORD = /(?:HOSTNAME|HOSTS?|ADDRESS(?:ES)?|ADDRS?|SERVERS?|ENDPOINTS?|NODES?|SERVICE|URLS?|URI|IP|NAME)$/;

/**
 * Names that the port beside a host may have, without separators, in capitals: of `DB_HOST` they are `DBPORT`,
 * `DBPORTNUMBER` … Empty where the name is not that of a host.
 */
export function portNamesFor(hostName: string): readonly string[] {
  const { joined } = readingOf(hostName);
  const base = joined.replace(HOST_WORD, '');
  if (base === joined) return [];
  const bases = base.endsWith('SERVICE') ? [base, base.slice(0, -'SERVICE'.length)] : [base];
  return bases.flatMap((one) => [`${one}PORT`, `${one}PORTNUMBER`, `${one}PORTVALUE`, `${one}SERVICEPORT`]);
}

/** A name as {@link portNamesFor} writes it. */
export function joinedName(name: string): string {
  return readingOf(name).joined;
}

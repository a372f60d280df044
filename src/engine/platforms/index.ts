// What is known of a platform, and what it makes workloads need. The way in for the rest of the engine and for the CLI.

export { describePlatform, platformLines } from './describe-platform.ts';
export { detectPlatform } from './detect-platform.ts';
export type { Fact, Known, Unknown } from './fact.ts';
export { throughMesh } from './mesh-evidence.ts';
export { platformEvidence } from './platform-evidence.ts';
export type {
  ApiServerEndpoint,
  DnsServer,
  MetadataPoint,
  NetworkPlugin,
  PlatformFacts,
  ServerSigns,
  StatedPlatform,
} from './platform-facts.ts';
export { NOTHING_STATED } from './platform-facts.ts';
export { type PlatformFlags, parsePlatformFlags } from './platform-flags.ts';
export { type PlatformDocument, platformDocument } from './platform-json.ts';
export { findNoEnforcement, findPluginInUse, judgesBeforeTranslation, type PluginFacts } from './plugin-in-use.ts';
export type { ResolvedServer } from './resolve-api-server.ts';
export { isQuestion, resolveApiServer, resolveApiServerClients, withoutApiServer } from './resolve-api-server.ts';

// What a person has to know about Ingresses and routes: what they say that opens nothing, or that Netweir does not
// understand.

import type { RouteRemark } from '../endpoints/gateway-entries.ts';
import type { World } from '../endpoints/world.ts';

type About = RouteRemark['about'];

/** By kind of remark, in the order of printing. */
const SENTENCES: Readonly<Record<About, string>> = {
  missing: 'Services that are not in the input, so that nothing is listed behind them',
  'not-taken': 'routes that no listener of the Gateway takes, so that they open nothing there',
  'not-granted':
    'Services of other namespaces that no ReferenceGrant there opens to the route, so that it does not reach them',
  backend: 'backends other than Services, so that nothing is listed behind them',
  filter: 'filters of other APIs, which may send requests where nothing is listed',
  parent: 'parents of other APIs, through which more may come in than is listed',
  mesh: "routes of a mesh, which are no way into the cluster; answers about their Services are about the Services' own pods",
};

/** One sentence for each kind of remark that there is, and what it is about. */
export function entryRemarks(
  world: World,
): readonly { readonly sentence: string; readonly items: readonly string[] }[] {
  const remarks = world.entryRemarks();
  return (Object.keys(SENTENCES) as About[]).flatMap((about) => {
    const items = remarks.filter((one) => one.about === about).map(printRemark);
    return items.length === 0 ? [] : [{ sentence: SENTENCES[about], items: [...new Set(items)].sort() }];
  });
}

function printRemark({ route, what }: RouteRemark): string {
  const name = `${route.kind} ${route.namespace}/${route.name}`;
  return what === '' ? name : `${what} (${name})`;
}

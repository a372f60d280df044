// Short manifests for tests of checks, each ending in `---`: pods, namespaces and the one policy `web` of namespace `shop`.

/** A Pod labelled `app: NAME`; `more` is put behind that label (`, tier: front`), `ports` into its container's list. */
export function pod(name: string, namespace = 'shop', more = '', ports = ''): string {
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}${more}}}
spec: {containers: [{name: main, image: main, ports: [${ports}]}]}
---`;
}

/** A Namespace; `labels` as they stand in a flow mapping. */
export function namespace(name: string, labels = ''): string {
  return `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: {${labels}}}
---`;
}

/** The NetworkPolicy `shop/web`; `spec` is what stands behind its `podSelector`. */
export function policy(spec: string, selector = '{matchLabels: {app: web}}'): string {
  return `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: ${selector}, ${spec}}
---`;
}

/** The same with one ingress rule from `peers`; `ports` is what stands behind them. */
export function from(peers: string, ports = ', ports: [{port: 8080}]'): string {
  return policy(`policyTypes: [Ingress], ingress: [{from: [${peers}]${ports}}]`);
}

// Service meshes as data: by what namespaces and pods show that they are in one, where the control plane is, on which ports
// it and the proxies answer. Every row has its source. Written 2026-11.

/** A mesh, and the way its proxies stand. */
export type MeshName = 'istio' | 'istio-ambient' | 'linkerd';

/** One mesh. Ports are those of pods. */
export interface MeshProfile {
  readonly name: MeshName;
  readonly title: string;
  /** Containers that are its proxy. */
  readonly proxies: readonly string[];
  /** Labels or annotations of namespaces and pods that ask for a proxy; an undefined value is any. */
  readonly asks: readonly { readonly key: string; readonly value?: string }[];
  /** Labels of the control plane's pods. */
  readonly controlPlane: { readonly namespace: string; readonly key: string; readonly values: readonly string[] };
  /** Ports of the control plane that every proxy calls. */
  readonly controlPorts: readonly number[];
  /** The port on which proxies receive from each other in the mesh's own tunnel; 0: on the ports of the application. */
  readonly tunnelPort: number;
  /** Ports of a proxy that serve metrics, for whoever collects them. */
  readonly metricsPorts: readonly number[];
  /** Addresses from which the node's probes come where they do not come from the node itself. */
  readonly probeSources: readonly string[];
  readonly source: string;
}

const ISTIO_PORTS = 'https://istio.io/latest/docs/ops/deployment/application-requirements/';

/** All meshes. */
export const MESHES: readonly MeshProfile[] = [
  {
    name: 'istio',
    title: 'Istio with sidecars',
    proxies: ['istio-proxy'],
    asks: [
      { key: 'istio-injection', value: 'enabled' },
      { key: 'istio.io/rev' },
      { key: 'sidecar.istio.io/inject', value: 'true' },
    ],
    controlPlane: { namespace: 'istio-system', key: 'app', values: ['istiod'] },
    // XDS and certificates with mTLS. 15010 is the plain-text form, which no default uses.
    controlPorts: [15012],
    tunnelPort: 0,
    metricsPorts: [15020, 15090],
    probeSources: [],
    source: ISTIO_PORTS,
  },
  {
    name: 'istio-ambient',
    title: 'Istio in ambient mode',
    proxies: [],
    asks: [{ key: 'istio.io/dataplane-mode', value: 'ambient' }],
    controlPlane: { namespace: 'istio-system', key: 'app', values: ['istiod'] },
    // Pods have no proxy of their own: ztunnel on the node calls the control plane.
    controlPorts: [],
    tunnelPort: 15008,
    metricsPorts: [],
    probeSources: ['169.254.7.127/32', 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'],
    source: 'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
  },
  {
    name: 'linkerd',
    title: 'Linkerd',
    proxies: ['linkerd-proxy'],
    asks: [
      { key: 'linkerd.io/inject', value: 'enabled' },
      { key: 'linkerd.io/inject', value: 'ingress' },
    ],
    controlPlane: {
      namespace: 'linkerd',
      key: 'linkerd.io/control-plane-component',
      values: ['destination', 'identity'],
    },
    // Identity, destination and policy; 4143 is the proxy before them.
    controlPorts: [4143, 8080, 8086, 8090],
    tunnelPort: 4143,
    metricsPorts: [4191],
    probeSources: [],
    source: 'https://linkerd.io/2/reference/controlplane-port-names',
  },
];

/** The profile of a mesh. */
export function meshNamed(name: MeshName): MeshProfile {
  return MESHES.find((mesh) => mesh.name === name)!;
}

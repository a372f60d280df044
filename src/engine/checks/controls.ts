// Controls of benchmarks and threat matrices that ask for what checks look for: what each says, and where. A table; a check
// names them by id. That a check finds nothing does not prove a control: it is evidence for the part that it looks at.

/** One control. */
export interface Control {
  /** Whose it is, with the edition. */
  readonly by: string;
  /** As its authors call it. */
  readonly title: string;
  /** What it asks for, or describes, as far as policies go: one sentence without a full stop. */
  readonly asks: string;
  /** Where it is published. */
  readonly source: string;
}

const CIS = 'CIS Kubernetes Benchmark 1.12.0';
const NSA = 'NSA and CISA, Kubernetes Hardening Guide 1.2';
const ATTACK = 'MITRE ATT&CK';
const MATRIX = 'Microsoft, Threat Matrix for Kubernetes';
const MATRIX_SOURCE = 'https://microsoft.github.io/Threat-Matrix-for-Kubernetes/';

/** All controls that some check names, by id. */
export const CONTROLS: Readonly<Record<string, Control>> = {
  'CIS-5.3.2': {
    by: CIS,
    title: 'Ensure that all Namespaces have Network Policies defined',
    asks: 'every namespace has policies, and they isolate its pods',
    source: 'https://www.cisecurity.org/benchmark/kubernetes',
  },
  'NSA-network-policies': {
    by: NSA,
    title: 'Network policies',
    asks: 'a default policy denies all ingress and egress, policies select the pods that need traffic, and no pod is left out',
    source:
      'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF',
  },
  M1030: {
    by: ATTACK,
    title: 'Network Segmentation',
    asks: 'systems are kept apart so that one that is taken over does not reach the others',
    source: 'https://attack.mitre.org/mitigations/M1030/',
  },
  'MS-TA9005': {
    by: MATRIX,
    title: 'Exposed sensitive interfaces',
    asks: 'interfaces that administer something, or hold data without a password, are not open to everybody',
    source: MATRIX_SOURCE,
  },
  'MS-TA9033': {
    by: MATRIX,
    title: 'Instance Metadata API',
    asks: 'pods do not reach the metadata address of the cloud, which hands out credentials of the node',
    source: MATRIX_SOURCE,
  },
  'MS-TA9034': {
    by: MATRIX,
    title: 'Cluster internal networking',
    asks: 'pods reach only those pods that they need: the network of a cluster is open unless policies close it',
    source: MATRIX_SOURCE,
  },
  'T1552.005': {
    by: ATTACK,
    title: 'Unsecured Credentials: Cloud Instance Metadata API',
    asks: 'credentials of a cloud are not to be had from the metadata address',
    source: 'https://attack.mitre.org/techniques/T1552/005/',
  },
};

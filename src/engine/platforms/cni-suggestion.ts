// Which --cni the snapshot suggests: by the plugin that enforces policies in it. Changes no answer by itself.

import { behaviourOf } from '../behaviours/index.ts';
import { UserError } from '../model/user-error.ts';
import { assumed, type Fact, type Known, shown, unknown } from './fact.ts';
import type { NetworkPlugin } from './platform-facts.ts';
import type { DistributionName } from './profiles/distributions.ts';

const HINT = '--cni list shows the plugins whose behaviour is known';

/** The value of --cni for what enforces policies here; `none` where nothing does. */
export function suggestCni(
  distribution: Fact<DistributionName>,
  plugins: readonly Known<NetworkPlugin>[],
  enforcement: Fact<'yes' | 'no'>,
): Fact<string> {
  if (enforcement.how !== 'unknown' && enforcement.value === 'no') return { ...enforcement, value: 'none' };
  const enforcing = plugins.filter(({ value }) => value.enforces === 'yes');
  const [first] = enforcing;
  if (first !== undefined) {
    const { cni, version, title } = first.value;
    if (cni === undefined) return unknown(`Netweir has no behaviour of ${title}`, HINT);
    if (enforcing.some(({ value }) => value.cni !== cni)) {
      return unknown(
        `several plugins enforce policies here: ${enforcing.map(({ value }) => value.title).join(', ')}`,
        HINT,
      );
    }
    return { ...first, value: nameFor(cni, version) };
  }
  if (distribution.how !== 'unknown' && distribution.value === 'k3s' && enforcement.how !== 'unknown') {
    return shown('kube-router', enforcement.because);
  }
  if (distribution.how !== 'unknown' && distribution.value === 'openshift' && plugins.length === 0) {
    return assumed('ovn-kubernetes', 'OpenShift has it unless it is older than 4.17');
  }
  const open = plugins.find(({ value }) => value.cni !== undefined && value.enforces === 'unknown');
  if (open !== undefined) return { ...open, how: 'assumed', value: nameFor(open.value.cni!, open.value.version) };
  return unknown('the snapshot shows no plugin', HINT);
}

/** `cilium@1.15` for a version that --cni takes, else the plain name: plugins without versions, or older than all known. */
function nameFor(cni: string, version: string | undefined): string {
  const short = version === undefined ? undefined : /^\d+\.\d+/.exec(version)?.[0];
  if (short === undefined) return cni;
  try {
    behaviourOf(`${cni}@${short}`);
    return `${cni}@${short}`;
  } catch (error) {
    if (error instanceof UserError) return cni;
    throw error;
  }
}

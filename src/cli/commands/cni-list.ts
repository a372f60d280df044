// `--cni list`: every behaviour with its knobs, and where each value is known from.

import { describeBehaviour, listBehaviours as list } from '../../engine/index.ts';

/** All behaviours. `default` shows every knob; a plugin shows what is known of it, all else being the default. */
export function listBehaviours(): string {
  const lines: string[] = [];
  for (const { behaviour, title, newest } of list()) {
    const [plain = ''] = behaviour.name.split('@');
    const alias = newest && plain !== behaviour.name ? ` (also plain ${plain})` : '';
    lines.push(`${behaviour.name}${alias}: ${title}`);
    const knobs = describeBehaviour(behaviour).filter(
      ({ confidence }) => behaviour.name === 'default' || confidence !== 'default',
    );
    const width = Math.max(0, ...knobs.map(({ knob, value }) => knob.length + value.length + 1));
    for (const { knob, value, confidence, source } of knobs) {
      lines.push(`  ${`${knob}=${value}`.padEnd(width)}   ${confidence}: ${source}`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

// Pods as they are kept in their thousands: what many share once, and beside it what each has for itself. Classes, since
// literals and lists take more room. What is shared and what is not is the abridger's to know.

import { ABSENT, type Abridger } from './abridge.ts';

type Json = Readonly<Record<string, unknown>>;

/** Stands for the list of addresses that holds the pod's one address and nothing else. */
const ONE_ADDRESS: unique symbol = Symbol('one address');

/** A Pod with those fields that a snapshot reads. */
export class BriefPod {
  /** Without what is its own. Another one takes its place when it is known what the pod inherits. */
  common: Json;
  readonly #name: unknown;
  readonly #node: unknown;
  readonly #address: unknown;
  readonly #addresses: unknown;

  /** `own`: in the order of POD_FIELDS. */
  constructor(common: Json, own: readonly unknown[]) {
    this.common = common;
    this.#name = own[0];
    this.#node = own[1];
    this.#address = own[2];
    this.#addresses = isOneAddress(own[3], own[2]) ? ONE_ADDRESS : own[3];
  }

  /** What is its own, as the constructor takes it. */
  own(): readonly unknown[] {
    const addresses = this.#addresses === ONE_ADDRESS ? [{ ip: this.#address }] : this.#addresses;
    return [this.#name, this.#node, this.#address, addresses];
  }

  /** Whether its list of addresses is that of its one address. */
  get hasOneAddress(): boolean {
    return this.#addresses === ONE_ADDRESS;
  }

  /** Whether its name holds no mark of a template. */
  get hasPlainName(): boolean {
    return typeof this.#name !== 'string' || !this.#name.includes('{{');
  }

  /** The fields that are kept, as a value; a new one each time. */
  kept(abridger: Abridger): Record<string, unknown> {
    return abridger.whole(this.common, this.own()) as Record<string, unknown>;
  }
}

function isOneAddress(addresses: unknown, address: unknown): boolean {
  if (address === ABSENT || !Array.isArray(addresses) || addresses.length !== 1) return false;
  const [only] = addresses as readonly unknown[];
  if (typeof only !== 'object' || only === null) return false;
  return Object.keys(only).length === 1 && Object.is(Reflect.get(only, 'ip'), address);
}

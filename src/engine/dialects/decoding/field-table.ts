// The shape of an object as data: which fields it has, of which type, and what the schema demands of them.
// The decoder reads these tables; the folders of the dialects write them.

import type { ValidationCheckId } from '../validation-checks.ts';

/** A type of value. Bounds are inclusive; an absent bound is none. */
export type FieldType =
  | {
      readonly type: 'string';
      /** The only values allowed. */
      readonly oneOf?: readonly string[];
      /** In code points. */
      readonly maxLength?: number;
      readonly pattern?: RegExp;
      /** What the text should be, for messages: `a domain name such as example.com`. */
      readonly what?: string;
      /** Reports violations of the above. */
      readonly check?: ValidationCheckId;
    }
  | {
      /** A whole number of 32 bits. */
      readonly type: 'integer';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly check?: ValidationCheckId;
    }
  | { readonly type: 'integer-or-string' }
  | {
      readonly type: 'list';
      readonly of: FieldType;
      readonly minItems?: number;
      readonly maxItems?: number;
      /** Items must differ. */
      readonly isSet?: boolean;
    }
  /** Keys and values are strings. */
  | { readonly type: 'map' }
  | ObjectType
  /** Passed on unread. */
  | { readonly type: 'anything' };

/** An object with named fields. */
export interface ObjectType {
  readonly type: 'object';
  /** With its article, for messages: `an ingress rule`. */
  readonly what: string;
  readonly fields: Readonly<Record<string, Field>>;
  /** Exactly one field must be set; the checks that report none and several. */
  readonly exactlyOne?: { readonly none: ValidationCheckId; readonly several: ValidationCheckId };
  /** At least one field must be set. */
  readonly notEmpty?: ValidationCheckId;
  /** The hint where it is empty and must not be. */
  readonly cure?: string;
  /** Well-known mistakes by the unknown name: the field that is meant, and where or how it is written instead. */
  readonly mistakes?: Readonly<
    Record<
      string,
      {
        readonly meant?: string;
        readonly hint: string /** True: only the name is wrong. */;
        readonly isRename?: boolean;
      }
    >
  >;
  /** The field that is meant by a name which resembles none (labels written straight into a selector). */
  readonly otherwiseMeant?: { readonly meant: string; readonly hint: string };
}

/** One field of an object. */
export interface Field {
  readonly type: FieldType;
  /** The schema of a custom resource demands it. Built-in kinds demand nothing here: their validation does. */
  readonly required?: boolean;
  /** What the API server stores where it is missing. */
  readonly default?: string;
  /** What happens where the field is missing, for the message about a misspelt one: `the rule would open every port`. */
  readonly without?: string;
  /** Only the experimental channel of the CRD has it. */
  readonly isExperimental?: boolean;
}

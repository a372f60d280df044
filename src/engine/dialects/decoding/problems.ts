// Collects what is wrong with one policy object as findings with their places. Knows no field names.

import type { Announced, Edit, Fix } from '../../model/edit.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import type { PolicyRef } from '../../model/policy.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import { printPath } from '../../model/source.ts';
import { VALIDATION_CHECKS, type ValidationCheckId } from '../validation-checks.ts';

/**
 * Why the API server refuses: its own words for status 422, and `UnknownField` and `WrongType` for the objects that it
 * does not even decode (status 400).
 */
export type CauseReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueForbidden'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueTooMany'
  | 'FieldValueTooLong'
  | 'FieldValueTypeInvalid'
  | 'UnknownField'
  | 'WrongType';

/** A change within the object that has the problem. */
type Change =
  Extract<Edit, { readonly path: Path }> extends infer E ? (E extends Edit ? Omit<E, 'object'> : never) : never;

/** A fix before its object is known; fields as in {@link Fix}. */
export interface FixDraft {
  readonly title: string;
  readonly changes: readonly Change[];
  readonly safe: boolean;
  /** Absent: what makes a refused object valid changes connectivity, and what is only written differently does not. */
  readonly announced?: Announced;
}

/** What a problem may say besides its message. */
export interface Extras {
  readonly hint?: string;
  /** True: the place is the field's name, not its value. */
  readonly key?: boolean;
  /** The field path that the API server prints, where it is coarser than the place (it names the whole map of labels). */
  readonly field?: string;
  readonly fix?: FixDraft;
  readonly alternatives?: readonly FixDraft[];
}

/** The problems of one object so far. */
export interface Problems {
  /** Reports what the API server refuses. */
  refuse(check: ValidationCheckId, path: Path, reason: CauseReason, message: string, extras?: Extras): void;
  /** Reports what the API server accepts. `severity` only where the check's own does not fit. */
  note(check: ValidationCheckId, path: Path, message: string, extras?: Extras & { severity?: Severity }): void;
  /** Everything reported, in order. */
  readonly findings: readonly Finding[];
  /** Whether something was refused. */
  isRefused(): boolean;
}

/** Starts an empty collection for the object. */
export function collectProblems(object: ManifestObject, policy: PolicyRef): Problems {
  const findings: Finding[] = [];
  const fixesOf = ({ fix, alternatives }: Extras, usual: Announced): Pick<Finding, 'fix' | 'alternatives'> => {
    const make = ({ title, changes, safe, announced = usual }: FixDraft): Fix => ({
      title,
      edits: changes.map((change) => ({ ...change, object })),
      announced,
      safe,
    });
    return {
      ...(fix === undefined ? {} : { fix: make(fix) }),
      ...(alternatives === undefined ? {} : { alternatives: alternatives.map(make) }),
    };
  };
  let refused = false;
  return {
    findings,
    isRefused: () => refused,
    refuse(check, path, reason, message, extras = {}) {
      refused = true;
      const own = VALIDATION_CHECKS[check].severity;
      findings.push({
        check,
        severity: own === 'critical' ? own : 'high',
        rejectedByApi: true,
        message,
        ...(extras.hint === undefined ? {} : { hint: extras.hint }),
        policy,
        object,
        source: object.locate(path, { key: extras.key ?? false }),
        cause: { reason, field: extras.field ?? printPath(path) },
        ...fixesOf(extras, 'changes'),
      });
    },
    note(check, path, message, extras = {}) {
      findings.push({
        check,
        severity: extras.severity ?? VALIDATION_CHECKS[check].severity,
        rejectedByApi: false,
        message,
        ...(extras.hint === undefined ? {} : { hint: extras.hint }),
        policy,
        object,
        source: object.locate(path, { key: extras.key ?? false }),
        ...fixesOf(extras, 'same'),
      });
    },
  };
}

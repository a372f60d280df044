// The reporters, for programs that print documents themselves (`netweir/report`).

export { fateText } from './finding-details.ts';
export { FORMATS, formatsOf, reporterFor } from './formats.ts';
export { printable } from './printable.ts';
export { REASONS, type ReasonText, reasonText } from './reasons.ts';
export type { DocumentKind, Format, Reporter, ReportOptions, RunFacts } from './reporter.ts';
export { PLAIN_STYLE, type Style } from './style.ts';
export { unifiedDiff } from './unified-diff.ts';

#!/usr/bin/env node
// `kubectl_complete-netweir`: kubectl runs it with the words after `kubectl netweir` to complete the last of them.

import { processIo } from './io.ts';
import { run } from './run.ts';

process.exitCode = await run(['__complete', ...process.argv.slice(2)], processIo());

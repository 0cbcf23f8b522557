#!/usr/bin/env node
import { run } from '../../scripts/run.js'

await run('verifier/src/cli/main.ts', process.argv.slice(2))

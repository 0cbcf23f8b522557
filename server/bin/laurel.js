#!/usr/bin/env node
import { run } from '../../scripts/run.js'

await run('server/src/cli.ts', process.argv.slice(2))

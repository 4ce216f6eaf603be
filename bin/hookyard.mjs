#!/usr/bin/env node
import { existsSync } from 'node:fs';

const cli = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(cli)) {
  process.stderr.write('Hookyard is not built yet. Run: npm start (or npm run build)\n');
  process.exit(2);
}
await import(cli.href);

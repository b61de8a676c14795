import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueSchema } from '../../shared/language/catalogue.ts';
import { TOP } from '../tools/run.ts';
import { argumentsSource } from './arguments.ts';

// `npm run language`: sorts the English catalogue and makes the types of its arguments.
const folder = join(TOP, 'shared', 'language');
const source = catalogueSchema.parse(JSON.parse(readFileSync(join(folder, 'en.json'), 'utf8')));
const sorted = Object.fromEntries(Object.entries(source).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(folder, 'en.json'), `${JSON.stringify(sorted, null, 2)}\n`);
writeFileSync(join(folder, 'arguments.ts'), argumentsSource(sorted));

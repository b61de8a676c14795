import type { Migration } from '../store/migrate.ts';
import { migration as core } from './0001-core.ts';
import { migration as models } from './0002-models.ts';
import { migration as sync } from './0003-sync.ts';
import { migration as phoneEndings } from './0004-phone-endings.ts';
import { migration as queueOrder } from './0005-queue-order.ts';
import { migration as drafts } from './0006-drafts.ts';
import { migration as jobFailures } from './0007-job-failures.ts';
import { migration as searchIndicators } from './0008-search-indicators.ts';
import { migration as sentences } from './0009-sentences.ts';
import { migration as schemas } from './0010-schemas.ts';
import { migration as caseImports } from './0011-case-imports.ts';

/** Every migration ever released, in order. A released one is never edited. */
export const migrations: readonly Migration[] = [
  core,
  models,
  sync,
  phoneEndings,
  queueOrder,
  drafts,
  jobFailures,
  searchIndicators,
  sentences,
  schemas,
  caseImports,
];

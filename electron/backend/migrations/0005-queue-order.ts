import type { Db } from '../store/db.ts';

/** How much of the score a day of waiting weighs; released with this migration, so it never changes here. */
const waitingWeight = 0.02;

const unseen = 'NOT EXISTS (SELECT 1 FROM case_views v WHERE v.case_id = cases.id)';

/** Section of a case: 0 urgent, 1 nobody has looked for days, 2 next, 3 done. */
const section = `CASE WHEN cases.outcome IS NOT NULL THEN 3 WHEN cases.urgent = 1 THEN 0
  WHEN cases.received <= (SELECT due FROM queue_order) AND ${unseen} THEN 1 ELSE 2 END`;

/**
 * Rank within each section, highest first: newest urgent, longest unseen, highest score and longest wait, newest outcome.
 * A day more waits for all cases alike, so the order by score and waiting does not depend on the day.
 */
const rank = `CASE ${section} WHEN 0 THEN julianday(cases.taken_in_at) WHEN 1 THEN -julianday(cases.received)
  WHEN 2 THEN CASE WHEN cases.audit_drawn = 1 OR cases.score IS NULL THEN (SELECT base_rate FROM queue_order) ELSE cases.score END
    - ${waitingWeight} * julianday(cases.received)
  ELSE julianday(cases.outcome_at) END`;

const place = (which: string): string =>
  `UPDATE cases SET queue_section = ${section}, queue_rank = ${rank} WHERE ${which};`;

const order = `
ALTER TABLE cases ADD COLUMN queue_section INTEGER;
ALTER TABLE cases ADD COLUMN queue_rank REAL;

-- What the places of cases depend on beside themselves: cases received on \`due\` or before and not looked at go up; those
-- without a score that may be shown stand where \`base_rate\` would put them.
CREATE TABLE queue_order (id INTEGER PRIMARY KEY CHECK (id = 1), due TEXT NOT NULL, base_rate REAL NOT NULL) STRICT;
INSERT INTO queue_order VALUES (1, '', 0.75);

CREATE TRIGGER queue_place_of_new_case AFTER INSERT ON cases BEGIN ${place('cases.number = NEW.number')} END;
CREATE TRIGGER queue_place_of_changed_case
  AFTER UPDATE OF urgent, received, taken_in_at, score, audit_drawn, outcome, outcome_at ON cases
  BEGIN ${place('cases.number = NEW.number')} END;
CREATE TRIGGER queue_place_of_seen_case AFTER INSERT ON case_views BEGIN ${place('cases.id = NEW.case_id')} END;
CREATE TRIGGER queue_place_of_due_cases AFTER UPDATE OF due ON queue_order WHEN NEW.due <> OLD.due
  BEGIN ${place('cases.queue_section IN (1, 2) AND cases.received > min(OLD.due, NEW.due) AND cases.received <= max(OLD.due, NEW.due)')} END;
CREATE TRIGGER queue_place_of_unscored_cases AFTER UPDATE OF base_rate ON queue_order
  WHEN NEW.base_rate <> OLD.base_rate BEGIN ${place('cases.queue_section = 2 AND (cases.audit_drawn = 1 OR cases.score IS NULL)')} END;
${place('true')}

DROP INDEX cases_in_queue;
CREATE INDEX cases_in_queue ON cases (queue_section, queue_rank DESC, number) WHERE erased = 0;
CREATE INDEX cases_in_queue_of_person ON cases (person, queue_section, queue_rank DESC, number) WHERE erased = 0;
-- For what a search found: rows are wide, and each page of them would have to be decrypted.
CREATE INDEX cases_found ON cases (number, erased, queue_section, queue_rank, person);
`;

/** Prefixes of up to six letters are looked up, not gathered; positions are not kept, since no phrase is asked for. */
const search = `
CREATE VIRTUAL TABLE new_search USING fts5 (
  reference, resident, place, narrative, tactics,
  tokenize = "unicode61 categories 'L* N* Co Mn Mc'", prefix = '1 2 3 4 5 6', detail = none
);
INSERT INTO new_search (new_search, rank) VALUES ('secure-delete', 1);
INSERT INTO new_search (rowid, reference, resident, place, narrative, tactics)
  SELECT rowid, reference, resident, place, narrative, tactics FROM case_search;
DROP TABLE case_search;
ALTER TABLE new_search RENAME TO case_search;
`;

/** The queue is read in the order of an index, and a search costs the same whatever it finds. */
export const migration = {
  version: 5,
  name: 'queue order',
  up(db: Db): void {
    db.exec(order);
    db.exec(search);
  },
};

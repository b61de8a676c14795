import type Database from 'better-sqlite3';

/** An open database of the laptop. */
export type Db = Database.Database;

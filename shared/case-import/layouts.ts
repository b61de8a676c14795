import { storedName } from '../language/stored-name.ts';
import type { ColumnTarget, ImportMapping } from './mapping.ts';

/** A public file of complaints that is known by its headers. */
interface KnownLayout {
  readonly name: 'ftc_do_not_call' | 'fcc_unwanted_calls' | 'cfpb_complaints';
  /** Headers that only this layout has; every one must be there. */
  readonly headers: readonly string[];
  readonly columns: Readonly<Record<string, ColumnTarget>>;
  readonly constants: ImportMapping['constants'];
}

const to = (target: 'reference' | 'place' | 'narrative' | 'phone'): ColumnTarget => ({ to: target });

/** Do Not Call complaints of the Federal Trade Commission (ftc.gov/policy-notices/open-government/data-sets). */
const ftc: KnownLayout = {
  name: 'ftc_do_not_call',
  headers: ['Company_Phone_Number', 'Created_Date', 'Violation_Date', 'Subject', 'Recorded_Message_Or_Robocall'],
  columns: {
    Company_Phone_Number: to('phone'),
    Created_Date: { to: 'received' },
    Violation_Date: to('narrative'),
    Consumer_City: to('place'),
    Consumer_State: to('place'),
    Subject: to('narrative'),
    Recorded_Message_Or_Robocall: { to: 'tactics', values: { Y: storedName`recorded message`, N: null } },
  },
  constants: { contact_channel: 'phone' },
};

/** Unwanted calls reported to the Federal Communications Commission (opendata.fcc.gov), in its own spelling. */
const fcc: KnownLayout = {
  name: 'fcc_unwanted_calls',
  headers: [
    storedName`Ticket ID`,
    storedName`Ticket Created`,
    'Issue',
    storedName`Caller ID Number`,
    storedName`Type of Call or Messge`,
  ],
  columns: {
    [storedName`Ticket ID`]: to('reference'),
    [storedName`Ticket Created`]: { to: 'received', order: 'month_first' },
    [storedName`Date of Issue`]: to('narrative'),
    [storedName`Time of Issue`]: to('narrative'),
    Issue: to('narrative'),
    Method: to('narrative'),
    [storedName`Type of Call or Messge`]: to('narrative'),
    [storedName`Caller ID Number`]: to('phone'),
    [storedName`Advertiser Business Number`]: to('phone'),
    City: to('place'),
    State: to('place'),
    Zip: to('place'),
  },
  constants: {},
};

/** Complaints to the Consumer Financial Protection Bureau (consumerfinance.gov/data-research/consumer-complaints). */
const cfpb: KnownLayout = {
  name: 'cfpb_complaints',
  headers: [
    storedName`Date received`,
    'Product',
    'Issue',
    storedName`Consumer complaint narrative`,
    storedName`Complaint ID`,
  ],
  columns: {
    [storedName`Date received`]: { to: 'received', order: 'month_first' },
    Product: to('narrative'),
    [storedName`Sub-product`]: to('narrative'),
    Issue: to('narrative'),
    [storedName`Sub-issue`]: to('narrative'),
    [storedName`Consumer complaint narrative`]: to('narrative'),
    Company: to('narrative'),
    State: to('place'),
    [storedName`ZIP code`]: to('place'),
    [storedName`Complaint ID`]: to('reference'),
  },
  constants: {},
};

const layouts = [ftc, fcc, cfpb] as const;
type LayoutName = (typeof layouts)[number]['name'];

/** The public layout with these headers and how its columns are taken, or null. */
export function knownLayout(header: readonly string[]): { name: LayoutName; mapping: ImportMapping } | null {
  const found = layouts.find(({ headers }) => headers.every((one) => header.includes(one)));
  if (found === undefined) return null;
  const columns = Object.fromEntries(
    header.map((one): [string, ColumnTarget] => [
      one,
      Object.hasOwn(found.columns, one) ? found.columns[one]! : { to: 'ignore' },
    ]),
  );
  return {
    name: found.name,
    mapping: { format: 'outpost.import-mapping/1', columns, constants: { ...found.constants } },
  };
}

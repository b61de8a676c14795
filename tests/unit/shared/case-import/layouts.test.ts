import { describe, expect, it } from 'vitest';
import { complaintsSchema } from '../../../../shared/encoding/complaints.ts';
import { guessMapping } from '../../../../shared/case-import/guess.ts';
import { knownLayout } from '../../../../shared/case-import/layouts.ts';
import { importMappingSchema } from '../../../../shared/case-import/mapping.ts';

const ftc =
  'Company_Phone_Number,Created_Date,Violation_Date,Consumer_City,Consumer_State,Consumer_Area_Code,Subject,Recorded_Message_Or_Robocall';
const fcc =
  'Ticket ID,Ticket Created,Date of Issue,Time of Issue,Form,Method,Issue,Caller ID Number,Type of Call or Messge,Advertiser Business Number,City,State,Zip,Location (Center point of the Zip Code)';
const cfpb =
  'Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company public response,Company,State,ZIP code,Tags,Submitted via,Date sent to company,Company response to consumer,Timely response?,Complaint ID';

describe('layouts of public files', () => {
  it.each([
    ['ftc_do_not_call', ftc, 'Created_Date', 'Company_Phone_Number'],
    ['fcc_unwanted_calls', fcc, 'Ticket Created', 'Caller ID Number'],
    ['cfpb_complaints', cfpb, 'Date received', 'Consumer complaint narrative'],
    ['cfpb_complaints', `${cfpb},Consumer consent provided?,Consumer disputed?`, 'Date received', 'Complaint ID'],
  ])('knows %s by its headers', (name, header, date, other) => {
    const found = knownLayout(header.split(','));
    expect(found?.name).toBe(name);
    const { columns } = importMappingSchema.parse(found?.mapping);
    expect(columns[date]).toMatchObject({ to: 'received' });
    expect(columns[other]?.to).not.toBe('ignore');
    expect(Object.keys(columns)).toEqual(header.split(','));
  });

  it('knows no layout by some of its headers, and takes the rest by what headers say', () => {
    const header = [
      'Created_Date',
      'Received',
      'Phone number',
      'asked_remote_access',
      'money_asked',
      'money_asked_currency',
      'x',
    ];
    expect(knownLayout(header)).toBeNull();
    expect(guessMapping(complaintsSchema, header).columns).toEqual({
      Created_Date: { to: 'ignore' },
      Received: { to: 'received' },
      'Phone number': { to: 'phone' },
      asked_remote_access: { to: 'attribute', name: 'asked_remote_access' },
      money_asked: { to: 'attribute', name: 'money_asked' },
      money_asked_currency: { to: 'attribute', name: 'money_asked_currency' },
      x: { to: 'ignore' },
    });
  });
});

// Made from en.json by `npm run language`; a test fails when it is out of date.
import type { Text } from './shape.ts';

type Nothing = Record<never, never>;

/** What the message of each code takes. */
export interface Arguments {
  'errors.bad_chain': Nothing;
  'errors.bad_clock': Nothing;
  'errors.bad_courier': Nothing;
  'errors.bad_csv': Nothing;
  'errors.bad_database': Nothing;
  'errors.bad_enrolment': Nothing;
  'errors.bad_fields': { readonly fields: Text };
  'errors.bad_input': Nothing;
  'errors.bad_manifest': Nothing;
  'errors.bad_model': Nothing;
  'errors.bad_receipt': Nothing;
  'errors.bad_release': Nothing;
  'errors.bad_signature': Nothing;
  'errors.cancelled': Nothing;
  'errors.conflict': Nothing;
  'errors.disk_full': Nothing;
  'errors.expired': Nothing;
  'errors.folder_busy': Nothing;
  'errors.forbidden': Nothing;
  'errors.foreign': { readonly text: Text };
  'errors.fork': Nothing;
  'errors.gap': Nothing;
  'errors.internal': Nothing;
  'errors.locked': Nothing;
  'errors.model_failed': Nothing;
  'errors.newer_database': Nothing;
  'errors.no_model': Nothing;
  'errors.not_approved': Nothing;
  'errors.not_enrolled': Nothing;
  'errors.not_found': Nothing;
  'errors.not_writable': Nothing;
  'errors.offline': Nothing;
  'errors.request_too_large': Nothing;
  'errors.request_unreadable': Nothing;
  'errors.wrong_passphrase': Nothing;
  'jobs.reasons_given_up': { readonly tries: number; readonly why: Text };
  'jobs.reasons_put_off': { readonly at: string; readonly tries: number; readonly why: Text };
  'language.joined': { readonly parts: Text };
  'language.locale': Nothing;
  'language.next': { readonly first: Text; readonly second: Text };
  'stored.quoted': { readonly text: Text };
  'sync.registry_failed': Nothing;
  'sync.registry_full': Nothing;
  'sync.registry_read_only': Nothing;
}

import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { OutpostError } from '../../shared/errors/index.ts';
import { instant, type RegistryContext } from './context.ts';
import { sentence } from '../../shared/language/sentence.ts';

export const adminRoleSchema = z.enum(['viewer', 'trainer', 'approver', 'operator']);
export type AdminRole = z.infer<typeof adminRoleSchema>;

/** Who acts where somebody works on the registry's own machine, without a token. */
export const registryMachine = 'registry-machine';

/** What an admin call needs: look, propose a candidate, sign or decline one, roll a release out. */
type Right = 'read' | 'propose' | 'decide' | 'roll_out';

const rights: Readonly<Record<AdminRole, readonly Right[]>> = {
  viewer: ['read'],
  trainer: ['read', 'propose'],
  approver: ['read', 'propose', 'decide'],
  operator: ['read', 'roll_out'],
};

interface Admin {
  readonly id: string;
  readonly name: string;
  readonly role: AdminRole;
}

function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Adds an admin and answers with the bearer token, which is shown once: only its hash is kept. CONFLICT for a taken name. */
export async function addAdmin(
  context: RegistryContext,
  name: string,
  role: AdminRole,
): Promise<{ admin: Admin; token: string }> {
  const token = Buffer.from(context.random(32)).toString('base64url');
  const admin = { id: uuidv7(), name, role };
  const added = await context.db
    .insertInto('admins')
    .values({ ...admin, token_hash: tokenHash(token), created_at: instant(context), revoked_at: null })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n)
    throw new OutpostError('CONFLICT', sentence('identity.admin_named_name_already', { name }));
  return { admin, token };
}

/** Ends an admin's sign-in. */
export async function revokeAdmin(context: RegistryContext, name: string): Promise<void> {
  const { numUpdatedRows } = await context.db
    .updateTable('admins')
    .set({ revoked_at: instant(context) })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n)
    throw new OutpostError('NOT_FOUND', sentence('identity.no_admin_named_name_who_could', { name }));
}

/** The admin a bearer token belongs to, who must have the right; FORBIDDEN otherwise, always with the same words. */
export async function requireRight(
  context: RegistryContext,
  authorization: string | undefined,
  right: Right,
): Promise<Admin> {
  const token = /^Bearer ([\w-]{20,200})$/.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new OutpostError('FORBIDDEN', sentence('identity.sign_admin_token_do'));
  const row = await context.db
    .selectFrom('admins')
    .select(['id', 'name', 'role'])
    .where('token_hash', '=', tokenHash(token))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  const role = adminRoleSchema.safeParse(row?.role);
  if (row === undefined || !role.success || !rights[role.data].includes(right)) throw new OutpostError('FORBIDDEN');
  return { id: row.id, name: row.name, role: role.data };
}

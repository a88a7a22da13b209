/** The schema of the cloud's database, step by step, in words that SQLite and PostgreSQL both understand. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const documents = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('document')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('typ', 'text', (column) => column.notNull())
    .addColumn('area', 'text')
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('ver', 'bigint', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('iat', 'bigint', (column) => column.notNull())
    .addColumn('exp', 'bigint', (column) => column.notNull())
    .addColumn('envelope', 'text', (column) => column.notNull())
    .addColumn('publishedAtMs', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('trust')
    .addColumn('ver', 'bigint', (column) => column.primaryKey())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('envelope', 'text', (column) => column.notNull())
    .addColumn('publishedAtMs', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('versionFloor')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('keyringEpoch', 'bigint', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('ver', 'bigint', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('order')
    .addColumn('digest', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('iat', 'bigint', (column) => column.notNull())
    .addColumn('exp', 'bigint', (column) => column.notNull())
    .addColumn('envelope', 'text', (column) => column.notNull())
    .addColumn('holders', 'text', (column) => column.notNull())
    .addColumn('publishedAtMs', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('orderByExp').on('order').column('exp').execute();
};

const drafts = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('draft')
    .addColumn('digest', 'text', (column) => column.primaryKey())
    .addColumn('typ', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('ver', 'bigint', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('createdAtMs', 'bigint', (column) => column.notNull())
    .addColumn('publishedAtMs', 'bigint')
    .addColumn('holders', 'text')
    .execute();
  await db.schema.createIndex('draftById').on('draft').columns(['id', 'epoch', 'ver']).execute();
  await db.schema
    .createTable('signature')
    .addColumn('digest', 'text', (column) => column.notNull().references('draft.digest').onDelete('cascade'))
    .addColumn('kid', 'text', (column) => column.notNull())
    .addColumn('protected', 'text', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .addColumn('addedAtMs', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('signaturePrimary', ['digest', 'kid'])
    .execute();
};

const records = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('record')
    .addColumn('dev', 'text', (column) => column.notNull())
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('receivedAtMs', 'bigint', (column) => column.notNull())
    .addColumn('h', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recordPrimary', ['dev', 'chain', 'seq'])
    .execute();
  await db.schema.createIndex('recordByReceipt').on('record').columns(['receivedAtMs', 'dev']).execute();
  await db.schema.createIndex('recordByBox').on('record').columns(['dev', 'receivedAtMs']).execute();
  await db.schema
    .createTable('break')
    .addColumn('dev', 'text', (column) => column.notNull())
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('atMs', 'bigint', (column) => column.notNull())
    .addColumn('evidence', 'text')
    .addPrimaryKeyConstraint('breakPrimary', ['dev', 'chain', 'seq', 'kind'])
    .execute();
  await db.schema
    .createTable('box')
    .addColumn('dev', 'text', (column) => column.primaryKey())
    .addColumn('linkState', 'text', (column) => column.notNull())
    .addColumn('lastSeenAtMs', 'bigint')
    .addColumn('sinceMs', 'bigint')
    .addColumn('status', 'text')
    .addColumn('statusAtMs', 'bigint')
    .execute();
};

/** By name, taken in the order of their names. A step that was released is never edited: a new one follows. */
export const migrations: Record<string, Migration> = {
  '2026-11-23-1-documents': { up: documents },
  '2026-11-23-2-drafts': { up: drafts },
  '2026-11-23-3-records': { up: records },
};

// The words of the audit belong to the safety room; this is the one place where the core takes them over.
export type {
  Audit,
  AuditHead,
  AuditHeadStore,
  AuditLock,
  AuditRecord,
} from '../../safety/audit/audit-record.ts';

import { PageHead } from '../frame/page-head.tsx';
import { Audit } from './audit.tsx';

/** `/admin/audit`. */
export function AuditPage() {
  return (
    <>
      <PageHead title="Audit log">Who did what and when, refused attempts to sign in included.</PageHead>
      <Audit />
    </>
  );
}

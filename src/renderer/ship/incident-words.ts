import type { Incident } from '../../../helper/api/incidents.ts'

/** What happened so far: `exited with code 7 after 3 s; 4 failures so far, the latest: killed by SIGKILL after 2 s` */
export function incidentInWords({
  reason,
  lastReason,
  failures,
}: Pick<Incident, 'reason' | 'lastReason' | 'failures'>): string {
  if (failures <= 1) return reason
  return `${reason}; ${failures} failures so far${lastReason === reason ? '' : `, the latest: ${lastReason}`}`
}

/**
 * The one table of errors a person or a program may meet: what HTTP status it answers with, and the way out.
 * The README prints this table; a test keeps the two together.
 */
export const errorTable = {
  INVALID_REQUEST: {
    status: 400,
    wayOut: 'Correct what the message names; `keelan help COMMAND` lists what is allowed.',
  },
  INVALID_KEELANFILE: { status: 400, wayOut: 'Correct the lines named; nothing was changed.' },
  ENV_FILE_UNREADABLE: { status: 400, wayOut: 'Correct the file or make it readable, or leave `env_file` out.' },
  NOT_YET_AVAILABLE: { status: 400, wayOut: 'Leave it out.' },
  NEEDS_ROOT: {
    status: 403,
    wayOut: 'Run the helper as root, or leave `user`, `group`, `root` or a negative `nice` out.',
  },
  ORIGIN_REFUSED: { status: 403, wayOut: 'Use a program, not a web page: requests with an Origin header are refused.' },
  SHIP_NOT_FOUND: { status: 404, wayOut: '`keelan ls` lists the ships there are.' },
  NOT_FOUND: { status: 404, wayOut: '`/v1/openapi.json` lists the paths there are.' },
  SHIP_EXISTS: { status: 409, wayOut: 'Choose another name, or add `--replace`.' },
  LOG_POSITION_GONE: { status: 410, wayOut: 'The log was truncated or replaced; read it again from its start or end.' },
  BODY_TOO_LARGE: { status: 413, wayOut: 'Send at most 1 MiB.' },
  FAILED_TO_START: {
    status: 422,
    wayOut:
      'Correct what the message names, then start the ship again (`keelan start`), or change it (`keelan deploy --replace`, `keelan up`).',
  },
  INTERNAL: { status: 500, wayOut: "Look at the helper's log (`keelan daemon status` names it) and report it." },
  HELPER_STOPPING: { status: 503, wayOut: 'Wait a moment and try again, or `keelan daemon start`.' },
  STOP_INCOMPLETE: { status: 504, wayOut: 'End the processes named by hand, then `keelan stop NAME` again.' },
  HELPER_NOT_RUNNING: { status: 503, wayOut: '`keelan daemon start`.' },
  HELPER_NOT_ANSWERING: {
    status: 503,
    wayOut: 'Wait a moment and try again; if it stays so, end the helper by its pid and start it: its ships go on.',
  },
  HELPER_WENT_AWAY: {
    status: 503,
    wayOut: '`keelan daemon status` and `keelan ls` show what there is; what was asked for may have been done or not.',
  },
  HELPER_ALREADY_RUNNING: {
    status: 409,
    wayOut: '`keelan daemon status` shows it; `keelan daemon restart` starts it anew.',
  },
  HELPER_DID_NOT_START: { status: 500, wayOut: "Read the lines of the helper's log printed with it." },
  BASE_DIRECTORY_UNUSABLE: {
    status: 500,
    wayOut: 'Make it a folder you may write to, or set BASE_DIRECTORY to another.',
  },
  SOCKET_PATH_TOO_LONG: { status: 500, wayOut: 'Set BASE_DIRECTORY to a shorter path.' },
  DISK_FULL: { status: 507, wayOut: 'Free some space on the disk that the message names.' },
  DATABASE_NEWER: { status: 500, wayOut: 'Install the newer Keelan again, or set BASE_DIRECTORY to another folder.' },
  DATABASE_UNREADABLE: {
    status: 500,
    wayOut: 'Move the file named out of the way; ships that run are found again without it.',
  },
  DATABASE_BUSY: { status: 503, wayOut: 'Let that program close the database, then try again.' },
  SHIM_MISSING: {
    status: 500,
    wayOut: 'Install a C compiler (`apt-get install gcc libc6-dev`) and run `npm run build`.',
  },
} as const

export type ErrorCode = keyof typeof errorTable

/** An expected failure: one line that names what happened and to which file or ship. `details` is for programs. */
export class KeelanError extends Error {
  readonly code: ErrorCode
  readonly details: unknown

  constructor(code: ErrorCode, message: string, details: unknown = null) {
    super(message)
    this.name = 'KeelanError'
    this.code = code
    this.details = details
  }

  /** What the person can do about it. */
  get wayOut(): string {
    return errorTable[this.code].wayOut
  }
}

/** A bug shown by the type checker: a case of a union that a `switch` does not handle. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}

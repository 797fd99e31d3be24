import { leaveDraft } from '../keelanfile/drafts.ts'
import { emptyForm } from './ship-form.ts'
import type { ShipForm } from './ship-form.ts'

/** What is being filled in: the form, or a Keelanfile instead of it, with the folder its relative paths start from. */
export interface DeployDraft {
  readonly form: ShipForm
  /** null: the form is shown. */
  readonly keelanfile: { readonly text: string; readonly folder: string } | null
}

/** Where the form is kept while another page is shown; one filled in by a link is kept apart. */
export const deployDraft = (search: string): string => `deploy ?${search}`

export const emptyDraft: DeployDraft = { form: emptyForm, keelanfile: null }

/** Makes the deploy page begin with this Keelanfile. */
export function deployText(text: string, folder: string): void {
  leaveDraft(deployDraft(''), { form: emptyForm, keelanfile: { text, folder } } satisfies DeployDraft)
}

/** Makes the deploy page begin with this form. */
export function deployForm(form: ShipForm): void {
  leaveDraft(deployDraft(''), { form, keelanfile: null } satisfies DeployDraft)
}

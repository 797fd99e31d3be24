import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { dropDraft, useDraft } from '../keelanfile/drafts.ts'
import { go, useHashSearch } from '../state/location.ts'
import { BackToShips } from '../ship/back-to-ships.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { MenuButton, MenuItem } from '../ui/menu.tsx'
import { Page } from '../ui/page.tsx'
import { deployDraft, emptyDraft } from './deploy-draft.ts'
import type { DeployDraft } from './deploy-draft.ts'
import { DeployForm } from './deploy-form.tsx'
import { DeployKeelanfile } from './deploy-keelanfile.tsx'
import { DeployResult } from './deploy-result.tsx'
import type { Deployed } from './apply.ts'
import { FoundShips } from './found-ships.tsx'
import { formFromLink, keelanfileText } from './ship-form.ts'

/**
 * Deploys ships: from the form, a Keelanfile typed instead of it, or what a folder or file holds (`?path=…`). A query only fills
 * in; what it says may come from a link on any page.
 */
export function DeployPage() {
  const search = useHashSearch()
  const query = new URLSearchParams(search)
  const path = query.get('path') ?? query.get('file')
  return (
    <Page title="Deploy a ship" back={<BackToShips />} actions={<OpenButton />}>
      {path === null ? <NewShip key={search} search={search} /> : <FoundShips key={search} path={path} />}
    </Page>
  )
}

function NewShip({ search }: { readonly search: string }) {
  const [linked] = useState(() => formFromLink(new URLSearchParams(search)))
  const [initial] = useState<DeployDraft>(() => (linked ? { form: linked, keelanfile: null } : emptyDraft))
  const [draft, setDraft] = useDraft(deployDraft(search), initial)
  const [done, setDone] = useState<Deployed | null>(null)
  const finish = (deployed: Deployed): void => {
    dropDraft(deployDraft(search))
    setDone(deployed)
  }
  if (done) {
    return (
      <DeployResult
        deployed={done}
        onAgain={() => {
          if (search !== '') return go('/deploy')
          setDraft(initial)
          setDone(null)
        }}
      />
    )
  }
  const { form, keelanfile } = draft
  return (
    <>
      {linked && (
        <Banner title="Filled in by a link.">Check that it is what you want to run before you deploy it.</Banner>
      )}
      {keelanfile ? (
        <DeployKeelanfile
          text={keelanfile.text}
          folder={keelanfile.folder}
          unchanged={keelanfileText(form)}
          onChange={(text) => setDraft({ form, keelanfile: { ...keelanfile, text } })}
          onBack={() => setDraft({ form, keelanfile: null })}
          onDone={finish}
        />
      ) : (
        <DeployForm
          form={form}
          onChange={(changed) => setDraft({ form: changed, keelanfile: null })}
          onEdit={() => setDraft({ form, keelanfile: { text: keelanfileText(form), folder: '/' } })}
          onDone={finish}
        />
      )}
    </>
  )
}

/** In a browser there is no way to a path on this machine. */
function OpenButton() {
  const desktop = window.keelan
  if (!desktop) return null
  const choose = async (what: 'keelanfile' | 'folder'): Promise<void> => {
    const path = await desktop.choose(what)
    if (path !== null) go(`/deploy?path=${encodeURIComponent(path)}`)
  }
  return (
    <MenuButton
      label="Open"
      button={<Button icon={<FolderOpen size={14} aria-hidden="true" />}>Open…</Button>}
      onAction={(what) => void choose(what === 'folder' ? 'folder' : 'keelanfile')}
    >
      <MenuItem id="folder">A folder…</MenuItem>
      <MenuItem id="keelanfile">A Keelanfile…</MenuItem>
    </MenuButton>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Ship } from '../../../helper/api/ship.ts'
import { call } from '../api/client.ts'
import { useDraft } from '../keelanfile/drafts.ts'
import { useConnection } from '../state/fleet.ts'
import { shipKey } from '../state/query.ts'
import { DefinitionEditor } from './definition-editor.tsx'
import { definitionDraft } from './save-definition.ts'
import type { Draft } from './save-definition.ts'
import { NotRead } from '../shell/not-read.tsx'

/** A ship's definition as a Keelanfile says it, to be read and changed. What is typed is kept while the window is open. */
export function DefinitionTab({ ship }: { readonly ship: Ship }) {
  const { name } = ship
  const [draft, setDraft] = useDraft<Draft>(definitionDraft(name), null)
  const [isShown, setShown] = useState(draft?.isShown ?? false)
  const isThere = useConnection() === 'connected'
  const env = isShown ? 'true' : 'false'
  const text = useQuery({
    queryKey: shipKey(name, 'keelanfile', env),
    enabled: isThere,
    queryFn: async ({ signal }) => (await call('getKeelanfile', { params: { name }, query: { env } }, signal)).text,
    // Values of variables do not stay in memory when they are no longer shown.
    ...(isShown && { gcTime: 0 }),
  })
  const detail = useQuery({
    queryKey: shipKey(name, 'detail'),
    enabled: isThere,
    queryFn: ({ signal }) => call('getShip', { params: { name } }, signal),
  })
  const { error } = text.data === undefined ? text : detail
  if (text.data === undefined || detail.data === undefined)
    return <NotRead error={error} retry={() => Promise.all([text.refetch(), detail.refetch()])} />
  return (
    <DefinitionEditor
      key={env}
      ship={ship}
      current={text.data}
      folder={detail.data.definition.cwd}
      hasVariables={Object.keys(detail.data.definition.env).length > 0}
      draft={draft}
      onDraft={setDraft}
      isShown={isShown}
      onShown={setShown}
    />
  )
}

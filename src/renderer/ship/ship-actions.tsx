import { Bell, BellOff, Copy, EllipsisVertical, FileText, Play, RotateCw, Square, Trash2 } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import type { Ship } from '../../../helper/api/ship.ts'
import { call } from '../api/client.ts'
import { act } from '../state/actions.tsx'
import { useConnection } from '../state/fleet.ts'
import { go } from '../state/location.ts'
import { queries, settingsKey, shipKey, useSettings } from '../state/query.ts'
import { useShipActions, useUnderWay } from '../state/ship-actions.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { MenuButton, MenuItem, MenuSeparator } from '../ui/menu.tsx'

/** What can be done with a ship. */
export function ShipActions({ ship }: { readonly ship: Ship }) {
  const { name, status } = ship
  const perform = useShipActions()
  const underWay = useUnderWay(name)
  const isDisabled = useConnection() !== 'connected'
  const canStart = status === 'stopped' || status === 'failed' || status === 'backoff'
  const canStop = status === 'running' || status === 'starting' || status === 'backoff'
  return (
    <>
      {canStart && (
        <Button
          variant="primary"
          isDisabled={isDisabled}
          icon={<Play size={14} aria-hidden="true" />}
          isPending={underWay === 'start'}
          onPress={() => void perform('start', [name])}
        >
          {status === 'backoff' ? 'Start now' : 'Start'}
        </Button>
      )}
      {(canStop || status === 'stopping') && (
        <Button
          isDisabled={isDisabled}
          icon={<Square size={13} aria-hidden="true" />}
          isPending={underWay === 'stop' || status === 'stopping'}
          onPress={() => void perform('stop', [name])}
        >
          Stop
        </Button>
      )}
      {status === 'running' && (
        <Button
          isDisabled={isDisabled}
          icon={<RotateCw size={14} aria-hidden="true" />}
          isPending={underWay === 'restart'}
          onPress={() => void perform('restart', [name])}
        >
          Restart
        </Button>
      )}
      <MoreActions ship={ship} onRemove={async () => (await perform('remove', [name])) && go('/ships')} />
    </>
  )
}

function MoreActions({ ship, onRemove }: { readonly ship: Ship; readonly onRemove: () => Promise<unknown> }) {
  const { name, command } = ship
  const isAway = useConnection() !== 'connected'
  const muted = useSettings().data?.mutedShips
  const isMuted = muted?.includes(name) ?? false
  const { data: detail } = useQuery({
    queryKey: shipKey(name, 'detail'),
    queryFn: ({ signal }) => call('getShip', { params: { name } }, signal),
    enabled: !isAway,
  })
  const desktop = window.keelan
  const logFile = detail?.logFiles[0]
  const actions: Record<string, () => unknown> = {
    mute: () => muted && setMuted(name, isMuted ? muted.filter((other) => other !== name) : [...muted, name], !isMuted),
    copy: () =>
      act({
        doing: 'Copying the command…',
        done: 'Command copied',
        failed: 'The command was not copied',
        work: () => navigator.clipboard.writeText(command),
      }),
    show: () =>
      logFile !== undefined &&
      act({
        doing: 'Opening the folder…',
        done: null,
        failed: 'The log file was not shown',
        work: async () => desktop?.show(logFile),
      }),
    remove: onRemove,
  }
  return (
    <MenuButton
      label={`More for ${name}`}
      button={<IconButton label="More" icon={<EllipsisVertical size={16} />} />}
      onAction={(key) => void actions[String(key)]?.()}
      disabledKeys={isAway ? ['mute', 'remove'] : muted ? [] : ['mute']}
    >
      <MenuItem id="mute" icon={isMuted ? <Bell size={14} /> : <BellOff size={14} />}>
        {isMuted ? 'Notify me of failures' : 'Do not notify me of failures'}
      </MenuItem>
      {desktop && logFile !== undefined && (
        <MenuItem id="show" icon={<FileText size={14} />}>
          Show the log file
        </MenuItem>
      )}
      <MenuItem id="copy" icon={<Copy size={14} />}>
        Copy the command
      </MenuItem>
      <MenuSeparator />
      <MenuItem id="remove" danger icon={<Trash2 size={14} />}>
        Remove…
      </MenuItem>
    </MenuButton>
  )
}

async function setMuted(name: string, mutedShips: string[], isMuted: boolean): Promise<void> {
  const outcome = await act({
    doing: 'Saving…',
    done: isMuted ? `You are not notified of ${name} any more` : `You are notified when ${name} fails`,
    failed: 'The setting was not saved',
    work: () => call('changeSettings', { body: { mutedShips } }),
  })
  if (outcome.ok) queries.setQueryData(settingsKey, outcome.value)
}

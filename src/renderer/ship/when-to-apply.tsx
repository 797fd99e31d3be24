import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface Props {
  readonly name: string
  readonly isOpen: boolean
  readonly onCancel: () => void
  readonly onChoose: (restart: boolean) => void
}

/** Asks when a changed definition of a ship that runs is to apply. */
export function WhenToApply({ name, isOpen, onCancel, onChoose }: Props) {
  return (
    <Dialog
      role="alertdialog"
      title={`Restart ${name} now?`}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onCancel()}
      actions={
        <>
          <Button onPress={onCancel}>Cancel</Button>
          <Button onPress={() => onChoose(false)}>Apply at its next start</Button>
          <Button variant="primary" autoFocus onPress={() => onChoose(true)}>
            Restart now
          </Button>
        </>
      }
    >
      {name} runs with the definition it was started with. A restart applies the changed one; otherwise it runs on as it
      is until it starts next.
    </Dialog>
  )
}

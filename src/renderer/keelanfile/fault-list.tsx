import { CircleAlert } from 'lucide-react'
import { Button } from 'react-aria-components'
import type { KeelanfileFault } from '../../../helper/api/keelanfile.ts'
import { countedFaults, faultInWords } from './fault-words.ts'
import styles from './keelanfile-editor.module.css'

interface Props {
  readonly id?: string
  readonly faults: readonly KeelanfileFault[]
  /** Without it the faults are only listed. */
  readonly onPick?: (fault: KeelanfileFault) => void
}

/** What is wrong with a Keelanfile, line by line, as the command line says it. Changes are read out. */
export function FaultList({ id, faults, onPick }: Props) {
  return (
    <div id={id} role="status" className={styles.faults}>
      {faults.length > 0 && (
        <>
          <p className={styles.count}>
            <CircleAlert size={14} aria-hidden />
            {countedFaults(faults.length)}
          </p>
          <ul>
            {faults.map((fault) => (
              <li key={faultInWords(fault)}>
                {onPick ? (
                  <Button className={styles.fault!} onPress={() => onPick(fault)}>
                    {faultInWords(fault)}
                  </Button>
                ) : (
                  <span className={styles.fault}>{faultInWords(fault)}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

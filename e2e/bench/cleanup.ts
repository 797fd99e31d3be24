type Undo = () => void | Promise<void>

const undone: Undo[] = []

/** Has this done at the end, however the benchmark ends; what was begun last is undone first. */
export function atEnd(undo: Undo): void {
  undone.push(undo)
}

/** Undoes everything. One that fails is told of and does not hold up the others. */
export async function cleanUp(): Promise<void> {
  for (let undo = undone.pop(); undo; undo = undone.pop()) {
    try {
      await undo()
    } catch (error) {
      process.stderr.write(`bench: cleaning up: ${String(error)}\n`)
    }
  }
}

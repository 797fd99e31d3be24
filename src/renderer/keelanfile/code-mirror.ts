import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { linter, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import type { Diagnostic } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import type { Text } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { KeelanfileFault } from '../../../helper/api/keelanfile.ts'

/** ms without a key pressed before the text is checked. */
const checkAfterMs = 300

export interface EditorOptions {
  readonly parent: HTMLElement
  readonly text: string
  /** Attributes of the field itself: `aria-label` and the like. */
  readonly attributes: Readonly<Record<string, string>>
  readonly onChange: (text: string) => void
  /** Checks a text; its faults are shown at their places. It tells no failures of its own. */
  readonly check: (text: string) => Promise<readonly KeelanfileFault[]>
}

/** An editor for YAML in the page's own colours. */
export function newEditor({ parent, text, attributes, onChange, check }: EditorOptions): EditorView {
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      lineNumbers(),
      lintGutter(),
      highlightActiveLineGutter(),
      highlightActiveLine(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      indentUnit.of('  '),
      EditorState.tabSize.of(2),
      EditorView.lineWrapping,
      yaml(),
      syntaxHighlighting(colors),
      theme,
      EditorView.cspNonce.of(nonce()),
      EditorView.contentAttributes.of({
        spellcheck: 'false',
        autocorrect: 'off',
        autocapitalize: 'off',
        ...attributes,
      }),
      typeOverSelection,
      // Tab is not taken: it moves on to what comes after the editor, as everywhere else on the page.
      keymap.of([...lintKeymap, ...historyKeymap, ...defaultKeymap]),
      linter(async ({ state }) => diagnosticsOf(state.doc, await check(state.doc.toString())), { delay: checkAfterMs }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) onChange(state.doc.toString())
      }),
    ],
  })
}

/**
 * Typing over a selection, done here: the browser would keep the look of what was selected in a `style` attribute, which the
 * content security policy forbids and reports.
 */
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType, isComposing } = event
    if (inputType !== 'insertText' || data === null || isComposing || view.state.selection.main.empty) return false
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    event.preventDefault()
    return true
  },
})

/** Marks the faults and puts the cursor at the first. */
export function showFaults(view: EditorView, faults: readonly KeelanfileFault[]): void {
  view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state.doc, faults)))
  if (faults[0]) goTo(view, faults[0])
}

/** Puts the cursor at a fault and shows it. */
export function goTo(view: EditorView, fault: KeelanfileFault): void {
  const { from } = rangeOf(view.state.doc, fault)
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
  view.focus()
}

/** Replaces the text, as one step that can be undone; one that is there already stays as it is. */
export function setText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
}

function diagnosticsOf(doc: Text, faults: readonly KeelanfileFault[]): Diagnostic[] {
  return faults.map((fault) => ({
    ...rangeOf(doc, fault),
    severity: 'error',
    message: `${fault.key === '' ? '' : `${fault.key}: `}${fault.message}`,
  }))
}

/** What a fault is about: from its column to the end of the word there, or the whole line where there is none. */
export function rangeOf(
  doc: Text,
  { line, column }: Pick<KeelanfileFault, 'line' | 'column'>,
): { from: number; to: number } {
  const { from, to, text } = doc.line(Math.min(Math.max(line, 1), doc.lines))
  const start = Math.min(column - 1, text.length)
  const word = /^\S+/.exec(text.slice(start))?.[0]
  return word === undefined ? { from, to } : { from: from + start, to: from + start + word.length }
}

/** The one that the page's own styles carry (see index.html); none where there is no policy to satisfy. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

const colors = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent-text)' },
  { tag: tags.string, color: 'var(--ok)' },
  { tag: [tags.comment, tags.meta], color: 'var(--text-muted)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.labelName, tags.typeName, tags.attributeValue], color: 'var(--warn)' },
  { tag: [tags.separator, tags.punctuation, tags.bracket], color: 'var(--text-muted)' },
])

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--bg-field)', fontSize: 'var(--size)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': {
    color: 'var(--text-muted)',
    backgroundColor: 'var(--bg-sunken)',
    borderRight: '1px solid var(--border)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 10px', minWidth: '32px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--bg-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)', borderLeftWidth: '2px' },
  '& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'light-dark(#bcd8f5, #24527f) !important',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--bg-pressed)', outline: '1px solid var(--border-field)' },
  // The library's own marks are data: addresses, which the content security policy does not allow.
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--bad)' },
  '.cm-gutter-lint': { width: '16px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0', display: 'grid', placeItems: 'center' },
  '.cm-lint-marker-error': {
    content: 'normal',
    width: '8px',
    height: '8px',
    borderRadius: '50%',
    backgroundColor: 'var(--bad)',
  },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--bg-raised)',
    border: 'none',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow-menu)',
    maxWidth: 'min(480px, 80vw)',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)', marginLeft: '0', padding: '6px 10px' },
})

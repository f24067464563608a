"""Filled workbooks against the register: what each decision does, and why it may not.

Pure: frames in, frames out. `decision` says what a row means, `resolve` whom it is about, `clash`
what contradicts what, `edits` which cells change, `style` how they are written, `checks` whose a
number is, `memory` what is remembered.
"""

"""Text for people: printed, and given back."""

from __future__ import annotations

import sys

PLAIN = {ord(char): plain for chars, plain in [("│┆├", "|"), ("─", "-"), ("═", "="), ("┌┬┐┼┤└┴┘╞╪╡", "+")] for char in chars}
PLAIN |= {ord("→"): "->", ord("…"): "...", ord("−"): "-", ord("–"): "-", ord("±"): "+-"}


def show(text: str) -> None:
    """Prints the text; where the output knows no lines and arrows, in what it knows."""
    try:
        print(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding
        print(text.translate(PLAIN).encode(encoding, "replace").decode(encoding))


class Table(str):
    """A table as text. It was printed when it was made, so an interactive shell need not show it again."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<table of {len(self.splitlines())} lines>"

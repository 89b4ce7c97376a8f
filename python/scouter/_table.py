"""Text that was printed already."""

from __future__ import annotations


class Table(str):
    """A table as text. It was printed when it was made, so an interactive shell need not show it again."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<table of {len(self.splitlines())} lines>"

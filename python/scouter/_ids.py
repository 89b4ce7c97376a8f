"""What is looked up by the id of a task."""

from __future__ import annotations

from typing import Any, Dict, NoReturn, TypeVar

V = TypeVar("V")


class ById(Dict[str, V]):
    """A dict by the ids of tasks, which are not told apart by case. A `KeyError` offers the nearest."""

    __slots__ = ()

    def __missing__(self, id: object) -> V:
        if isinstance(id, str):
            if (lower := id.lower()) != id and super().__contains__(lower):
                return super().__getitem__(lower)
            self._refuse(id)
        raise KeyError(id)

    def __contains__(self, id: object) -> bool:
        return super().__contains__(id.lower() if isinstance(id, str) else id)

    def get(self, id: str, default: Any = None) -> Any:
        return self[id] if id in self else default

    def _refuse(self, id: str) -> NoReturn:
        from scouter._scouter import nearest_id

        near = nearest_id(id.lower(), list(self))
        hint = f"; did you mean `{near}`?" if near else ""
        raise KeyError(f"no task has the id `{id}`{hint}")

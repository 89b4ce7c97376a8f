"""Brings a copy of a checkout up to date: `copy.py CHECKOUT COPY`.

Cargo compiles a crate again where a file of it is newer than what was compiled. In a fresh clone all files are new; in the copy
only those are whose content is another than at the last run.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

# What is left out where nothing says what git leaves out.
BUILT = {"target", ".venv", "__pycache__"}


def below(folder: Path, left_out: set[str]) -> set[Path]:
    """All files and links below a folder, as paths from there."""
    found: set[Path] = set()
    for where, folders, files in os.walk(folder):
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        folders[:] = [name for name in folders if name not in left_out and name not in links]
        found.update(Path(where, name).relative_to(folder) for name in [*files, *links])
    return found


def wanted(checkout: Path, copy: Path) -> set[Path]:
    """The files that are tested: those that git knows or would know."""
    if (checkout / ".git").exists():
        # Whoever runs the tests need not own the checkout.
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=checkout, stdout=subprocess.PIPE, check=True).stdout
        names = {Path(os.fsdecode(name)) for name in listed.split(b"\0") if name}
    else:
        names = below(checkout, BUILT)
    # The index names what was deleted, too. What is kept beside the copy is left out where that lies in the checkout.
    kept = copy.parent.relative_to(checkout) if copy.is_relative_to(checkout) else None
    return {name for name in names if there(checkout / name) and (kept is None or not name.is_relative_to(kept))}


def there(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and os.readlink(one) == os.readlink(other)
    return other.is_file() and filecmp.cmp(one, other, shallow=False)


def update(checkout: Path, copy: Path) -> None:
    """Writes what differs and deletes what the checkout has not. All else keeps its time."""
    files = wanted(checkout, copy)
    for gone in below(copy, set()) - files:
        (copy / gone).unlink()
    for folder, _, _ in os.walk(copy, topdown=False):
        if Path(folder) != copy and not os.listdir(folder):
            os.rmdir(folder)
    for name in files:
        source, place = checkout / name, copy / name
        if not same(source, place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            # Its time is now, so that it is newer than all that was compiled.
            shutil.copyfile(source, place, follow_symlinks=False)
        if not source.is_symlink():
            shutil.copymode(source, place)


if __name__ == "__main__":
    update(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())

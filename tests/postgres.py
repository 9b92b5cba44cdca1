"""A real PostgreSQL for the tests: a cluster of its own in a temporary folder, started once a run."""

import getpass
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BINARIES = Path("/usr/lib/postgresql")
_FLAGS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 "
    "-c max_wal_size=256MB"
)
_IN_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30


def binaries() -> Path | None:
    """The newest PostgreSQL server on this machine, or None."""
    found = [path for path in _BINARIES.glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_server_user(command: list[str]) -> None:
    """PostgreSQL refuses to run as root: there, it runs as its own user."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120, cwd="/")


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster; gives the URL of its maintenance database.

    Its folder has a short name, because the path of its socket may have 107 bytes; it is kept in memory where there is
    room.
    """
    found = binaries()
    assert found is not None
    in_memory = _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix="mci-pg-", dir=_IN_MEMORY if in_memory else None))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        data = str(folder / "data")
        _as_server_user(
            [str(found / "initdb"), "--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D", data]
        )
        flags = f"{_FLAGS} -k {folder}"
        _as_server_user([str(found / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", flags, "start"])
        try:
            yield f"postgresql+psycopg://{user}@/postgres?host={folder}"
        finally:
            _as_server_user([str(found / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def can_start() -> bool:
    """Whether a server is here, and, for root, the user that it would run as."""
    if binaries() is None:
        return False
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return False
    return True

"""A local installation: its data folder, and the secrets kept in it.

`manage.py start` makes one. The commands of `manage.py` then use it too, unless the
environment says how to run (`SECRET_KEY`).
"""

import os
import secrets
from pathlib import Path

MODE = "LINGO_LOCAL"


def data_dir():
    """Return the folder of the local installation's data; it may not exist yet."""
    beside_the_code = Path(__file__).resolve().parent.parent / ".data"
    return Path(os.environ.get("LINGO_DATA_DIR") or beside_the_code)


def is_installed():
    return (data_dir() / "secret_key").exists()


def choose():
    """Run this process, and those it starts, as a local installation.

    An environment that brings its own `SECRET_KEY` decides for itself. Raises
    SystemExit with a clear line where the data folder can't be written.
    """
    if os.environ.get("SECRET_KEY"):
        return
    os.environ.setdefault(MODE, "true")
    try:
        secret("secret_key")
    except OSError as error:
        raise SystemExit(
            f"Lingo can't write its data folder {data_dir()}: {error.strerror}."
        ) from error


def secret(name, length=50):
    """Return the secret kept under `name`, made on first use, readable by the owner.

    Raises OSError where the data folder can't be written.
    """
    path = data_dir() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        made = secrets.token_urlsafe(length)
        file.write(made + "\n")
    return made

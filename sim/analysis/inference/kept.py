"""What an unfinished inference goes on from: chunks of sets in files, and a journal."""

import hashlib
import io
import json
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.inference.sets import Seen
from sim.batch.checkpoint import Checkpoint, locked
from sim.batch.files import checksum, make_folder, read_whole, told_plainly, write_whole
from sim.batch.tables import UNFINISHED
from sim.errors import InputMissingError

_LOCK, _JOURNAL = "lock", "journal.jsonl"


class Kept:
    """Chunks of an inference in `folder/unfinished`, of the one that `of` tells.

    Chunks of another inference are left out and written over. Used by many threads;
    one process at a time.
    """

    def __init__(self, folder: Path, of: dict[str, Any]) -> None:
        self.folder = folder
        self._work = folder / UNFINISHED
        make_folder(self._work, within=folder)
        self._lock = locked(self._work / _LOCK)
        text = json.dumps(of, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()
        self._journal = Checkpoint(self._work / _JOURNAL, name)
        self._sums = {each["name"]: each["sha256"] for each in self._journal.read()}
        self._one_writes = threading.Lock()

    def get(self, name: str) -> Seen | None:
        """Return what a chunk came to, None if it is not there as it was written."""
        if name not in self._sums:
            return None
        try:
            content = read_whole(self._file(name), self._sums[name])
        except InputMissingError:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return Seen(arrays["said"], arrays["begun"], arrays["stopped"])

    def put(self, name: str, seen: Seen) -> None:
        """Keep a chunk: its file, then its line in the journal."""
        stream = io.BytesIO()
        np.savez_compressed(stream, **seen._asdict())
        content = stream.getvalue()
        write_whole(self._file(name), content, within=self.folder, lasting=False)
        with self._one_writes:
            self._sums[name] = checksum(content)
            self._journal.append({"name": name, "sha256": self._sums[name]})

    def close(self, *, finished: bool) -> None:
        """Let others work here; what is finished is kept no longer."""
        self._journal.close()
        self._lock.release()
        if finished:
            with told_plainly(self._work):
                shutil.rmtree(self._work)

    def _file(self, name: str) -> Path:
        return self._work / f"{name}.npz"

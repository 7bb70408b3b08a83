"""Whether a folder lies on another machine, which tells nobody here when something in it changes."""

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path

# Kinds of file systems, as mount tables call them, whose changes may be made where this kernel does not see them.
_REMOTE = re.compile(
    r"fuse(\..+)?|nfs\d?|cifs|smb\d?|smbfs|9p|virtiofs|vboxsf|prl_fs|vmhgfs|drvfs|afs|afpfs|ceph|glusterfs|lustre|beegfs|ncpfs"
    r"|webdav|davfs"
)
_MAC_MOUNT = re.compile(r"^.* on (?P<point>/.*) \((?P<kind>[^,)]+)[^)]*\)$", re.MULTILINE)
_DRIVE_REMOTE = 4


def is_remote(folder: Path) -> bool:
    """Whether changes below `folder` have to be looked for. False when the system does not say; blocks."""
    if sys.platform == "win32":
        return _remote_drive(folder)
    try:
        if sys.platform == "darwin":
            told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=10, check=False).stdout
            table = [(found["point"], found["kind"]) for found in _MAC_MOUNT.finditer(told)]
        else:
            table = mounted(Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))
    except (OSError, subprocess.SubprocessError):
        return False
    return is_remote_kind(kind_of(str(folder.resolve()), table))


def mounted(mountinfo: str) -> list[tuple[str, str]]:
    """Where something is mounted, and of which kind it is: proc_pid_mountinfo(5), fields 5 and, after the dash, 1."""
    table = []
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if dash and len(fields) > 4:
            table.append((_unescaped(fields[4]), after.split(" ")[0]))
    return table


def kind_of(path: str, table: list[tuple[str, str]]) -> str:
    """The kind of file system that `path` lies on; empty when no mount holds it."""
    kind, longest = "", -1
    for point, what in table:
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        # The later of two mounts at one place lies on top.
        if inside and len(point) >= longest:
            kind, longest = what, len(point)
    return kind


def is_remote_kind(kind: str) -> bool:
    return _REMOTE.fullmatch(kind) is not None


def _unescaped(field: str) -> str:
    """Spaces and the like are written as three octal digits."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def _remote_drive(folder: Path) -> bool:
    drive = os.path.splitdrive(folder.resolve())[0]
    if drive.startswith("\\\\"):
        return True
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (there is no windll where this is type-checked)
    return bool(kernel.GetDriveTypeW(f"{drive}\\") == _DRIVE_REMOTE)

from pathlib import Path

import pytest

from watchparty.services.mounts import is_remote, is_remote_kind, kind_of, mounted

TABLE = r"""22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
90 22 0:50 / /srv/films rw,relatime shared:2 - nfs4 nas:/films rw,vers=4.2
91 22 0:51 / /mnt/My\040share rw - cifs //nas/share rw
92 90 0:52 / /srv/films/usb rw - fuseblk /dev/sdb1 rw
93 22 0:53 / /home/ada/remote rw - fuse.sshfs ada@far: rw
94 22 0:54 / /mnt/top rw - nfs old:/ rw
95 94 254:2 / /mnt/top rw - xfs /dev/vdb rw
"""


@pytest.mark.parametrize(
    ("path", "kind", "remote"),
    [
        ("/home/ada/films", "ext4", False),
        ("/srv/films", "nfs4", True),
        ("/srv/films/series/one", "nfs4", True),
        ("/srv/films2", "ext4", False),
        ("/srv/films/usb/a", "fuseblk", False),
        ("/mnt/My share/x", "cifs", True),
        ("/home/ada/remote", "fuse.sshfs", True),
        ("/mnt/top/a", "xfs", False),
    ],
)
def test_the_mount_a_folder_lies_on_tells_whether_it_is_remote(path: str, kind: str, remote: bool) -> None:
    assert kind_of(path, mounted(TABLE)) == kind
    assert is_remote_kind(kind) is remote


def test_a_folder_of_this_machine_is_not_remote(tmp_path: Path) -> None:
    assert not is_remote(tmp_path)

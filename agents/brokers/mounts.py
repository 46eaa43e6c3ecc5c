"""Is this path on a network file system? SQLite's locks and shared memory do not hold there."""

import re
from pathlib import Path

from agents.brokers.errors import NetworkFileSystem

# File systems whose locks or shared memory maps are not those of one machine; names as Linux prints
# them. 9p is how virtual machines and WSL pass the host's drives through, without a coherent mmap.
NETWORK = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.ceph",
        "fuse.cephfs",
        "fuse.davfs",
        "fuse.davfs2",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.goofys",
        "fuse.juicefs",
        "fuse.mfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "gfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "moosefs",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "pvfs2",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "sshfs",
    }
)
MOUNTS = Path("/proc/mounts")


def _unescape(field: str) -> str:
    """/proc/mounts writes blanks, tabs, line ends and backslashes as three octal digits (getmntent(3))."""
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), field)


def file_system(path: Path, mounts: str) -> tuple[str, str]:
    """(type, mount point) of the file system `path` (absolute) lies on; ("", "") if none is listed."""
    best = ("", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _unescape(fields[1])
        # A later line with the same mount point covers the earlier one, hence >=.
        if path.is_relative_to(point) and len(point) >= len(best[1]):
            best = (fields[2], point)
    return best


def refuse_network(path: Path, mounts: str) -> None:
    """Raise NetworkFileSystem if `path` (absolute) lies on one, according to the text of /proc/mounts."""
    kind, point = file_system(path, mounts)
    if kind in NETWORK:
        raise NetworkFileSystem(
            f"{path} lies on {kind} (mounted at {point}), where SQLite's locks do not hold and a log would "
            "be damaged: put the log on a local disk, or use kafka:// for more than one machine"
        )


def read_mounts() -> str:
    """The text of /proc/mounts, or nothing where there is none (macOS, BSD)."""
    return MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.exists() else ""

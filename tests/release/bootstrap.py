"""The beginning of `kehu.pyz`: unpacks what it holds once, to a folder of the user's own, and starts kehu from there.

It loads nothing but the standard library, and any Python since 3.6 reads it far enough to say which one is needed.
`KEHU_PYZ_DIR` names another folder to unpack to, which all users of a machine may share.
"""

import os
import shutil
import sys
import sysconfig
import tempfile
import time
import zipfile
from typing import Sequence, Tuple

VERSION, DIGEST = "", ""
"""Of what this file holds; the builder fills them in."""

NATIVE: Sequence[Tuple[str, Sequence[str]]] = ()
"""Each folder of compiled modules in this file, and the tags of the wheels that they are from."""

OLDEST = (3, 11)

KEPT_DAYS = 30
"""An older version's folder goes after so long without a start: until then a desk may still run from it."""

LEGACY = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
"""What the first names of Linux platforms asked for of the C library."""

WORDS = {
    "python": (
        "kehu needs Python {oldest} or later, and this is {found}.",
        "kehu 需要 Python {oldest} 或更高版本，当前是 {found}。",
    ),
    "platform": (
        "this kehu.pyz holds no compiled modules for {found}; it holds those for: {held}. "
        "Install kehu with pip instead, or build a kehu.pyz here: python -m tests.release pyz",
        "这个 kehu.pyz 没有适用于 {found} 的编译模块，只有：{held}。"
        "请改用 pip 安装，或在本机另行构建：python -m tests.release pyz",
    ),
    "owner": (
        "{folder} belongs to somebody else, or others may write to it; kehu starts nothing from there. "
        "Delete it, or set KEHU_PYZ_DIR to a folder of your own.",
        "{folder} 属于别人，或者别人可以写入，kehu 不会从那里启动。请删除它，或用 KEHU_PYZ_DIR 指定自己的文件夹。",
    ),
    "once": (
        "{folder} cannot be written ({reason}): unpacked for this start alone. Set KEHU_PYZ_DIR to a folder that can.",
        "{folder} 无法写入（{reason}），只为这一次启动而解包。请用 KEHU_PYZ_DIR 指定一个可写的文件夹。",
    ),
}


def _say(name: str, **facts: object) -> str:
    locale = next((os.environ[key] for key in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return "kehu.pyz: " + WORDS[name][locale.lower().startswith("zh")].format(**facts)


def fits(tag: str, python: Tuple[int, int], abi: str, system: str, machine: str, release: Tuple[int, int]) -> bool:
    """Whether a wheel's `tag`, such as `cp311-cp311-manylinux_2_17_x86_64`, is one of this interpreter.

    `system` is `linux`, `musllinux` or `macosx`; `release` that of glibc, musl or macOS.
    """
    interpreter, wanted_abi, platform = tag.split("-")
    version = (int(interpreter[2:3]), int(interpreter[3:] or 0)) if interpreter.startswith("cp") else (0, 0)
    if wanted_abi == "abi3":
        if not (3, 2) <= version <= python or abi.endswith("t"):
            return False
    elif (version, wanted_abi) != (python, abi):
        return False
    if platform == f"linux_{machine}":
        return system == "linux"
    for name, needed in LEGACY.items():
        if platform == f"{name}_{machine}":
            return system == "linux" and needed <= release
    kind, major, minor, arch = (*platform.split("_", 3), "", "", "")[:4]
    if {"manylinux": "linux"}.get(kind, kind) != system or not (major + minor).isdigit():
        return False
    return (int(major), int(minor)) <= release and arch in (machine, "universal2" if system == "macosx" else machine)


def this_interpreter() -> Tuple[Tuple[int, int], str, str, str, Tuple[int, int]]:
    """What `fits` compares with: Python's version, its ABI, the system, the machine and the system's release."""
    import platform

    python = (sys.version_info[0], sys.version_info[1])
    abi = f"cp{python[0]}{python[1]}" + ("t" if sysconfig.get_config_var("Py_GIL_DISABLED") else "")
    if sys.platform == "darwin":
        system, release = "macosx", platform.mac_ver()[0]
    else:
        try:
            system, release = "linux", (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")[2]
        except (AttributeError, OSError, ValueError):
            system, release = "musllinux", "1.2"
    numbers = [int(part) for part in release.split(".")[:2] if part.isdigit()] + [0, 0]
    return python, abi, system, platform.machine(), (numbers[0], numbers[1])


def _native_folder() -> str:
    """The folder of this file with the compiled modules for this interpreter."""
    here = this_interpreter()
    for folder, tags in NATIVE:
        if any(fits(tag, *here) for tag in tags):
            return folder
    python, _abi, system, machine, release = here
    found = "CPython {}.{}, {} {}.{} {}".format(*python, system, *release, machine)
    sys.exit(_say("platform", found=found, held=", ".join(tag for _folder, tags in NATIVE for tag in tags)))


def _cache() -> str:
    """The folder of the user's own for what can be made again."""
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/kehu/pyz")
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "kehu", "pyz")


def _unpack(folder: str, native: str, shared: bool) -> None:
    """Unpack to `folder`, whole or not at all; of several starts at once one comes first, and the others take its."""
    os.makedirs(os.path.dirname(folder), mode=0o755 if shared else 0o700, exist_ok=True)
    unpacked = tempfile.mkdtemp(dir=os.path.dirname(folder), prefix=".unpacking-")
    try:
        with zipfile.ZipFile(os.path.dirname(os.path.abspath(__file__))) as archive:
            for entry in archive.infolist():
                top, _slash, name = entry.filename.partition("/")
                if name and top in ("site", native):
                    entry.filename = name
                    archive.extract(entry, unpacked)
        if shared:  # the others cannot write bytecode there
            import compileall

            os.chmod(unpacked, 0o755)  # an administrator named it for all users of the machine
            compileall.compile_dir(unpacked, quiet=2)
        os.rename(unpacked, folder)
    except OSError:
        if not os.path.isdir(folder):
            raise
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def _ours(folder: str) -> bool:
    """Whether nobody but this user and root can have put anything into `folder`."""
    status = os.stat(folder)
    return status.st_uid in (os.getuid(), 0) and not status.st_mode & 0o022


def _forget_older(folder: str) -> None:
    """Remove what other versions unpacked beside `folder`, and nobody started for `KEPT_DAYS`."""
    beside = os.path.dirname(folder)
    for name in os.listdir(beside):
        other = os.path.join(beside, name)
        if other != folder and os.stat(other).st_mtime < time.time() - KEPT_DAYS * 86400:
            shutil.rmtree(other, ignore_errors=True)


def _place(native: str) -> str:
    """The folder to start from: unpacked now, or by an earlier start."""
    shared = os.path.abspath(os.environ["KEHU_PYZ_DIR"]) if os.environ.get("KEHU_PYZ_DIR") else ""
    python = "{}{}".format(*sys.version_info[:2])
    folder = os.path.join(shared or _cache(), f"{VERSION}-{DIGEST[:12]}-{native}-{python}")
    try:
        if not os.path.isdir(folder):
            _unpack(folder, native, bool(shared))
            _forget_older(folder)
    except OSError as error:
        import atexit

        print(_say("once", folder=os.path.dirname(folder), reason=error.strerror), file=sys.stderr)
        beside = tempfile.mkdtemp(prefix="kehu-")
        atexit.register(shutil.rmtree, beside, ignore_errors=True)
        folder = os.path.join(beside, "unpacked")
        _unpack(folder, native, False)
    if not _ours(folder):
        sys.exit(_say("owner", folder=folder))
    try:
        os.utime(folder)
    except OSError:
        pass  # root's, for all users
    return folder


def main() -> int:
    """Start kehu; its exit code."""
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info[:2])
        sys.exit(_say("python", oldest="{}.{}".format(*OLDEST), found=found))
    sys.path[0] = _place(_native_folder())  # in place of this file
    from tui.cli import main as kehu

    return kehu()


if __name__ == "__main__":
    sys.exit(main())

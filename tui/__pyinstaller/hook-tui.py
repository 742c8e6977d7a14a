"""PyInstaller's hook for `tui`: all modules of kehu, all its other files, and its metadata.

Other freezers take the same from `runpy.run_path("hook-tui.py")`: `hiddenimports` and `datas`.
"""

from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).parents[2]

FILES = [
    path
    for package in ("tui", "widgets", "styles")
    for path in sorted((HOME / package).rglob("*"))
    if path.is_file() and not {"__pycache__", "__pyinstaller"} & set(path.parts)
]

hiddenimports = [
    *(
        ".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
        if path.suffix == ".py"
    ),
    "pypinyin",  # only its table is read, from the file
]
"""Every module."""

_pinyin = find_spec("pypinyin")

datas = [
    *((str(path), str(path.parent.relative_to(HOME))) for path in FILES if path.suffix != ".py"),
    *((str(Path(place).with_name("pinyin_dict.json")), "pypinyin") for place in [_pinyin and _pinyin.origin] if place),
    # For `kehu --version`.
    *((str(file.locate()), str(file.parent)) for file in distribution("kehu").files or () if file.name == "METADATA"),
]
"""Every other file, and the folder that it belongs to."""

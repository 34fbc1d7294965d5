"""Write the table of settings in docs/settings.md from the table in the code: `python -m tests.settings_table`."""

import re
from pathlib import Path
from typing import Any

from multinexo_oauth.conf import Conf
from multinexo_oauth.setting_types import Setting

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
HEAD = "| key | type | default | |\n| --- | --- | --- | --- |\n"
TABLE = re.compile(rf"{re.escape(HEAD)}(?:\| `[A-Z_]+` .*\n)+")


def table() -> str:
    return HEAD + "".join(map(_row, Conf.table().values()))


def _row(setting: Setting[Any]) -> str:
    cells = (f"`{setting.name}`", setting.value_type, setting.written_default, _meaning(setting))
    return f"| {' | '.join(cells)} |\n"


def _meaning(setting: Setting[Any]) -> str:
    if not setting.see:
        return setting.meaning
    page, _, heading = setting.see.rpartition("#")
    link = f"[{page}]({page}#{heading})" if page else f"[below](#{heading})"
    return f"{setting.meaning.removesuffix('.')}; see {link}."


if __name__ == "__main__":
    PAGE.write_text(TABLE.sub(lambda found: table(), PAGE.read_text(), count=1))

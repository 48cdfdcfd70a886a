"""`make signs`: writes for browsers what X takes for an address and for an emoji, from the libraries that the server asks."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "static/js/signs.js"
HEAD = "// Written by `make signs`: what X takes for an address or an emoji, for parsing.js; the server: actions/parsing.py.\n"
# In a pattern with the flag u JavaScript wants no backslash before these.
NEEDLESS = re.compile(r"\\([!'%&,:;<=>@_~#\"])")
UNSEEN = re.compile("[\u200c\u200d\ufe0f\U000e0000-\U000e007f]")


def main() -> None:
    FILE.write_text(written())


def written() -> str:
    """The whole file."""
    from twitter_text.regexp.extract_url import extract_url
    from twitter_text.regexp.valid_ascii_domain import valid_ascii_domain
    from twitter_text.regexp.valid_cctld import valid_cctld
    from twitter_text.regexp.valid_gtld import valid_gtld
    from twitter_text.regexp.valid_tco_url import valid_tco_url

    from actions.parsing import emoji_pattern

    ends = f"{valid_gtld.pattern}|{valid_cctld.pattern}"
    patterns = {
        "ends": ends,
        "address": extract_url.pattern.replace(ends, "{ends}"),
        "latin": valid_ascii_domain.pattern.replace(ends, "{ends}"),
        "short": valid_tco_url.pattern,
    }
    signs = {name: NEEDLESS.sub(r"\1", pattern) for name, pattern in patterns.items()} | {"emoji": emoji_pattern()}
    said = json.dumps(signs, ensure_ascii=False, indent=2)
    # What can't be seen in an editor is written as a number.
    return f"{HEAD}export default {UNSEEN.sub(_number, said)};\n"


def _number(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()

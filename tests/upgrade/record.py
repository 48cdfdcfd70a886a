"""`python -m tests.upgrade.record`: keeps a release for those that come after it, in three files named for its version.

`<version>.sql.gz` is its seeded demo database, `<version>-keys.json` the keys to read it with, and `<version>-signing.sql` what its
code sends, from the form to the tally, when one more person signs there. Run it once, before the release is tagged.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.keys import KEYS
from tests.upgrade.databases import dump, scratch

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ONLY_FOR_TESTS = {
    **{name: KEYS[name] for name in ("SECRET_KEY", "FIELD_KEYS", "HASH_KEYS", "SNAPSHOT_KEYS")},
    "DEMO_STAFF_PASSWORD": "only-for-tests",
    "DEMO_TOTP_SECRET": "ONLYFORTESTSONLYFORTESTS",
}
# Between two statements of <version>-signing.sql.
END = ";\n\n"
# A quarter of the signatures of 2011, the rest whole: the file stays small, and is restored within seconds.
SEED = """
from demo import seed
seed.BAHRAIN_SIGNATURES = [number // 4 for number in seed.BAHRAIN_SIGNATURES]
seed.main()
"""


def version() -> str:
    found: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return found


def main() -> None:
    with scratch("record") as url:
        _python(url, "config.settings", "manage.py", "migrate", "--verbosity", "0")
        _python(url, "config.settings", "-c", SEED)
        # Without a time in its head: the same content is the same file.
        _file(".sql.gz").write_bytes(gzip.compress(dump(url).encode(), mtime=0))
        _file("-keys.json").write_text(json.dumps(ONLY_FOR_TESTS, indent=1) + "\n")
        _file("-signing.sql").write_text(_python(url, "tests.settings", "-m", "tests.upgrade.signing"))
    for path in sorted(HERE.glob(f"{version()}*")):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def _file(ending: str) -> Path:
    return HERE / f"{version()}{ending}"


def _python(url: str, settings: str, *arguments: str) -> str:
    """What `python <arguments>` printed, with the database at `url`."""
    epoch = (datetime.now(UTC) - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    environment = {**os.environ, **ONLY_FOR_TESTS, "DATABASE_URL": url, "DEMO_EPOCH": epoch}
    environment["DJANGO_SETTINGS_MODULE"] = settings
    result = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    result.check_returncode()
    return result.stdout


if __name__ == "__main__":
    main()

"""`python -m tests.upgrade.signing`: one person signs the demo's live petition; prints the SQL that each step sends, values included.

Only record.py runs it, against its scratch database.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import django

django.setup()

from django.core import mail  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from demo import campaigns  # noqa: E402
from petitions import tasks  # noqa: E402
from tests.factories import typed  # noqa: E402
from tests.upgrade.record import END  # noqa: E402

SIGNER = "one-more@example.org"


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def main() -> None:
    cache.clear()
    client = Client()
    _print("sign", lambda: client.post(f"/c/{campaigns.EXAMPLE.slug}/sign/", typed(email=SIGNER)))
    _print("mail", tasks.send_confirmations)
    (sent,) = mail.outbox
    link = re.search(r"/confirm/\S+?/", str(sent.body))
    assert link
    _print("read", lambda: client.get(link[0]))
    _print("confirm", lambda: client.post(link[0], typed()))
    _print("tally", tasks.tally)


def _print(step: str, act: Callable[[], object]) -> None:
    with CaptureQueriesContext(connection) as sent:
        act()
    statements = [query["sql"].strip() for query in sent.captured_queries]
    assert statements
    assert not any(END in statement for statement in statements)
    print(f"-- {step}\n" + "".join(statement + END for statement in statements), end="")


if __name__ == "__main__":
    main()

"""What benchmarks/staff.py measures, inside the site: `python -m benchmarks.data pages`."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any


def pages() -> None:
    """Prints, as JSON: each page with its seconds, queries and bytes, and how PostgreSQL finds what takes it longest."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from petitions.models import Petition
    from tests.login import logged_in, make_staff

    number = Petition.objects.get().pk
    browser = logged_in(make_staff(), host="localhost")
    measured: list[dict[str, Any]] = []
    for name, place in _places(number).items():
        times: list[float] = []
        answers: list[Any] = []
        for _ in range(3):
            began = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answers.append(browser.get(place))
            times.append(time.perf_counter() - began)
        assert answers[-1].status_code == 200, (place, answers[-1].status_code)
        slowest = max(queries.captured_queries, key=lambda query: float(query["time"]))["sql"]
        facts = {"queries": len(queries), "bytes": len(answers[-1].content), "is_list": "choose" not in place}
        measured.append({"page": name, "seconds": sorted(times)[1], "plan": _plan(slowest), **facts})
    print(json.dumps(measured))


def _places(number: int) -> dict[str, str]:
    of_all, of_one = "/admin/petitions/signature/", f"/admin/petitions/signature/?petition__id__exact={number}"
    return {
        "the list of all signatures": of_all,
        "the list of one petition's": of_one,
        "the list of those in review": f"{of_one}&review__exact=quarantined",
        "what conditions find, all of them": f"/admin/petitions/petition/{number}/choose/",
    }


def _plan(statement: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def export(kind: str, identity: str) -> None:
    """Prints, as JSON, what an export of all who agreed to news has taken; each part is opened afterwards."""
    from accounts.models import User
    from petitions import tasks
    from petitions.exports import asking
    from petitions.models import Export, Petition

    one, two = (_officer(User, name) for name in ("one", "two"))
    made = asking.ask(Petition.objects.get(), Export.Purpose.NEWS, kind, "To measure", one)
    asking.approve(made, two)

    began = time.perf_counter()
    while made.state == Export.State.WRITING:
        written_to = made.written_to
        tasks.write_exports()
        made.refresh_from_db()
        if made.state == Export.State.WRITING and made.written_to == written_to:
            raise RuntimeError("it can't be written: the log says why")
    seconds = time.perf_counter() - began
    memory = _peak()
    sizes = list(made.parts.values_list("size", flat=True))
    rows = sum(_rows(kind, bytes(part.content), identity) for part in made.parts.iterator(1))
    facts = {"seconds": seconds, "memory": memory, "bytes": sum(sizes), "rows": rows, "agreed": made.found}
    print(json.dumps(facts))


def _peak() -> int:
    """The most memory that this process has held, in bytes. Not ru_maxrss: that counts what its parent held, too."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1_024


def _officer(people: Any, name: str) -> Any:
    """Somebody who may ask for exports and approve them, made once."""
    rights = {"email": f"{name}@example.org", "is_staff": True, "is_superuser": True}
    return people.objects.get_or_create(username=name, defaults=rights)[0]


def _rows(kind: str, content: bytes, identity: str) -> int:
    """How many people a part holds, by what a data officer opens."""
    import pyrage
    from openpyxl import load_workbook
    from pyrage import x25519

    plain = bytes(pyrage.decrypt(content, [x25519.Identity.from_str(identity)]))
    if kind == "csv":
        return plain.count(b"\n") - 1
    return sum(1 for _ in load_workbook(io.BytesIO(plain), read_only=True).worksheets[0].rows) - 1

"""`make runbooks`: each recovery of docs/many-hosts.md on the hosts of `make drill-hosts`, by the page's own commands and in its order,
while people sign. `ONLY=etcd,seized` runs those whose names have one of these words.
"""

from __future__ import annotations

import sys

from tests.hosts.__main__ import main
from tests.hosts.cluster import DATA
from tests.hosts.faults import LOST, SOON, Fault
from tests.hosts.runbooks.common import every_day
from tests.hosts.runbooks.copying import back_from_files, copy_files
from tests.hosts.runbooks.etcd import all_etcd, lose_etcd, one_etcd, two_etcd
from tests.hosts.runbooks.losing import back_up_and_lose_all, begin_anew, go_on_alone, look_erased, lose_two
from tests.hosts.runbooks.replacing import lose_primary, lose_standby, replace, replace_elsewhere
from tests.hosts.runbooks.seizing import data_host_seized, seize, seize_primary, site_host_seized
from tests.hosts.runbooks.turns import by_turns

# Seconds for all.
LONGEST = 1_300
RUNBOOKS = [
    Fault("one etcd lost for good", lose_etcd("data2"), one_etcd, lasts=3, sign=SOON, whole=30, then=every_day),
    Fault(
        "two etcd lost for good", lose_etcd("data1", "data2"), two_etcd, lasts=3, sign=LOST, whole=60, then=every_day
    ),
    Fault("all etcd lost for good", lose_etcd(*DATA), all_etcd, lasts=3, sign=None, whole=90, then=every_day),
    Fault(
        "two of three data hosts lost", lose_two, go_on_alone, lasts=5, sign=None, whole=150, risks=True, then=every_day
    ),
    Fault("a data host lost and replaced", lose_primary, replace, lasts=5, sign=LOST, whole=120, then=every_day),
    Fault(
        "replaced at another address",
        lose_standby,
        replace_elsewhere,
        lasts=3,
        sign=2 * SOON,
        whole=120,
        then=every_day,
    ),
    Fault(
        "all three data hosts lost",
        back_up_and_lose_all,
        begin_anew,
        lasts=3,
        sign=None,
        whole=200,
        risks=True,
        then=look_erased,
    ),
    Fault(
        "back from a copy of all files",
        copy_files,
        back_from_files,
        lasts=5,
        sign=None,
        whole=120,
        risks=True,
        then=every_day,
    ),
    Fault("a data host seized", seize_primary, data_host_seized, lasts=3, sign=None, whole=150, then=every_day),
    Fault("a web host seized", seize("web2"), site_host_seized, lasts=3, sign=None, whole=150, then=every_day),
    Fault("a worker host seized", seize("work2"), site_host_seized, lasts=3, sign=None, whole=150, then=every_day),
    Fault("host by host", lambda cluster: None, by_turns, lasts=0, sign=3 * SOON, whole=120, then=every_day),
]


if __name__ == "__main__":
    sys.exit(main(RUNBOOKS, (), LONGEST))

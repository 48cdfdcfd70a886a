#!/bin/sh
# Chromium as root puts itself before all others (nice -8): mails, counts and pictures would starve behind the browser that waits for them.
exec setpriv --bounding-set=-sys_nice -- "$CHROMIUM" "$@"

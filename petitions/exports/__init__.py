"""Exports of signatures (S16): asked for with a purpose and a reason, approved by a second person where they hold addresses, written
in sealed parts by a task, given out once.

purposes.py says what each may hold, and of whom; asking.py who may have it; writing.py writes it, fetching.py gives it out;
order.py puts people in the order that is the watermark, tracing.py reads it.
"""

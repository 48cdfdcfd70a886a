"""PostgreSQL as Django speaks to it, and what Django would not hear of (base.py)."""

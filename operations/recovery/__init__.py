"""Backups, the journal beside them, and the way back."""

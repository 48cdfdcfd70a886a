"""System checks: a wrong environment is named together with its fix, before the first request."""

from operations.checks import files, mail, postgres, site, timestamps, valkey, x

__all__ = ["files", "mail", "postgres", "site", "timestamps", "valkey", "x"]

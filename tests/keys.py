"""What every site of the tests is given: keys that open nothing, and addresses at which nobody answers."""

KEYS = {
    "SITE_URL": "http://testserver",
    "SECRET_KEY": "only-for-tests-" * 5,
    "FIELD_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "HASH_KEYS": "1:only-for-tests-only-for-tests-only-for-tests",
    "SNAPSHOT_KEYS": "2026-01-01:" + "ab" * 32,
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "X_API_BASE": "http://127.0.0.1:1",
    "X_BEARER_TOKEN": "",
    "X_CLIENT_ID": "client-id",
    "X_CLIENT_SECRET": "client-secret",
    "ORGANISATION": "Example Rights Network",
    "CONTACT": "hello@example.org",
    "LOG_FORMAT": "text",
}

INSERT INTO bench_raw (id, petition_id, email, name, comment, country, language, address_hash, hash_version, hash_rule, client_hash, domain,
  name_hash, signed_at, review, mail_due_at, mail_attempts, counted)
VALUES (uuidv7(), 1, repeat('x', 120), repeat('x', 120), repeat('x', 120), 'ES', 'en', sha256(uuidv4()::text::bytea), 1, 2, '\x00', 'example.org',
  '\x00', now(), 'none', now(), 0, false);

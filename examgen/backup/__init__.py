"""A whole site in one file: the database as of one moment, and the objects it names.

The file is a plain tar, which other tools can look into and verify:

    manifest.json     what this is, and the migrations that the tables are as of
    database/...      SQLite: its file; PostgreSQL: one COPY text per table
    objects/u/...     every object that a row of that database names
    missing.txt       those that were no longer to be had, one a line
    SHA256SUMS        the SHA-256 of all of the above, as `sha256sum --check` reads it

`SHA256SUMS` comes last, so a file without it is not whole.
"""

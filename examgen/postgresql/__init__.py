"""The database engine of web processes on PostgreSQL; see `base`."""

"""The REST API: what people do on pages, done by programs through the same services."""

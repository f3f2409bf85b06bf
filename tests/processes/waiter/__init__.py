"""An app whose one job waits to be let go, so that tests own the time it takes."""

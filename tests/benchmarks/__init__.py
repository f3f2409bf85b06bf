"""Measurements of the product as it is shipped; `make bench-NAME` runs one."""

"""Measurements that anybody can repeat: `make bench-NAME`.

Each prints a table for people and, as its last line, one JSON object with the figures
and their goals.
"""

"""Events and jobs: the database is the queue, a bell only wakes the workers.

The bottom layer of the house: every app may use it, it knows none of them.
"""

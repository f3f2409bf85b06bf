"""How well: attempts, grades, scoreboards, statistics."""

"""What workers do about attempts, grades and boards. Each loads and calls one service."""

"""Who: people, their roles and preferences."""
